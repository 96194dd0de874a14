import { View } from '@tarojs/components';
import type { PaymentPlanView } from '../../../../src/contracts/index.ts';
import { Card, Fact } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { yuan } from '../../money.ts';
import { t } from '../../words.ts';

interface PlanChoiceProps {
  plans: PaymentPlanView[];
  chosen: string;
  onChoose(code: string): void;
}

export function PlanChoice({ plans, chosen, onChoose }: PlanChoiceProps) {
  return (
    <Card title={t('confirm.plan')}>
      <Choice
        label={t('confirm.plan')}
        layout="stack"
        chosen={chosen}
        onChoose={onChoose}
        options={plans.map((plan) => ({ value: plan.code, shown: <Plan plan={plan} /> }))}
      />
    </Card>
  );
}

function Plan({ plan }: { plan: PaymentPlanView }) {
  if (plan.instalments.length < 2) return <View>{plan.name}</View>;
  return (
    <View>
      <View>{plan.name}</View>
      {plan.instalments.map(({ name, milestone, milestoneName, amountFen }, at) => (
        <View className="confirm-instalment" key={milestone}>
          <Fact label={t('confirm.instalment', { position: at + 1, name })}>{yuan(amountFen)}</Fact>
          <View className="confirm-milestone">{t('order.instalmentAt', { milestone: milestoneName })}</View>
        </View>
      ))}
    </View>
  );
}
