import { useState } from 'react';
import type { OrderState, OrderSummaryView } from '../../src/contracts/index.ts';
import { listOrders } from './api.ts';
import { useBusy } from './use-busy.ts';
import { useLoaded } from './use-loaded.ts';

interface OrderList {
  orders: OrderSummaryView[];
  next: string | null;
}

/** Orders in one state, or all; read on page by page. */
export function useOrders(state: OrderState | null) {
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, run] = useBusy();
  const load = async (): Promise<OrderList> => {
    const page = await listOrders(state, null);
    setProblem(null);
    return { orders: page.data, next: page.next };
  };
  const { loaded, reload, retry, show } = useLoaded(load, state ?? '');

  const readOn = () => {
    if (loaded.is !== 'ready' || loaded.value.next === null) return;
    const { orders, next } = loaded.value;
    run(async () => {
      try {
        const page = await listOrders(state, next);
        show({ orders: [...orders, ...page.data], next: page.next });
      } catch (failed) {
        setProblem(failed);
      }
    });
  };

  return { loaded, reload, retry, readOn, readingOn: busy, problem };
}
