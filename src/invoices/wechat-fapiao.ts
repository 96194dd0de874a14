import { In } from 'typeorm';
import { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { Payment } from '../../entities/payment.ts';
import type { StaffActor } from '../platform/actor.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { assertNotUnderWay, fapiaosOf, mendTrouble } from './at-wechat.ts';
import { unfitForWechat, wechatOff } from './errors.ts';
import { type LockedInvoice, lockInvoice } from './find-invoice.ts';
import { assertReceived } from './issue-invoice.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat is to be asked for a fapiao. */
    'fapiao.send': { id: string };
    /** WeChat is to take one back. */
    'fapiao.reverse': { id: string };
  }
}

/** Fapiao of one payment, failed ones too (documentation «开具电子发票»). */
const MOST_TRIES = 5;

/**
 * Finance approves an invoice, and WeChat shall issue it. What is asked for is written down here, and asked for by a job. While that is under
 * way, asking again changes nothing.
 * @throws {AppError} invoice.not_found, invoice.wechat_off, invoice.unfit_for_wechat, invoice.refund_under_way, invoice.illegal_move
 */
export async function applyAtWechat(work: Transaction, who: Pick<StaffActor, 'id'>, id: string): Promise<void> {
  if (work.config.FAPIAO !== 'wechat') throw wechatOff();
  const held = await lockInvoice(work, id);
  held.invoice.assertAsked();
  if ((await fapiaosOf(work, id)).some(({ isUnderWay }) => isUnderWay)) return work.unchanged();
  await assertReceived(work, held);
  const { amountFen, transactionId } = await paymentOf(work, held);
  await mendTrouble(work, who, id);
  const at = work.now();
  const fapiao = Object.assign(new InvoiceFapiao(), {
    id: newId(),
    invoiceId: id,
    transactionId,
    amountFen,
    appliedBy: who.id,
    changedAt: at,
    createdAt: at,
  });
  await work.db.insert(InvoiceFapiao, fapiao);
  await enqueue(work, 'fapiao.send', { id: fapiao.id }, { key: `fapiao.send:${fapiao.id}` });
  const after = { fapiaoId: fapiao.fapiaoId, transactionId, amountFen };
  work.audit({ deed: 'invoice-applied-at-wechat', subject: { kind: 'invoice', id }, after });
}

/**
 * What WeChat issued is taken back by WeChat, as a whole: what of it still stands can be asked for anew.
 * @throws {AppError} invoice.not_found, invoice.under_way_at_wechat, invoice.unfit_for_wechat, invoice.illegal_move
 */
export async function reverseAtWechat(work: Transaction, who: Pick<StaffActor, 'id'>, id: string): Promise<void> {
  const { invoice, lines } = await lockInvoice(work, id);
  await assertNotUnderWay(work, invoice);
  invoice.assertIssued();
  const fapiao = (await fapiaosOf(work, id)).find(({ state }) => state === 'issued');
  if (!fapiao) throw unfitForWechat('not_issued_there');
  if (lines.some(({ redFen }) => redFen > 0)) throw unfitForWechat('partly_taken_back');
  await mendTrouble(work, who, id);
  fapiao.moveTo('reversing', work.now());
  Object.assign(fapiao, { reversals: fapiao.reversals + 1, reversedBy: who.id, reverseSentAt: null, failure: null });
  await work.db.save(InvoiceFapiao, fapiao);
  await enqueue(work, 'fapiao.reverse', { id: fapiao.id }, { key: `fapiao.reverse:${fapiao.id}` });
  const after = { fapiaoId: fapiao.fapiaoId };
  work.audit({ deed: 'invoice-reversed-at-wechat', subject: { kind: 'invoice', id }, after });
}

/** WeChat issues for one payment; the one with the least room that has enough is meant. @throws {AppError} invoice.unfit_for_wechat */
async function paymentOf(work: Transaction, { invoice, lines }: LockedInvoice) {
  const { db, config } = work;
  // Which kind of it this call issues is confirmed for ordinary ones alone.
  if (invoice.kind === 'special') throw unfitForWechat('special');
  const said = lines.filter(({ amountFen }) => amountFen > 0);
  if (said.length !== 1) throw unfitForWechat('several_orders');
  const [{ orderId, amountFen }] = said as [(typeof said)[number]];
  const where = { orderId, state: 'paid', mchid: config.WECHAT_PAY_MCHID } as const;
  const payments = await db.findBy(Payment, where);
  const known = await db.findBy(InvoiceFapiao, { transactionId: In(payments.map((one) => one.transactionId!)) });

  const rooms = payments.map(({ transactionId, amountFen: paidFen }) => {
    const tries = known.filter((one) => one.transactionId === transactionId);
    const live = tries.filter(({ state }) => state !== 'failed' && state !== 'reversed');
    return { transactionId: transactionId!, tries, leftFen: live.reduce((fen, one) => fen - one.amountFen, paidFen) };
  });
  const fit = rooms.filter(({ leftFen }) => leftFen >= amountFen).toSorted((one, other) => one.leftFen - other.leftFen);
  if (fit.length === 0) throw unfitForWechat('several_payments');
  const free = fit.find(({ tries }) => tries.length < MOST_TRIES);
  if (!free) throw unfitForWechat('tries_used');
  return { amountFen, transactionId: free.transactionId };
}
