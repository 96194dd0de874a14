import { Invoice, InvoiceLine, InvoiceRedLetter } from '../../entities/invoice.ts';
import type { WriteRedLetterBody } from '../contracts/invoices.ts';
import type { StaffActor } from '../platform/actor.ts';
import { updateAll } from '../platform/database/index.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';
import { mendTask } from '../tasks/index.ts';
import { assertNotUnderWay, mendTrouble } from './at-wechat.ts';
import { redMoreThanWanted } from './errors.ts';
import { lockInvoice } from './find-invoice.ts';
import { fitToReceipts } from './fit-to-receipts.ts';
import { assertNotFuture, takeNumber } from './issue-invoice.ts';
import { toTakeBack } from './queue.ts';

/**
 * Writes down a red letter (红字发票): it takes back what refunds made too much, a part of that, or all that is left of the
 * invoice, for example because its title was wrong; then it can be asked for anew.
 * @param who null: nobody of staff
 * @throws {AppError} invoice.not_found, invoice.under_way_at_wechat, invoice.illegal_move, invoice.red_more_than_wanted, invoice.number_taken, request.invalid
 */
export async function writeRedLetter(
  work: Transaction,
  who: Pick<StaffActor, 'id'> | null,
  id: string,
  redLetter: WriteRedLetterBody,
): Promise<void> {
  const { invoice } = await lockInvoice(work, id);
  await assertNotUnderWay(work, invoice);
  await recordRedLetter(work, who, id, redLetter);
}

/** The same for one that WeChat wrote. */
export async function recordRedLetter(
  work: Transaction,
  who: Pick<StaffActor, 'id'> | null,
  id: string,
  { amountFen, number, code, issuedDay }: WriteRedLetterBody,
): Promise<void> {
  const { invoice, lines, orders } = await lockInvoice(work, id);
  const leftFen = sum(lines.map(({ standingFen }) => standingFen));
  const wantedFen = sum(lines.map(({ redWantedFen }) => redWantedFen));
  invoice.assertIssued();
  if (amountFen !== leftFen && amountFen > wantedFen) throw redMoreThanWanted(wantedFen, leftFen);
  assertNotFuture(work, issuedDay);
  if (issuedDay < invoice.issuedDay!) throw invalid([{ field: 'issuedDay', message: '红字发票日期不能早于原发票' }]);
  await takeNumber(work, id, { number, ...(code ? { code } : {}) });

  const redLetter = { invoiceId: id, number, code: code ?? null, issuedDay, amountFen, writtenBy: who?.id ?? null };
  await work.db.insert(InvoiceRedLetter, { id: newId(), ...redLetter, fileId: null, createdAt: work.now() });
  takeOff(lines, amountFen, amountFen === leftFen);
  await updateAll(work.db, InvoiceLine, lines, ['redFen']);
  if (amountFen === leftFen) invoice.moveTo('red_lettered');
  await work.db.save(Invoice, invoice);
  const since = invoice.redWantedSince;
  if (since && amountFen >= wantedFen) await mendTask(work, who, toTakeBack(id, since));
  if (amountFen === leftFen) await mendTrouble(work, who, id);
  for (const order of orders) await fitToReceipts(work, order);
  const after = { number, code: code ?? null, issuedDay, amountFen };
  work.audit({ deed: 'invoice-red-lettered', subject: { kind: 'invoice', id }, after });
}

/** What is wanted of each order, or all of it. */
function takeOff(lines: readonly InvoiceLine[], amountFen: number, isAll: boolean): void {
  let restFen = amountFen;
  for (const line of lines) {
    const partFen = Math.min(restFen, isAll ? line.standingFen : line.redWantedFen);
    line.redFen += partFen;
    restFen -= partFen;
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
