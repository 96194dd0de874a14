import { View } from '@tarojs/components';
import type { PackageView } from '../../../../src/contracts/index.ts';
import { Card } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { PriceLines } from '../../components/price-lines.tsx';
import { yuan } from '../../money.ts';
import { t } from '../../words.ts';

interface PackageChoiceProps {
  packages: PackageView[];
  chosen: PackageView;
  onChoose(next: PackageView): void;
}

export function PackageChoice({ packages, chosen, onChoose }: PackageChoiceProps) {
  const choose = (code: string) => onChoose(packages.find((offered) => offered.code === code) ?? chosen);
  return (
    <Card title={t('service.packages')}>
      <Choice
        label={t('service.packages')}
        layout="stack"
        chosen={chosen.code}
        onChoose={choose}
        options={packages.map((offered) => ({ value: offered.code, shown: <Offer offered={offered} /> }))}
      />
      <View className="service-includes">
        <View className="service-subtitle">{t('service.includes')}</View>
        {chosen.includes.map((line) => (
          <View className="service-include" key={line}>
            {line}
          </View>
        ))}
      </View>
      <PriceLines priceFen={chosen.priceFen} governmentFees={chosen.governmentFees} totalFen={chosen.totalFen} />
    </Card>
  );
}

function Offer({ offered }: { offered: PackageView }) {
  return (
    <View className="service-offer">
      <View className="service-offer-head">
        <View className="service-offer-name">{offered.name}</View>
        <View className="service-offer-price">{yuan(offered.priceFen)}</View>
      </View>
      <View className="service-offer-summary">{offered.summary}</View>
    </View>
  );
}
