import { stopPullDownRefresh, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { View } from '@tarojs/components';
import type { InvoiceView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { listInvoices } from '../../api.ts';
import { Badge } from '../../components/card.tsx';
import { ListEnd } from '../../components/list-end.tsx';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Nothing, Show } from '../../components/states.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { shanghaiMinute } from '../../shanghai-time.ts';
import { toneOfInvoice } from '../../tones.ts';
import { usePages } from '../../use-pages.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import './index.scss';

const ask = () => go.to(pages.askInvoice(''));

export default function InvoicesPage() {
  const { loaded, reload, retry, readOn, readingOn, problem } = usePages(listInvoices, '');
  useShownAgain(() => void reload());
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));
  useReachBottom(readOn);

  const isThere = loaded.is === 'ready' && loaded.value.rows.length > 0;
  return (
    <Screen
      footer={
        isThere ? (
          <View className="invoices-bar">
            <Press look="quiet" onPress={() => go.to(pages.titles)}>
              {t('titles.manage')}
            </Press>
            <Press onPress={ask}>{t('askInvoice.title')}</Press>
          </View>
        ) : null
      }
    >
      <Show loaded={loaded} onRetry={retry}>
        {({ rows, next }) => (
          <>
            {rows.length === 0 ? (
              <Nothing says={t('invoices.empty')}>
                <Press onPress={ask}>{t('askInvoice.title')}</Press>
                <Press look="quiet" onPress={() => go.to(pages.titles)}>
                  {t('titles.manage')}
                </Press>
              </Nothing>
            ) : null}
            {rows.map((invoice) => (
              <InvoiceCard key={invoice.id} invoice={invoice} />
            ))}
            <ListEnd count={rows.length} next={next} busy={readingOn} problem={problem} onReadOn={readOn} />
          </>
        )}
      </Show>
    </Screen>
  );
}

function InvoiceCard({ invoice }: { invoice: InvoiceView }) {
  const { id, state, stateWords, kindWords, title, amountFen, orders, createdAt } = invoice;
  const [first] = orders;
  return (
    <View
      className="card card-tappable"
      hoverClass="card-pressed"
      ariaRole="link"
      onClick={() => go.to(pages.invoice(id))}
    >
      <View className="invoices-head">
        <View className="invoices-name">{title.name}</View>
        <Badge tone={toneOfInvoice(state)}>{stateWords}</Badge>
      </View>
      <View className="invoices-small">
        {first?.serviceName}
        {orders.length > 1 ? ` ${t('invoices.orders', { count: orders.length })}` : ''}
      </View>
      <View className="invoices-amount">{yuan(amountFen)}</View>
      <View className="invoices-small">
        {kindWords} · {t('invoices.askedAt', { time: shanghaiMinute(createdAt) })}
      </View>
    </View>
  );
}
