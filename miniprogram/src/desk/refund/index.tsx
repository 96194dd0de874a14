import { useRouter } from '@tarojs/taro';
import { useState } from 'react';
import type { OwnRefundView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { getRefundQuote } from '../../api.ts';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Done, Nothing, Show } from '../../components/states.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { useLoaded } from '../../use-loaded.ts';
import { t } from '../../words.ts';
import { AskForm } from './ask-form.tsx';

export default function RefundPage() {
  const { number = '' } = useRouter<{ number?: string }>().params;
  const { loaded, reload, retry } = useLoaded(() => getRefundQuote(number), number);
  const [asked, setAsked] = useState<OwnRefundView | null>(null);

  if (asked)
    return (
      <Screen>
        <Done title={t('refund.sent')} says={t('refund.sentSays', { amount: yuan(asked.amountFen) })}>
          <Press wide onPress={() => go.back(pages.order(number))}>
            {t('refund.seeProgress')}
          </Press>
        </Done>
      </Screen>
    );
  if (loaded.is === 'ready' && loaded.value.whyNot === null)
    return <AskForm number={number} quote={loaded.value} onAsked={setAsked} onRefused={reload} />;
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {({ whyNotWords }) => (
          <Nothing says={whyNotWords ?? ''}>
            <Press look="plain" onPress={() => go.back(pages.order(number))}>
              {t('pay.toOrder')}
            </Press>
          </Nothing>
        )}
      </Show>
    </Screen>
  );
}
