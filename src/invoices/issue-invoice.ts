import { Invoice, InvoiceNumber } from '../../entities/invoice.ts';
import type { IssueInvoiceBody } from '../contracts/invoices.ts';
import type { StaffActor } from '../platform/actor.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { invalid } from '../platform/http/accept.ts';
import type { Transaction } from '../platform/work.ts';
import { say } from '../messages/index.ts';
import { mendTask } from '../tasks/index.ts';
import { assertNotUnderWay, mendTrouble } from './at-wechat.ts';
import { fileMissing, numberTaken, refundUnderWay } from './errors.ts';
import { type LockedInvoice, lockInvoice } from './find-invoice.ts';
import { toIssue } from './queue.ts';
import { standingsOf } from './standing.ts';

/**
 * An invoice that was asked for has been issued; the customer is told. Its file is there before.
 * @param who null: nobody of staff
 * @throws {AppError} invoice.not_found, invoice.file_missing, invoice.refund_under_way, invoice.number_taken,
 * invoice.under_way_at_wechat, invoice.illegal_move, request.invalid
 */
export async function issueInvoice(
  work: Transaction,
  who: Pick<StaffActor, 'id'> | null,
  id: string,
  particulars: IssueInvoiceBody,
): Promise<void> {
  const held = await lockInvoice(work, id);
  const { invoice } = held;
  await assertNotUnderWay(work, invoice);
  invoice.decide('issued', who?.id ?? null, work.now());
  if (!invoice.fileId) throw fileMissing();
  assertNotFuture(work, particulars.issuedDay);
  await assertReceived(work, held);
  await recordIssued(work, who, held, particulars);
}

/**
 * Writes down an invoice that is decided and has its file.
 * @throws {AppError} invoice.number_taken
 */
export async function recordIssued(
  work: Transaction,
  who: Pick<StaffActor, 'id'> | null,
  held: LockedInvoice,
  particulars: IssueInvoiceBody,
): Promise<void> {
  const { invoice } = held;
  const { id } = invoice;
  await takeNumber(work, id, particulars);
  const { number, code = null, issuedDay } = particulars;
  Object.assign(invoice, { number, code, issuedDay });
  await work.db.save(Invoice, invoice);
  await mendTask(work, who, toIssue(invoice));
  await mendTrouble(work, who, id);
  await tellCustomer(work, held);
  work.audit({ deed: 'invoice-issued', subject: { kind: 'invoice', id }, after: { number, code, issuedDay } });
}

/** @throws {AppError} invoice.not_found, invoice.under_way_at_wechat, invoice.illegal_move */
export async function refuseInvoice(work: Transaction, who: StaffActor, id: string, reason: string): Promise<void> {
  const { invoice } = await lockInvoice(work, id);
  await assertNotUnderWay(work, invoice);
  invoice.decide('refused', who.id, work.now());
  invoice.refusedReason = reason;
  await work.db.save(Invoice, invoice);
  await mendTask(work, who, toIssue(invoice));
  work.audit({ deed: 'invoice-refused', subject: { kind: 'invoice', id }, after: { reason } });
}

/** A refund since then makes it less as soon as it has arrived; until then it waits, rather than be taken back at once. */
export async function assertReceived(work: Transaction, { orders }: LockedInvoice): Promise<void> {
  const standings = await standingsOf(
    work,
    orders.map(({ id }) => id),
  );
  const short = standings.filter(
    ({ receivedFen, refundingFen, refundingGovernmentFen, issuedFen, redFen, waitingFen }) =>
      issuedFen - redFen + waitingFen > receivedFen - (refundingFen - refundingGovernmentFen),
  );
  if (short.length > 0) throw refundUnderWay(short.map(({ number }) => number));
}

/** @throws {AppError} request.invalid */
export function assertNotFuture({ now }: Transaction, issuedDay: string): void {
  if (issuedDay > shanghaiDay(now())) throw invalid([{ field: 'issuedDay', message: '开票日期不能晚于今天' }]);
}

/** @throws {AppError} invoice.number_taken */
export async function takeNumber(
  { db }: Transaction,
  invoiceId: string,
  { code, number }: Pick<IssueInvoiceBody, 'code' | 'number'>,
): Promise<void> {
  const whole = `${code ?? ''}-${number}`;
  if (await db.existsBy(InvoiceNumber, { number: whole })) throw numberTaken();
  await db.insert(InvoiceNumber, { number: whole, invoiceId });
}

async function tellCustomer(work: Transaction, { invoice, lines, orders }: LockedInvoice): Promise<void> {
  const first = lines.find(({ amountFen }) => amountFen > 0)!;
  await say(work, 'invoice-issued', {
    customerId: invoice.customerId,
    about: `invoice:${invoice.id}`,
    facts: {
      orderNumber: orders.find(({ id }) => id === first.orderId)!.number,
      title: invoice.titleName,
      amountFen: lines.reduce((sum, { amountFen }) => sum + amountFen, 0),
      issuedDay: invoice.issuedDay!,
    },
  });
}
