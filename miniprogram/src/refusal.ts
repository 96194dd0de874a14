import { errorWords } from '../../src/contracts/index.ts';
import type { ErrorCode, FieldFault, RefusalBody } from '../../src/contracts/index.ts';

/** The server answered, and the answer is no. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly fields: FieldFault[];
  /** Tells our people which line of the log this was. */
  readonly requestId: string;

  constructor(status: number, body: RefusalBody['error']) {
    super(body.message);
    this.name = 'Refusal';
    this.code = body.code;
    this.status = status;
    this.fields = body.detail?.fields ?? [];
    this.requestId = body.requestId;
  }

  get needsSignIn(): boolean {
    return this.status === 401;
  }
}

/** offline: the phone has no network · timeout: no answer in time · unreachable: nobody speaks for the server. */
export type Silence = 'offline' | 'timeout' | 'unreachable';

/** Nothing came back that the server said; whether it did what was asked is not known. */
export class NoAnswer extends Error {
  readonly silence: Silence;

  constructor(silence: Silence) {
    super(silence);
    this.name = 'NoAnswer';
    this.silence = silence;
  }
}

/** Is this one of ours, or the page of some proxy in between? */
export function isRefusalBody(body: unknown): body is RefusalBody {
  const error = (body as Partial<RefusalBody> | null)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}

export const isErrorCode = (code: string): code is ErrorCode => code in errorWords;
