import { randomBytes } from 'node:crypto';

/** A refusal in the form of WeChat Pay (WeChat Pay documentation 4012791877). */
export class PayError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: Record<string, unknown> | undefined;
  /** Numeric internal code: the last part of `Request-ID`. */
  readonly internalCode: number;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { detail?: Record<string, unknown>; internalCode?: number } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = more.detail;
    this.internalCode = more.internalCode ?? 0;
  }
}

/** A refusal of api.weixin.qq.com: HTTP 200 with a code. Throw it; the mounting router answers with `platformAnswer`. */
export class PlatformError extends Error {
  readonly errcode: number;

  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** The body of a platform refusal. The first group of the rid is the time of the call in hexadecimal Unix seconds. */
export function platformAnswer(error: PlatformError, nowMs: number): { errcode: number; errmsg: string } {
  const time = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0');
  const rid = `${time}-${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`;
  return { errcode: error.errcode, errmsg: `${error.message} rid: ${rid}` };
}

/** A lever was pulled wrongly. */
export class LeverError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
