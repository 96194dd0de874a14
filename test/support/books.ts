import { DisputedMoney } from '../../entities/disputed-money.ts';
import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Payment } from '../../entities/payment.ts';
import { WechatNotice } from '../../entities/wechat-notice.ts';
import type { World } from '../../src/world.ts';

/** Whoever holds a database. */
export type Held = Pick<World, 'database'>;

/** The books as finance sees them: postings with their lines. */
export async function ledgerOf({ database: { reader } }: Held, orderId?: string) {
  const postings = await reader.find(LedgerPosting, {
    ...(orderId ? { where: { orderId } } : {}),
    order: { id: 'ASC' },
  });
  const lines = await reader.find(LedgerLine, { order: { postingId: 'ASC', position: 'ASC' } });
  return postings.map(({ id, kind, reference, day }) => ({
    kind,
    reference,
    day,
    lines: Object.fromEntries(
      lines.filter((line) => line.postingId === id).map(({ account, amountFen }) => [account, amountFen]),
    ),
  }));
}

/** The sum over everything that was ever booked; anything but zero is a missing fen. */
export const bookedSum = async ({ database: { reader } }: Held): Promise<number> =>
  (await reader.sum(LedgerLine, 'amountFen')) ?? 0;

export const paymentsOf = ({ database: { reader } }: Held): Promise<Payment[]> =>
  reader.find(Payment, { order: { id: 'ASC' } });
export const disputesOf = ({ database: { reader } }: Held): Promise<DisputedMoney[]> =>
  reader.find(DisputedMoney, { order: { id: 'ASC' } });
export const noticesOf = ({ database: { reader } }: Held): Promise<WechatNotice[]> =>
  reader.find(WechatNotice, { order: { receivedAt: 'ASC' } });
export const messagesOf = ({ database: { reader } }: Held): Promise<MessageDelivery[]> =>
  reader.find(MessageDelivery, { order: { id: 'ASC' } });
