import Router, { type RouterContext } from '@koa/router';
import type { DefaultContext } from 'koa';
import { LeverError } from './errors.ts';
import type { FaultRule } from './faults.ts';

/** What every handler finds in `ctx.state`. */
export interface CallState {
  /** The exact bytes of the request. */
  rawBody: Buffer;
  /** Which of the two doors (ports) the call came through. */
  door: 'primary' | 'backup';
  /** The fault rule that hit this call. Faults of the way (delay, resets …) are made by the HTTP layer, the others by the parts. */
  fault: FaultRule | null;
  /** WeChat's error code of the answer, for the call log. */
  code?: string | number;
}

export type SimulatorRouter = Router<CallState, DefaultContext>;
export type SimulatorContext = RouterContext<CallState, DefaultContext>;

export const newRouter = (prefix?: string): SimulatorRouter =>
  new Router<CallState, DefaultContext>(prefix === undefined ? {} : { prefix });

/**
 * The JSON object in a lever's body; an empty body is an empty object.
 * @throws LeverError 400
 */
export function leverBody<T extends object>(ctx: SimulatorContext): Partial<T> {
  const text = ctx.state.rawBody.toString('utf8').trim();
  if (text === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Partial<T>;
  } catch {
    // Refused below, like any other body that is no object.
  }
  throw new LeverError(400, 'the body must be a JSON object');
}
