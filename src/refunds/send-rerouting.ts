import { Refund } from '../../entities/refund.ts';
import { RefundRerouting } from '../../entities/refund-rerouting.ts';
import { UpstreamError } from '../platform/errors.ts';
import type { RefundFact } from '../platform/wechat-pay/index.ts';
import type { Desk } from '../platform/work.ts';
import { lockRerouting, placeOf } from './reroute.ts';
import { askForAttention, settleRefund } from './settle-refund.ts';

/**
 * The job `refund.reroute`: WeChat is asked first how the refund stands, for an earlier attempt may have ended unheard, or somebody
 * did it in the portal; only what is still abnormal is sent.
 * @throws {UpstreamError} when nobody knows whether it was accepted
 */
export async function sendRerouting(desk: Desk, { reroutingId }: { reroutingId: string }): Promise<void> {
  const rerouting = await desk.db.findOneByOrFail(RefundRerouting, { id: reroutingId });
  if (rerouting.state !== 'approved') return;
  const refund = await desk.db.findOneByOrFail(Refund, { id: rerouting.refundId });
  const known = await desk.pay.findByOutRefundNo(refund.number);
  if (known && known.state !== 'abnormal') return end(desk, reroutingId, { fact: known });
  try {
    const fact = await desk.pay.rerouteRefund({
      refundId: refund.refundId!,
      outRefundNo: refund.number,
      bank: rerouting.bank,
      cardNumber: desk.vault.open(rerouting.cardSealed!, placeOf(reroutingId, 'card')),
      cardHolder: desk.vault.open(rerouting.holderSealed!, placeOf(reroutingId, 'holder')),
    });
    await end(desk, reroutingId, { fact });
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.kind !== 'refused') throw error;
    await whatOfRefusal(desk, reroutingId, { number: refund.number, code: error.code });
  }
}

/** A refusal is not signed: what became of it is what the query says. */
async function whatOfRefusal(desk: Desk, id: string, { number, code }: { number: string; code: string }) {
  const fact = await desk.pay.findByOutRefundNo(number);
  await end(desk, id, fact && fact.state !== 'abnormal' ? { fact } : { failure: code });
}

async function end(desk: Desk, id: string, how: { fact: RefundFact } | { failure: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const { rerouting, refund, order } = await lockRerouting(work, id);
    if (rerouting.state !== 'approved') return;
    rerouting.moveTo('fact' in how ? 'accepted' : 'refused');
    if ('failure' in how) rerouting.failure = how.failure.slice(0, 64);
    await work.db.save(RefundRerouting, rerouting);
    if ('fact' in how) await settleRefund(work, how.fact);
    else await askForAttention(work, order, refund, '微信未受理改退银行卡', id);
  });
}
