import { IdempotencyRecord } from '../../../entities/idempotency-record.ts';
import { sha256 } from '../crypto.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Transaction, Work } from '../work.ts';
import type { Context } from './routes.ts';

const KEY = /^[A-Za-z0-9_-]{8,64}$/;

export interface Answer {
  status: number;
  body: unknown;
}

/**
 * Does a deed once for one `Idempotency-Key` of one customer: the answer is kept in the same transaction as the deed, so a
 * repeat, also one at the same instant, gets the first answer.
 * @throws {AppError} request.idempotency_key_missing, request.idempotency_key_reused
 */
export async function answerOnce(ctx: Context, deed: (work: Transaction) => Promise<Answer>): Promise<void> {
  const { desk, customer } = ctx.state;
  const { customerId } = customer;
  const requestKey = ctx.get('Idempotency-Key');
  if (!KEY.test(requestKey)) throw new AppError(422, 'request.idempotency_key_missing');
  const body = (ctx.request as { body?: unknown }).body ?? {};
  const requestHash = sha256(`${ctx.method} ${ctx.path}\n${JSON.stringify(body)}`);
  const find = ({ db }: Work) => db.findOneBy(IdempotencyRecord, { customerId, requestKey });
  const doneNow = async (work: Transaction): Promise<Answer> => {
    const known = await find(work);
    if (known && known.requestHash !== requestHash) throw new AppError(422, 'request.idempotency_key_reused');
    if (known) return known;
    const made = await deed(work);
    const record = { id: newId(), customerId, requestKey, requestHash, createdAt: work.now(), ...made };
    await work.db.insert(IdempotencyRecord, record as never);
    return made;
  };
  const answer = await desk.transaction(doneNow, { retryDuplicates: true }).catch(async (error: unknown) => {
    // What the first one did while this one waited may be why the deed is refused.
    const known = await find(desk);
    if (known?.requestHash !== requestHash) throw error;
    return known;
  });
  ctx.status = answer.status;
  ctx.body = answer.body;
}
