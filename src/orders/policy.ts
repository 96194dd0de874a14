import type { Order } from '../../entities/order.ts';
import type { Instalment } from '../../entities/order-parts.ts';

/** What the customer can pay now: the first instalment that is due. */
export const findDueInstalment = (instalments: readonly Instalment[]): Instalment | null =>
  instalments.find((instalment) => instalment.state === 'due') ?? null;

/** A cancelled or refunded order takes no money. */
export const takesMoney = (order: Order): boolean => order.state !== 'cancelled' && order.state !== 'refunded';

export const canCancel = (order: Order): boolean => order.state === 'awaiting_payment';
