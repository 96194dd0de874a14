import { In, LessThan } from 'typeorm';
import { FAPIAO_UNDER_WAY, InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { Invoice } from '../../entities/invoice.ts';
import { UpstreamError } from '../platform/errors.ts';
import { doEach, NotYet } from '../platform/jobs/index.ts';
import type { FapiaoFact } from '../platform/wechat-pay/index.ts';
import type { Desk } from '../platform/work.ts';
import { askToMend } from './at-wechat.ts';
import { lockInvoice } from './find-invoice.ts';
import { giveUp, noteReverseSent, settleFapiao } from './settle-fapiao.ts';
import { openTitle } from './title-parts.ts';

const AGAIN_MS = 60_000;
const FORGOTTEN_MS = 2 * 60_000;
/** Then somebody of finance looks as well. */
const LONG_MS = 60 * 60_000;
const AT_ONCE = 500;

/**
 * The job `fapiao.send`: WeChat is asked whether it has the fapiao, and for it if not, always by the same two numbers. Neither a refusal nor
 * silence says that it was not accepted.
 * @throws {UpstreamError} when nobody knows; the next time begins with the question
 */
export async function sendFapiao(desk: Desk, { id }: { id: string }): Promise<void> {
  const fapiao = await desk.db.findOneByOrFail(InvoiceFapiao, { id });
  if (fapiao.state !== 'applying' || (await look(desk, fapiao))) return;
  const invoice = await desk.db.findOneByOrFail(Invoice, { id: fapiao.invoiceId });
  const { kind, phone, ...title } = openTitle(desk, invoice);
  const { FAPIAO_TAX_CODE: taxCode = '', FAPIAO_GOODS: name, FAPIAO_TAX_RATE: taxRate = 0 } = desk.config;
  const isAccepted = await asked(desk, fapiao, () =>
    desk.pay.issueFapiao({
      ...addressOf(fapiao),
      amountFen: fapiao.amountFen,
      buyer: { ...title, kind: kind === 'company' ? 'company' : 'person', telephone: phone },
      goods: { taxCode, name, taxRate },
    }),
  );
  if (isAccepted) await look(desk, fapiao);
}

/**
 * The job `fapiao.reverse`. What is being taken back already is not asked for again.
 * @throws {UpstreamError} when nobody knows
 */
export async function sendReverse(desk: Desk, { id }: { id: string }): Promise<void> {
  const fapiao = await desk.db.findOneByOrFail(InvoiceFapiao, { id });
  if (fapiao.state !== 'reversing') return;
  const fact = await look(desk, fapiao);
  if (!fact?.blue || fact.state !== 'issued' || fapiao.reverseSentAt) return;
  const { redWantedSince } = await desk.db.findOneByOrFail(Invoice, { id: fapiao.invoiceId });
  const { blue } = fact;
  const isAccepted = await asked(desk, fapiao, () =>
    desk.pay.reverseFapiao(addressOf(fapiao), blue, redWantedSince ? 'returned' : 'mistake'),
  );
  if (isAccepted) await system(desk).transaction((work) => noteReverseSent(work, id));
}

/** The job `fapiao.look`: a notice came. What it says is asked for, and that is what counts. */
export async function lookAtFapiao(desk: Desk, { applyId }: { applyId: string }): Promise<void> {
  const known = await desk.db.findBy(InvoiceFapiao, { transactionId: applyId });
  if (known.length === 0) desk.log.info({ applyId }, 'news of a fapiao that nobody asked for here');
  for (const fapiao of known) if (fapiao.state === 'issued' || fapiao.isUnderWay) await look(desk, fapiao);
}

/** By the clock: what WeChat has not been heard of for a while; merchants are told of what succeeded alone. */
export async function lookAtForgottenFapiao(desk: Desk): Promise<void> {
  const now = desk.now().getTime();
  const where = { state: In([...FAPIAO_UNDER_WAY]), changedAt: LessThan(new Date(now - FORGOTTEN_MS)) };
  const forgotten = await desk.db.find(InvoiceFapiao, { where, order: { id: 'ASC' }, take: AT_ONCE });
  const those = {
    of: forgotten,
    about: ({ id }: InvoiceFapiao) => ({ fapiao: id }),
    fault: 'a fapiao could not be looked at',
  };
  await doEach(desk, those, (fapiao) => goOnWith(desk, fapiao));
  const silent = forgotten.filter(({ changedAt }) => changedAt.getTime() < now - LONG_MS);
  await doEach(desk, { ...those, of: silent }, (fapiao) => askAboutSilence(desk, fapiao));
}

async function goOnWith(desk: Desk, fapiao: InvoiceFapiao): Promise<void> {
  if (fapiao.state === 'applying') await sendFapiao(desk, fapiao);
  else if (fapiao.state === 'reversing') await sendReverse(desk, fapiao);
  else await look(desk, fapiao);
}

const addressOf = ({ transactionId, fapiaoId }: InvoiceFapiao) => ({ transactionId, fapiaoId });

/** It is WeChat's word that is written down, whoever asked for it. */
const system = (desk: Desk): Desk => desk.as({ kind: 'system' });

/** @returns WeChat's word, which has been written down; null when it does not know the fapiao */
async function look(desk: Desk, fapiao: InvoiceFapiao): Promise<FapiaoFact | null> {
  const fact = await desk.pay.findFapiao(addressOf(fapiao));
  if (!fact) return null;
  // What is told is what is asked for: a file of it is fetched first, for nothing is issued here without one.
  const isNew = (fapiao.state === 'applying' || fapiao.state === 'issuing') && fact.blue !== null;
  const pdf = isNew ? await desk.pay.downloadFapiao(addressOf(fapiao), fact) : null;
  await system(desk).transaction((work) => settleFapiao(work, fapiao.id, fact, pdf), { retryDuplicates: true });
  return fact;
}

/** @returns whether WeChat took it; otherwise what became of it is known by now, and written down */
async function asked(desk: Desk, fapiao: InvoiceFapiao, call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.kind === 'rate_limited') throw new NotYet(new Date(desk.now().getTime() + AGAIN_MS));
    if (error.kind !== 'refused') throw error;
    // A refusal is not signed: what became of it is what the query says.
    const fact = await look(desk, fapiao);
    const isTaken = fact !== null && (fapiao.state !== 'reversing' || fact.state !== 'issued');
    if (!isTaken) await system(desk).transaction((work) => giveUp(work, fapiao.id, error.code));
    return false;
  }
}

async function askAboutSilence(desk: Desk, { id }: InvoiceFapiao): Promise<void> {
  await system(desk).transaction(async (work) => {
    const fapiao = await work.db.findOneByOrFail(InvoiceFapiao, { id });
    if (!fapiao.isUnderWay) return;
    const { invoice, orders } = await lockInvoice(work, fapiao.invoiceId);
    const isReverse = fapiao.state === 'reversing';
    await askToMend(work, invoice, fapiao, {
      isSilence: true,
      title: `微信${isReverse ? '冲红' : '开票'}一小时无结果：${invoice.titleName}`,
      note: `系统会继续向微信查询。请在微信支付商户平台核对订单 ${orders[0]!.number} 的电子发票状态。`,
      orderNumber: orders[0]!.number,
    });
  });
}
