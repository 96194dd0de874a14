import { stopPullDownRefresh, usePullDownRefresh, useRouter } from '@tarojs/taro';
import type { OrderView, OwnRefundView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { cancelOrder, getInvoicing, getOrder, getRefundQuote, listRefunds } from '../../api.ts';
import { OrderBar } from '../../components/order-bar.tsx';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Show } from '../../components/states.tsx';
import { go, isSure, toast } from '../../go.ts';
import { tellProblem } from '../../problem.ts';
import { useBusy } from '../../use-busy.ts';
import { useLoaded } from '../../use-loaded.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import { OrderFacts } from './order-facts.tsx';
import { OrderHead } from './order-head.tsx';
import { Refunds } from './refunds.tsx';
import './index.scss';

interface WholeOrder {
  order: OrderView;
  /** Null when they did not come: the order is shown without. */
  refunds: OwnRefundView[] | null;
  canRefund: boolean;
  canInvoice: boolean;
}

async function loadOrder(number: string): Promise<WholeOrder> {
  const [order, refunds, quote, invoicing] = await Promise.all([
    getOrder(number),
    listRefunds(number).catch(() => null),
    getRefundQuote(number).catch(() => null),
    getInvoicing(number).catch(() => null),
  ]);
  return { order, refunds, canRefund: quote?.whyNot === null, canInvoice: invoicing?.whyNot === null };
}

export default function OrderPage() {
  const { number = '' } = useRouter<{ number?: string }>().params;
  const { loaded, reload, retry, show } = useLoaded(() => loadOrder(number), number);

  useShownAgain(() => void reload());
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));

  return (
    <Screen footer={loaded.is === 'ready' ? payBar(loaded.value.order) : null}>
      <Show loaded={loaded} onRetry={retry}>
        {({ order, refunds, canRefund, canInvoice }) => (
          <>
            <OrderHead order={order} onOver={() => void reload()} />
            <Refunds refunds={refunds} />
            <OrderFacts order={order} />
            {canInvoice ? (
              <Press wide look="quiet" onPress={() => go.to(pages.askInvoice(number))}>
                {t('askInvoice.title')}
              </Press>
            ) : null}
            {canRefund ? (
              <Press wide look="quiet" onPress={() => go.to(pages.refund(number))}>
                {t('refund.ask')}
              </Press>
            ) : null}
            <Press wide look="quiet" onPress={go.toOrders}>
              {t('order.all')}
            </Press>
            {order.canCancel ? (
              <Cancel
                order={order}
                onCancelled={(cancelled) => show({ order: cancelled, refunds, canRefund, canInvoice })}
                onRefused={reload}
              />
            ) : null}
          </>
        )}
      </Show>
    </Screen>
  );
}

function payBar(order: OrderView) {
  if (!order.canPay) return null;
  return (
    <OrderBar
      label={t('order.due')}
      amountFen={order.dueFen}
      busy={false}
      onPress={() => go.to(pages.pay(order.number))}
    >
      {t('orders.pay')}
    </OrderBar>
  );
}

interface CancelProps {
  order: OrderView;
  onCancelled(order: OrderView): void;
  onRefused(): Promise<void>;
}

function Cancel({ order, onCancelled, onRefused }: CancelProps) {
  const [busy, run] = useBusy();
  const cancel = () =>
    run(async () => {
      if (!(await isSure(t('order.cancelAsk'), t('order.cancelYes'), t('order.cancelNo')))) return;
      try {
        onCancelled(await cancelOrder(order.number));
        toast(t('order.cancelled'));
      } catch (problem) {
        toast(tellProblem(problem));
        await onRefused();
      }
    });
  return (
    <Press wide look="danger" busy={busy} onPress={cancel}>
      {t('order.cancel')}
    </Press>
  );
}
