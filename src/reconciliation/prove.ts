import { settlePayments } from '../payments/index.ts';
import { UpstreamError } from '../platform/errors.ts';
import { isPaid } from '../platform/wechat-pay/index.ts';
import type { Desk } from '../platform/work.ts';
import { settleRefund } from '../refunds/index.ts';
import type { Finding } from './classify.ts';

/**
 * Asks WeChat about what only the bill knows, and lets its word take the one way that notices and queries take.
 * @returns what it proved
 */
export async function proveAll(desk: Desk, findings: readonly Finding[]): Promise<Finding[]> {
  const proved: Finding[] = [];
  for (const finding of findings) if (finding.proof && (await prove(desk, finding))) proved.push(finding);
  return proved;
}

async function prove(desk: Desk, { proof, number, reference, kind }: Finding): Promise<boolean> {
  try {
    if (proof === 'payment') return await provePayment(desk, number!);
    return await proveRefund(desk, reference, kind === 'state');
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    desk.log.warn({ code: error.code }, 'a difference could not be asked about');
    return false;
  }
}

async function provePayment(desk: Desk, number: string): Promise<boolean> {
  const fact = await desk.pay.findByOutTradeNo(number);
  if (!fact || !isPaid(fact)) return false;
  const [settlement] = await desk.transaction((work) => settlePayments(work, [fact]));
  return settlement !== 'counted_before';
}

/** @param mustEnd a refund that is still under way proves nothing about its state */
async function proveRefund(desk: Desk, number: string, mustEnd: boolean): Promise<boolean> {
  const fact = await desk.pay.findByOutRefundNo(number);
  if (!fact || (mustEnd && fact.state !== 'success' && fact.state !== 'closed')) return false;
  await desk.transaction((work) => settleRefund(work, fact));
  return true;
}
