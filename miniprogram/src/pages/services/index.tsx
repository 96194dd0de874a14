import { View } from '@tarojs/components';
import { usePullDownRefresh, stopPullDownRefresh } from '@tarojs/taro';
import type { ServiceSummaryView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { getSettings, listServices } from '../../api.ts';
import { Nothing, Show } from '../../components/states.tsx';
import { Screen } from '../../components/screen.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { everyPage } from '../../reading.ts';
import { useLoaded } from '../../use-loaded.ts';
import { t } from '../../words.ts';
import './index.scss';

interface Catalogue {
  agencyName: string;
  services: ServiceSummaryView[];
}

async function loadCatalogue(): Promise<Catalogue> {
  const [settings, services] = await Promise.all([getSettings(), everyPage(listServices)]);
  return { agencyName: settings.agencyName, services };
}

export default function ServicesPage() {
  const { loaded, reload, retry } = useLoaded(loadCatalogue, '');
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {(catalogue) => <CatalogueList {...catalogue} />}
      </Show>
    </Screen>
  );
}

function CatalogueList({ agencyName, services }: Catalogue) {
  const categories = [...new Set(services.map(({ category }) => category))];
  return (
    <>
      <View className="services-head">
        <View className="services-agency">{agencyName}</View>
        <View className="services-lead">{t('services.lead')}</View>
      </View>
      {services.length === 0 ? <Nothing says={t('services.empty')} /> : null}
      {categories.map((category) => (
        <View key={category}>
          <View className="services-category">{category}</View>
          {services
            .filter((service) => service.category === category)
            .map((service) => (
              <ServiceCard key={service.code} {...service} />
            ))}
        </View>
      ))}
    </>
  );
}

function ServiceCard({ code, name, summary, fromFen }: ServiceSummaryView) {
  return (
    <View
      className="card card-tappable"
      hoverClass="card-pressed"
      ariaRole="link"
      onClick={() => go.to(pages.service(code))}
    >
      <View className="services-name">{name}</View>
      <View className="services-summary">{summary}</View>
      {fromFen === null ? (
        <View className="services-summary">{t('services.notOnSale')}</View>
      ) : (
        <View className="services-price">{t('services.from', { price: yuan(fromFen) })}</View>
      )}
    </View>
  );
}
