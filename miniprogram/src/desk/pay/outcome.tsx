import { View } from '@tarojs/components';
import { pages } from '../../addresses.ts';
import { Press } from '../../components/press.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { Done } from '../../components/states.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { t } from '../../words.ts';

export function Confirming() {
  return (
    <View className="state">
      <Spinner />
      <View className="state-title">{t('pay.confirming')}</View>
      <View className="state-says">{t('pay.confirmingWhy')}</View>
    </View>
  );
}

export function Paid({ amountFen, number }: { amountFen: number; number: string }) {
  return (
    <Done title={t('pay.paid')} says={t('pay.paidAmount', { amount: yuan(amountFen) })}>
      <Press wide onPress={() => go.onTo(pages.order(number))}>
        {t('pay.toOrder')}
      </Press>
      <Press wide look="quiet" onPress={go.toServices}>
        {t('pay.toServices')}
      </Press>
    </Done>
  );
}

interface UndecidedProps {
  /** Of the order. */
  number: string;
  busy: boolean;
  onAsk(): void;
  onPayAgain(): void;
}

export function Undecided({ number, busy, onAsk, onPayAgain }: UndecidedProps) {
  return (
    <View className="state">
      <View className="state-title">{t('pay.undecided')}</View>
      <View className="state-says">{t('pay.undecidedWhy')}</View>
      <Press wide busy={busy} onPress={onAsk}>
        {t('pay.askAgain')}
      </Press>
      <Press wide look="plain" onPress={() => go.onTo(pages.order(number))}>
        {t('pay.toOrder')}
      </Press>
      <Press wide look="quiet" onPress={onPayAgain}>
        {t('pay.payAgain')}
      </Press>
    </View>
  );
}
