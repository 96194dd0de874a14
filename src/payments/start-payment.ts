import { Payment } from '../../entities/payment.ts';
import type { PaymentWay } from '../contracts/states.ts';
import { getIdentity } from '../identity/index.ts';
import { getOwnOrder } from '../orders/index.ts';
import { UpstreamError } from '../platform/errors.ts';
import type { SignedIn } from '../platform/http/routes.ts';
import type { Desk } from '../platform/work.ts';
import { askWechat, closeAtWechat } from './ask-wechat.ts';
import { chooseAttempt, type Payer } from './choose-attempt.ts';
import { alreadyPaid, stillPending, wrongPlace } from './errors.ts';
import { prepare } from './prepare.ts';

/** New attempts are opened so often at most, when WeChat refuses the number we chose. */
const MAX_ROUNDS = 3;

/**
 * Opens a way to pay what is due of an order: reuses the attempt under way, or ends it and opens another under a new number.
 * A crash anywhere leaves a saved attempt that the chaser asks about.
 * @param payerIp the customer's own address; H5 only
 * @throws {AppError} order.not_found, order.not_payable, payment.already_paid, payment.wrong_place, payment.pending
 * @throws {UpstreamError}
 */
export async function startPayment(
  desk: Desk,
  customer: SignedIn,
  orderNumber: string,
  { way, payerIp }: { way: PaymentWay; payerIp: string },
): Promise<Payment> {
  const order = await getOwnOrder(desk, customer.customerId, orderNumber);
  const payer = await payerOf(desk, customer, way);
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const choice = await desk.transaction((work) => chooseAttempt(work, order.id, payer), { retryDuplicates: true });
    if ('closeFirst' in choice) {
      await endAttempts(desk, choice.closeFirst);
      continue;
    }
    const prepared = await prepareOrGiveUp(desk, choice.use, payerIp);
    if (prepared) return prepared;
  }
  throw stillPending();
}

async function payerOf(desk: Desk, customer: SignedIn, way: PaymentWay): Promise<Payer> {
  const { OFFICIAL_ACCOUNT_APPID } = desk.config;
  // Native and H5 are not bound to one person; they are sold under the service account's appid.
  if (way === 'native' || way === 'h5') return { way, appid: OFFICIAL_ACCOUNT_APPID, openid: null };
  if (customer.appKind !== way) throw wrongPlace(way);
  const { appid, openid } = await getIdentity(desk, customer.identityId);
  return { way, appid, openid };
}

async function endAttempts(desk: Desk, attempts: readonly Payment[]): Promise<void> {
  for (const attempt of attempts) {
    const ended = await closeAtWechat(desk, attempt);
    if (ended.state === 'paid') throw alreadyPaid();
  }
}

/** Null when this number is of no use and a new one should be tried. */
async function prepareOrGiveUp(desk: Desk, payment: Payment, payerIp: string): Promise<Payment | null> {
  try {
    return await prepare(desk, payment, payerIp);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.kind !== 'refused') throw error;
    // What WeChat says in a refusal is not signed; its answer to a question is.
    const asked = await askWechat(desk, payment);
    if (asked.state === 'paid') throw alreadyPaid();
    if (!NUMBER_IS_SPENT.has(error.code)) {
      await failAttempt(desk, payment.id, error.code);
      throw error;
    }
    if (asked.isUnderWay) await closeAtWechat(desk, asked);
    return null;
  }
}

const NUMBER_IS_SPENT = new Set(['order_closed', 'number_used', 'parameters_changed', 'order_paid', 'invalid_request']);

async function failAttempt(desk: Desk, paymentId: string, code: string): Promise<void> {
  await desk.transaction((work) =>
    work.db.update(Payment, { id: paymentId, state: 'created' }, { state: 'failed', failure: code.slice(0, 64) }),
  );
}
