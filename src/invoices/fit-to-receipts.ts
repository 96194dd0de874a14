import { In } from 'typeorm';
import { Invoice, InvoiceLine } from '../../entities/invoice.ts';
import type { Order } from '../../entities/order.ts';
import { Refund } from '../../entities/refund.ts';
import { lockOrder } from '../orders/index.ts';
import { locked, updateAll } from '../platform/database/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { mendTask } from '../tasks/index.ts';
import { findUnderWay } from './at-wechat.ts';
import { linesOf } from './find-invoice.ts';
import { yuan } from './money.ts';
import { askFinance, toIssue, toTakeBack } from './queue.ts';
import { standingsOf } from './standing.ts';

const LONGEST_WHY = 400;

/** The job `refund.succeeded`: invoices say no more than what was received. */
export async function followRefund(desk: Desk, { refundId }: { refundId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const { orderId, disputedId } = await work.db.findOneByOrFail(Refund, { id: refundId });
    if (!orderId || disputedId) return;
    await fitToReceipts(work, await lockOrder(work, orderId));
  });
}

/**
 * Makes the invoices of an order fit what was received of it: those that wait become less, the newest first; what was issued
 * beyond that is marked to be taken back by red letters. Doing it again changes nothing.
 * @param order locked by the caller
 */
export async function fitToReceipts(work: Transaction, order: Order): Promise<void> {
  const [standing] = await standingsOf(work, [order.id]);
  const { receivedFen, issuedFen, redFen, waitingFen } = standing!;
  const { atWechat, asked, issued } = await lockLive(work, order);
  // What WeChat is issuing comes to what was asked for; it is taken back once it is there.
  const lastingFen = atWechat.reduce((sum, { line }) => sum + line.amountFen, 0);
  let overFen = Math.max(0, issuedFen - redFen + waitingFen - receivedFen - lastingFen);
  for (const { invoice, line } of asked) {
    const cutFen = Math.min(line.amountFen, overFen);
    overFen -= cutFen;
    if (cutFen > 0) await makeLess(work, order, { invoice, line }, cutFen);
  }
  for (const { invoice, line } of issued) {
    const wantedFen = Math.min(line.standingFen, overFen);
    overFen -= wantedFen;
    if (line.redWantedFen !== wantedFen) await want(work, order, { invoice, line }, wantedFen);
  }
}

interface Live {
  invoice: Invoice;
  line: InvoiceLine;
}

/** Invoices that say something of the order, newest first. */
async function lockLive(work: Transaction, order: Order): Promise<Record<'atWechat' | 'asked' | 'issued', Live[]>> {
  const { db } = work;
  const lines = await db.findBy(InvoiceLine, { orderId: order.id });
  const invoices = await db.find(Invoice, {
    where: { id: In(lines.map(({ invoiceId }) => invoiceId)), state: In(['asked', 'issued', 'red_lettered']) },
    order: { id: 'DESC' },
    ...locked<Invoice>(db),
  });
  const live = invoices.map((invoice) => ({
    invoice,
    line: lines.find(({ invoiceId }) => invoiceId === invoice.id)!,
  }));
  const waiting = live.filter(({ invoice }) => invoice.state === 'asked');
  const underWay = await findUnderWay(
    work,
    waiting.map(({ invoice }) => invoice.id),
  );
  return {
    atWechat: waiting.filter(({ invoice }) => underWay.has(invoice.id)),
    asked: waiting.filter(({ invoice }) => !underWay.has(invoice.id)),
    issued: live.filter(({ invoice }) => invoice.state !== 'asked'),
  };
}

/** One that would say nothing any more is withdrawn, and shows what had been asked for. */
async function makeLess(work: Transaction, order: Order, { invoice, line }: Live, cutFen: number): Promise<void> {
  const { db } = work;
  const restFen = line.amountFen - cutFen;
  const others = (await linesOf(work, [invoice.id])).filter(({ id }) => id !== line.id);
  const isEmpty = restFen === 0 && others.every(({ amountFen }) => amountFen === 0);
  const fate = isEmpty
    ? '款项已退回，没有可开票的金额，开票申请自动撤回'
    : `已退款，开票金额由 ${yuan(line.amountFen)} 调整为 ${yuan(restFen)}`;
  const why = [invoice.changedWhy, `订单 ${order.number} ${fate}`].filter(Boolean).join('；');
  invoice.changedWhy = why.slice(-LONGEST_WHY);
  if (isEmpty) {
    invoice.moveTo('withdrawn');
    await mendTask(work, null, toIssue(invoice));
  } else {
    line.amountFen = restFen;
    await updateAll(db, InvoiceLine, [line], ['amountFen']);
  }
  await db.save(Invoice, invoice);
}

/** Marks how much of an order in an issued invoice must be taken back, and lets finance know the first time. */
async function want(work: Transaction, order: Order, { invoice, line }: Live, wantedFen: number): Promise<void> {
  const { db } = work;
  line.redWantedFen = wantedFen;
  await updateAll(db, InvoiceLine, [line], ['redWantedFen']);
  const totalFen = (await linesOf(work, [invoice.id])).reduce((sum, { redWantedFen }) => sum + redWantedFen, 0);
  const since = invoice.redWantedSince;
  invoice.redWantedSince = totalFen > 0 ? (since ?? work.now()) : null;
  await db.save(Invoice, invoice);
  if (totalFen === 0 && since) await mendTask(work, null, toTakeBack(invoice.id, since));
  if (totalFen > 0)
    await askFinance(work, invoice, {
      about: toTakeBack(invoice.id, invoice.redWantedSince!),
      title: `红冲发票：${invoice.number}`,
      note: `订单 ${order.number} 已退款，须开具红字发票，应红冲金额见该发票。`,
      orderNumber: order.number,
    });
}
