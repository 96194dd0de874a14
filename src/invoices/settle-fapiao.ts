import { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { locked } from '../platform/database/index.ts';
import type { FapiaoFact } from '../platform/wechat-pay/index.ts';
import type { Transaction } from '../platform/work.ts';
import { askToMend } from './at-wechat.ts';
import { keepPdf } from './files.ts';
import { type LockedInvoice, lockInvoice } from './find-invoice.ts';
import { fitToReceipts } from './fit-to-receipts.ts';
import { recordIssued } from './issue-invoice.ts';
import { recordRedLetter } from './red-letter.ts';

interface Held extends LockedInvoice {
  fapiao: InvoiceFapiao;
}

/**
 * Writes down what WeChat says of a fapiao, by notice or by query; what was written down already changes nothing.
 * @param pdf of one that was not issued here yet, and is at WeChat
 */
export async function settleFapiao(work: Transaction, id: string, fact: FapiaoFact, pdf: Buffer | null): Promise<void> {
  const held = await lockFapiao(work, id);
  const { fapiao } = held;
  if (fapiao.state === 'applying' || fapiao.state === 'issuing') await settleIssuing(work, held, fact, pdf);
  if (fapiao.state === 'issued' || fapiao.state === 'reversing') await settleIssued(work, held, fact);
  await work.db.save(InvoiceFapiao, fapiao);
}

/** WeChat took the wish to take it back: a failure that it tells from now on is the failure of that. */
export async function noteReverseSent(work: Transaction, id: string): Promise<void> {
  const { fapiao } = await lockFapiao(work, id);
  if (fapiao.state !== 'reversing') return;
  fapiao.reverseSentAt = work.now();
  await work.db.save(InvoiceFapiao, fapiao);
}

/** WeChat refused, and knows of nothing. */
export async function giveUp(work: Transaction, id: string, code: string): Promise<void> {
  const held = await lockFapiao(work, id);
  if (!held.fapiao.isUnderWay) return;
  await fail(work, held, code);
}

async function lockFapiao(work: Transaction, id: string): Promise<Held> {
  const { invoiceId } = await work.db.findOneByOrFail(InvoiceFapiao, { id });
  const held = await lockInvoice(work, invoiceId);
  const fapiao = await work.db.findOneOrFail(InvoiceFapiao, { where: { id }, ...locked<InvoiceFapiao>(work.db) });
  return { ...held, fapiao };
}

async function settleIssuing(work: Transaction, held: Held, fact: FapiaoFact, pdf: Buffer | null): Promise<void> {
  const { fapiao } = held;
  if (fact.state === 'issue_failed') return fail(work, held, fact.failure!.words || fact.failure!.code);
  if (fact.state === 'issuing' && fapiao.state === 'applying') return fapiao.moveTo('issuing', work.now());
  if (!fact.blue || !pdf) return;
  if (fact.totalFen !== fapiao.amountFen) return fail(work, held, `金额不符：${fact.totalFen}`);
  await becomeIssued(work, held, fact.blue, pdf);
}

/** What was asked for while it was approved is issued; a refund since then is taken back by a red letter. */
async function becomeIssued(
  work: Transaction,
  held: Held,
  { number, code, issuedAt }: NonNullable<FapiaoFact['blue']>,
  pdf: Buffer,
): Promise<void> {
  const { invoice, fapiao, orders } = held;
  const who = { id: fapiao.appliedBy };
  fapiao.moveTo('issued', work.now());
  fapiao.failure = null;
  invoice.decide('issued', who.id, work.now());
  await keepPdf(work, held, pdf);
  await recordIssued(work, who, held, { number, ...(code ? { code } : {}), issuedDay: shanghaiDay(issuedAt) });
  await work.db.save(InvoiceFapiao, fapiao);
  for (const order of orders) await fitToReceipts(work, order);
}

async function settleIssued(work: Transaction, held: Held, fact: FapiaoFact): Promise<void> {
  const { fapiao } = held;
  if (fact.card?.state === 'inserted') fapiao.inCardPackAt ??= work.now();
  if (fact.state === 'reversing' && fapiao.state === 'reversing') fapiao.reverseSentAt ??= work.now();
  if (fact.state === 'reversed' && fact.red) return becomeReversed(work, held, fact.red);
  const hasFailed = fact.state === 'issued' && fact.failure && fapiao.reverseSentAt && fapiao.state === 'reversing';
  if (hasFailed) await fail(work, held, fact.failure!.words || fact.failure!.code);
}

/** Also when somebody took it back in the merchant's portal. */
async function becomeReversed(
  work: Transaction,
  { invoice, lines, fapiao }: Held,
  { number, code, issuedAt }: NonNullable<FapiaoFact['red']>,
): Promise<void> {
  fapiao.moveTo('reversed', work.now());
  fapiao.failure = null;
  await work.db.save(InvoiceFapiao, fapiao);
  const amountFen = lines.reduce((fen, { standingFen }) => fen + standingFen, 0);
  // What was written down by hand before is not taken back twice.
  if (invoice.state !== 'issued' || amountFen === 0) return;
  const red = { amountFen, number, ...(code ? { code } : {}), issuedDay: shanghaiDay(issuedAt) };
  await recordRedLetter(work, fapiao.reversedBy ? { id: fapiao.reversedBy } : null, invoice.id, red);
}

const LONGEST_FAILURE = 200;

async function fail(work: Transaction, { invoice, orders, fapiao }: Held, words: string): Promise<void> {
  const isReverse = fapiao.state === 'reversing';
  fapiao.failure = [...words].slice(0, LONGEST_FAILURE).join('');
  fapiao.moveTo(isReverse ? 'issued' : 'failed', work.now());
  await work.db.save(InvoiceFapiao, fapiao);
  await askToMend(work, invoice, fapiao, {
    title: `微信${isReverse ? '冲红' : '开票'}失败：${invoice.titleName}`,
    note: `${fapiao.failure}。可在微信重试（冲红须间隔 5 分钟），或按手工方式${isReverse ? '红冲' : '开票'}。`,
    orderNumber: orders[0]!.number,
  });
  // A refund that came meanwhile makes less what is waiting again.
  for (const order of orders) await fitToReceipts(work, order);
}
