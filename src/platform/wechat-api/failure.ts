import { UpstreamError, type Upstream, type UpstreamErrorOptions, type UpstreamFailure } from '../errors.ts';
import { refusalOf, type WechatAction } from './error-table.ts';

const TOO_FAST = new Set<WechatAction>(['wait_minute', 'wait_day']);
const RETRYABLE = new Set<WechatAction>(['backoff', 'wait_minute', 'wait_day']);

/** What WeChat answered when it said no. */
export interface Refusal {
  errcode: number;
  errmsg: string;
  status: number;
}

/** An `errcode` other than 0, in our words. Nothing was done, except under the action `success`. */
export function refusalFailure(upstream: Upstream, { errcode, errmsg, status }: Refusal): UpstreamError {
  const { action, code } = refusalOf(errcode);
  const kind = action === 'success' ? 'unknown' : TOO_FAST.has(action) ? 'rate_limited' : 'refused';
  return new UpstreamError(upstream, kind, code, RETRYABLE.has(action), {
    action,
    wechatCode: errcode,
    status,
    requestId: ridOf(errmsg),
    cause: new Error(wordsOf(errmsg)),
  });
}

/** No answer, or none that can be used. @param isHarmless the same call may be made again */
export const silence = (upstream: Upstream, code: string, isHarmless: boolean, options: UpstreamErrorOptions = {}) =>
  new UpstreamError(upstream, 'unknown', code, isHarmless, options);

/** The same failure under another name. */
export const renamed = (error: UpstreamError, kind: UpstreamFailure, code: string, action: WechatAction) =>
  new UpstreamError(error.upstream, kind, code, RETRYABLE.has(action), {
    action,
    wechatCode: error.wechatCode,
    status: error.status,
    requestId: error.requestId,
    cause: error.cause ?? error,
  });

export const isUpstream = (error: unknown): error is UpstreamError => error instanceof UpstreamError;

/** WeChat's number of the call, the only thing that its support asks for: three groups of hex at the end of `errmsg`. */
const ridOf = (errmsg: string): string | undefined => /rid: ?([0-9a-f]{8}(?:-[0-9a-f]{8}){2})/.exec(errmsg)?.[1];

/**
 * `errmsg` for an operator. It names the field (47003) and our own address (40164), and may quote what was sent: long tokens
 * and everything that is not ASCII are cut out.
 */
function wordsOf(errmsg: string): string {
  return errmsg
    .replace(/\s*rid:.*$/s, '')
    .replace(/[^\x20-\x7e]+/g, '…')
    .replace(/[A-Za-z0-9_+/=-]{20,}/g, '…')
    .slice(0, 200);
}
