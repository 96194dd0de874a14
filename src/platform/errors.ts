import type { ErrorCode, RefusalBody } from '../contracts/errors.ts';
import type { WechatAction } from './wechat-api/error-table.ts';

export type Upstream = 'wechat-pay' | 'official-account' | 'mini-program' | 'open-platform';

/**
 * How a call to WeChat ended, when it did not end well.
 * - `refused`: WeChat said no. It proves nothing about money: its error answers are diagnostics.
 * - `rate_limited`: too fast; nothing was done.
 * - `unknown`: no answer, or none that can be read. The effect may have happened.
 * - `bad_signature`: an answer came that is not proved to be WeChat's. The effect may have happened.
 * - `not_sent`: WeChat was not reached, or its token could not be had; nothing was done. WeChat Pay never says so.
 */
export type UpstreamFailure = 'refused' | 'rate_limited' | 'unknown' | 'bad_signature' | 'not_sent';

export interface UpstreamErrorOptions {
  /** WeChat's own number of the exchange, for their support. */
  requestId?: string | undefined;
  /** HTTP status, when there was an answer. */
  status?: number | undefined;
  /** WeChat's `errcode`, when it gave one. */
  wechatCode?: number | undefined;
  /** What the error tables advise; absent for WeChat Pay. */
  action?: WechatAction | undefined;
  cause?: unknown;
}

/** Thrown by gateways, and by nothing else. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly wechatCode: number | undefined;
  readonly action: WechatAction | undefined;

  /**
   * @param code lower case with underscores, for programs
   * @param retryable the same call, repeated later, may succeed and does no harm
   */
  constructor(
    readonly upstream: Upstream,
    readonly kind: UpstreamFailure,
    readonly code: string,
    readonly retryable: boolean,
    options: UpstreamErrorOptions = {},
  ) {
    super(`${upstream}: ${kind} (${code})`, { cause: options.cause });
    this.requestId = options.requestId;
    this.status = options.status;
    this.wechatCode = options.wechatCode;
    this.action = options.action;
  }
}

/** Nothing that a person did, and nothing that time heals: configuration, templates, the standing of an account. */
export const needsOperator = ({ action }: UpstreamError): boolean => action === 'surface' || action === 'stop_template';

/** A refusal that the caller is told about. The words belong to the code (contracts/errors.ts). */
export class AppError extends Error {
  override readonly name = 'AppError';

  /** @param detail told to the caller as it is: nothing of our insides, nothing personal */
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    readonly detail?: RefusalBody['error']['detail'],
  ) {
    super(code);
  }
}
