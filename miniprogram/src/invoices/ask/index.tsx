import { useReachBottom, useRouter } from '@tarojs/taro';
import { useState } from 'react';
import type { InvoiceView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { listTitles } from '../../api.ts';
import { ListEnd } from '../../components/list-end.tsx';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Done, Nothing, Show } from '../../components/states.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { useLoaded } from '../../use-loaded.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import { AskForm } from './ask-form.tsx';
import { useInvoiceable } from './use-invoiceable.ts';
import './index.scss';

export default function AskInvoicePage() {
  const { number = '' } = useRouter<{ number?: string }>().params;
  const titles = useLoaded(listTitles, '');
  const orders = useInvoiceable(number);
  const [asked, setAsked] = useState<InvoiceView | null>(null);
  useShownAgain(() => void titles.reload());
  useReachBottom(orders.readOn);

  if (asked) return <Asked invoice={asked} />;
  if (titles.loaded.is === 'ready' && orders.loaded.is === 'ready' && orders.loaded.value.rows.length > 0) {
    const { rows, next } = orders.loaded.value;
    return (
      <AskForm
        orders={rows}
        titles={titles.loaded.value}
        wanted={number}
        end={
          <ListEnd
            count={rows.length}
            next={next}
            busy={orders.readingOn}
            problem={orders.problem}
            onReadOn={orders.readOn}
          />
        }
        onAsked={setAsked}
        onRefused={orders.reload}
      />
    );
  }
  const retry = () => {
    titles.retry();
    orders.retry();
  };
  return (
    <Screen>
      <Show loaded={orders.loaded.is === 'ready' ? titles.loaded : orders.loaded} onRetry={retry}>
        {() => (
          <Nothing says={t('askInvoice.noOrders')}>
            <Press look="plain" onPress={go.toOrders}>
              {t('order.all')}
            </Press>
          </Nothing>
        )}
      </Show>
    </Screen>
  );
}

function Asked({ invoice: { id, amountFen } }: { invoice: InvoiceView }) {
  return (
    <Screen>
      <Done title={t('askInvoice.done')} says={t('askInvoice.doneSays', { amount: yuan(amountFen) })}>
        <Press wide onPress={() => go.onTo(pages.invoice(id))}>
          {t('invoices.see')}
        </Press>
      </Done>
    </Screen>
  );
}
