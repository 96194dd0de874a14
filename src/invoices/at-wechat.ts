import { In } from 'typeorm';
import { FAPIAO_UNDER_WAY, InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import type { Invoice } from '../../entities/invoice.ts';
import type { StaffActor } from '../platform/actor.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { mendTask } from '../tasks/index.ts';
import { underWayAtWechat } from './errors.ts';
import { askFinance } from './queue.ts';

/** Every try of an invoice at WeChat, the oldest first. */
export const fapiaosOf = ({ db }: Work, invoiceId: string): Promise<InvoiceFapiao[]> =>
  db.find(InvoiceFapiao, { where: { invoiceId }, order: { id: 'ASC' } });

/** Those of the invoices that WeChat is at work on. */
export async function findUnderWay({ db }: Work, invoiceIds: readonly string[]): Promise<ReadonlySet<string>> {
  const where = { invoiceId: In([...invoiceIds]), state: In([...FAPIAO_UNDER_WAY]) };
  return new Set((await db.findBy(InvoiceFapiao, where)).map(({ invoiceId }) => invoiceId));
}

/** Of a locked invoice. @throws {AppError} invoice.under_way_at_wechat */
export async function assertNotUnderWay(work: Transaction, { id }: Pick<Invoice, 'id'>): Promise<void> {
  if ((await findUnderWay(work, [id])).size > 0) throw underWayAtWechat();
}

/** What the tasks of a try that does not go on by itself are about: of issuing, and of each time that it is taken back. */
const troubleOf = ({ id, reversals }: InvoiceFapiao): string =>
  `fapiao:${id}${reversals > 0 ? `:red:${reversals}` : ''}`;

/** Something does not go on at WeChat by itself: finance looks, and the way by hand is there. */
export const askToMend = (
  work: Transaction,
  invoice: Pick<Invoice, 'customerId'>,
  fapiao: InvoiceFapiao,
  { isSilence = false, ...task }: { title: string; note: string; orderNumber: string; isSilence?: boolean },
): Promise<void> => askFinance(work, invoice, { about: troubleOf(fapiao) + (isSilence ? ':silent' : ''), ...task });

/** What went wrong with the last try is over: it is tried again, or the invoice is issued or taken back in one way or the other. */
export async function mendTrouble(
  work: Transaction,
  who: Pick<StaffActor, 'id'> | null,
  invoiceId: string,
): Promise<void> {
  const last = (await fapiaosOf(work, invoiceId)).at(-1);
  if (!last) return;
  await mendTask(work, who, troubleOf(last));
  await mendTask(work, who, `${troubleOf(last)}:silent`);
}
