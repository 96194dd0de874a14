import { z } from 'zod';
import { UpstreamError, type UpstreamErrorOptions, type UpstreamFailure } from '../errors.ts';
import { parseJson } from './json.ts';

/**
 * WeChat spells some codes with and without underscores; without them they are compared.
 * Source: WeChat Pay documentation 4012791877 and the common error table.
 */
const OUR_CODES: Readonly<Record<string, string>> = {
  ORDERPAID: 'order_paid',
  ORDERCLOSED: 'order_closed',
  ORDERREVERSED: 'order_reversed',
  ORDERNOTEXIST: 'order_not_exist',
  OUTTRADENOUSED: 'number_used',
  NOAUTH: 'no_auth',
  NOTENOUGH: 'not_enough',
  RULELIMIT: 'rule_limit',
};

const RATE_LIMIT_CODES = new Set(['FREQUENCYLIMITED', 'RATELIMITEXCEEDED', 'FREQUENCYLIMITEXCEED']);

/** Bad input in spite of their status 500. */
const REFUSED_THOUGH_500 = new Set(['OPENIDMISMATCH', 'INVALIDTRANSACTIONID']);

/** The last part of Request-ID is a finer code. It explains an answer, it decides nothing about money. */
const FINER_CODES: Readonly<Record<string, string>> = {
  '268449538': 'order_paid',
  '268498689': 'order_paid',
  '268447914': 'order_closed',
  '268498688': 'parameters_changed',
};

/** Codes under which WeChat also reports a repeated order whose content changed, or that is over. */
const VAGUE_CODES = new Set(['INVALIDREQUEST', 'OUTTRADENOUSED']);

/** Seen in public reports: 请求重入时，参数与首次请求时不一致. */
const CHANGED_PARAMETERS = /首次请求.*不一致|重入.*不一致/;

const errorEnvelope = z.object({
  code: z.string().min(1),
  message: z.string().optional().catch(undefined),
  detail: z.object({ field: z.string().optional() }).optional().catch(undefined),
});

type ErrorEnvelope = z.output<typeof errorEnvelope>;

/** What an answer outside 2xx means. Nobody verifies these answers, so they are diagnostics. */
export function failureOf(status: number, rawBody: Buffer, requestId: string | undefined): UpstreamError {
  const envelope = readEnvelope(rawBody);
  const options = { status, requestId, cause: envelope && wordsOf(envelope) };
  const plainCode = envelope ? withoutUnderscores(envelope.code) : '';

  if (status === 429 || RATE_LIMIT_CODES.has(plainCode)) return failure('rate_limited', 'rate_limited', options);
  if (!envelope) return failure('unknown', `http_${status}`, options);

  const code = ourCode(envelope, requestId);
  const isRefusal = (status >= 400 && status < 500) || REFUSED_THOUGH_500.has(plainCode);
  return failure(isRefusal ? 'refused' : 'unknown', code, options);
}

/** Everything but a refusal may be asked again as it is: the business number makes it the same request. */
export const failure = (kind: UpstreamFailure, code: string, options: UpstreamErrorOptions = {}): UpstreamError =>
  new UpstreamError('wechat-pay', kind, code, kind !== 'refused', options);

export const isRefusedAs = (error: unknown, code: string): boolean =>
  error instanceof UpstreamError && error.kind === 'refused' && error.code === code;

/** @throws UpstreamError refused, before anything is sent, when a field cannot be right */
export function checked<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.'));
  throw failure('refused', 'param_error', { cause: new Error(`not sent, wrong: ${fields.join(', ')}`) });
}

const readEnvelope = (rawBody: Buffer): ErrorEnvelope | null =>
  errorEnvelope.safeParse(parseJson(rawBody)).data ?? null;

function ourCode({ code, message }: ErrorEnvelope, requestId: string | undefined): string {
  const plainCode = withoutUnderscores(code);
  if (VAGUE_CODES.has(plainCode)) {
    const finer = FINER_CODES[requestId?.split('-').at(-1) ?? ''];
    if (finer) return finer;
    if (message && CHANGED_PARAMETERS.test(message)) return 'parameters_changed';
  }
  if (OUR_CODES[plainCode]) return OUR_CODES[plainCode];
  return /^\w{1,64}$/.test(code) ? code.toLowerCase() : 'unrecognised';
}

const withoutUnderscores = (code: string): string => code.replaceAll('_', '').toUpperCase();

/** WeChat's words may quote what we sent: long tokens (openids, signatures, numbers) and addresses are cut out. */
function wordsOf({ message, detail }: ErrorEnvelope): Error {
  const words = [detail?.field, message].filter(Boolean).join(': ').slice(0, 300);
  return new Error(words.replace(/[A-Za-z0-9_+=-]{16,}/g, '…').replace(/\d{1,3}(\.\d{1,3}){3}/g, '…'));
}
