import type { Logger } from 'pino';
import type { UpstreamError } from '../errors.ts';
import { failure } from './errors.ts';
import { parseJson } from './json.ts';
import type { SignatureFault } from './verify.ts';
import type { WireAnswer } from '../wire.ts';

/** An answer of status 2xx. Nothing is proved yet. */
export interface Answer extends WireAnswer {
  requestId: string | undefined;
}

/** @throws UpstreamError unknown, when the body is not a JSON object */
export function readObject({ rawBody, status, requestId }: Answer): Record<string, unknown> {
  if (status === 204 || (status === 202 && rawBody.length === 0)) return {};
  const value = parseJson(rawBody);
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw failure('unknown', 'unreadable_answer', { status, requestId });
}

/** The effect may have happened; only the answer is worth nothing. */
export function badSignature({ status, requestId }: Answer, fault: SignatureFault, log: Logger): UpstreamError {
  log.warn({ fault, status, requestId }, 'wechat pay answer is not verified');
  return failure('bad_signature', fault.replaceAll('-', '_'), { status, requestId });
}
