import type { Logger } from 'pino';
import type { UpstreamError } from '../errors.ts';
import type { Answer } from './answer.ts';
import { Domains } from './domains.ts';
import { failure, failureOf } from './errors.ts';
import type { RequestBuilder } from './request-builder.ts';
import type { WechatPaySettings } from './settings.ts';
import { Wire, wireFaultOf, type WireAnswer } from '../wire.ts';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Path and query, already encoded: signed and sent to the letter. */
  target: string;
  /** The body, serialised once: signed and sent to the letter. Empty for GET. */
  text: string;
  /** Sent instead of `text`, which is then only what is signed. */
  upload?: { contentType: string; bytes: Buffer };
  /** Names the key that fields of the body are encrypted with. */
  serial?: string;
  /** A file comes back, larger than any other answer. */
  isDownload?: boolean;
  /** A repeat would have another effect. It goes to the second domain only when it certainly did not go to the first. */
  isOnce?: boolean;
}

/** Of an image; WeChat takes 2 MB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

type Attempt = { answer: Answer } | { failed: UpstreamError; neverSent: boolean };

export interface ExchangeOptions {
  settings: WechatPaySettings;
  builder: RequestBuilder;
  now: () => Date;
  log: Logger;
}

/** Signs, sends, logs, and goes to the second domain once when the first cannot be reached or is broken. */
export class Exchange {
  private readonly wire: Wire;
  private readonly fileWire: Wire;
  private readonly domains: Domains;

  constructor(private readonly options: ExchangeOptions) {
    this.wire = new Wire(options.settings);
    this.fileWire = new Wire({ ...options.settings, maxAnswerBytes: MAX_FILE_BYTES });
    this.domains = new Domains(options.settings.origin, options.settings.backupOrigin);
  }

  /**
   * Calls do no harm when repeated unless they say so, and a broken answer (5xx) is asked again elsewhere like a missing connection.
   * Silence after sending is not: it would double the customer's wait.
   * @throws UpstreamError
   */
  async send(call: Call): Promise<Answer> {
    const signal = AbortSignal.timeout(this.options.settings.timeoutMs);
    const [first, second] = this.domains.inOrder(this.nowMs());
    let attempt = await this.attempt(first, call, signal);

    if (isSound(attempt)) {
      this.domains.answered(first);
    } else if (second && isWorthRepeating(attempt, call) && !signal.aborted) {
      attempt = await this.attempt(second, call, signal);
      if (isSound(attempt)) this.domains.failedOverTo(second, this.nowMs());
    }

    if ('failed' in attempt) throw attempt.failed;
    return attempt.answer;
  }

  async close(): Promise<void> {
    await this.wire.close();
    await this.fileWire.close();
  }

  private async attempt(origin: string, call: Call, signal: AbortSignal): Promise<Attempt> {
    const startedMs = performance.now();
    const { method, target } = call;
    const body = bodyOf(call);
    const headers = this.headersFor(call);
    const wire = call.isDownload ? this.fileWire : this.wire;
    try {
      const raw = await wire.send({ origin, method, target, headers, body, signal });
      const requestId = requestIdOf(raw);
      const failed = isSuccess(raw.status) ? null : failureOf(raw.status, raw.rawBody, requestId);
      this.report(call, origin, startedMs, { status: raw.status, requestId }, failed);
      return failed ? { failed, neverSent: false } : { answer: { ...raw, requestId } };
    } catch (cause) {
      const neverSent = wire.isConnectionFault(cause);
      const failed = failure('unknown', neverSent ? 'unreachable' : wireFaultOf(cause), { cause });
      this.report(call, origin, startedMs, {}, failed);
      return { failed, neverSent };
    }
  }

  private headersFor({ method, target, text, upload, serial }: Call): Record<string, string> {
    const { builder, settings } = this.options;
    return {
      accept: 'application/json',
      // The signature covers the plain body.
      'accept-encoding': 'identity',
      'user-agent': 'tongban',
      authorization: builder.authorizationFor(method, target, text),
      ...(text === '' ? {} : { 'content-type': upload?.contentType ?? 'application/json' }),
      // Tells WeChat which key shall sign the answer; without it, the answers of a switching merchant stay on certificates.
      ...(settings.publicKey ? { 'wechatpay-serial': settings.publicKey.id } : {}),
      ...(serial === undefined ? {} : { 'wechatpay-serial': serial }),
    };
  }

  /** One line an attempt: never headers, bodies or query values. */
  private report(
    { method, target }: Call,
    origin: string,
    startedMs: number,
    answer: { status?: number; requestId?: string | undefined },
    failed: UpstreamError | null,
  ): void {
    const facts = {
      method,
      path: target.split('?')[0],
      domain: origin === this.domains.primary ? 'primary' : 'backup',
      ...answer,
      ms: Math.round(performance.now() - startedMs),
    };
    if (!failed) return this.options.log.info(facts, 'wechat pay answered');

    const reason = (failed.cause as Error | undefined)?.message;
    this.options.log.warn({ ...facts, kind: failed.kind, code: failed.code, reason }, 'wechat pay call failed');
  }

  private nowMs(): number {
    return this.options.now().getTime();
  }
}

/** The domain is well: it gave an answer, be it a refusal. */
const isSound = (attempt: Attempt): boolean => 'answer' in attempt || (attempt.failed.status ?? 500) < 500;

const isWorthRepeating = (attempt: Attempt, { isOnce = false }: Call): boolean =>
  'failed' in attempt &&
  attempt.failed.kind === 'unknown' &&
  (attempt.neverSent || (!isOnce && attempt.failed.status !== undefined));

const bodyOf = ({ text, upload }: Call): Buffer | null =>
  upload ? upload.bytes : text === '' ? null : Buffer.from(text, 'utf8');

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function requestIdOf({ headers }: WireAnswer): string | undefined {
  const id = headers['request-id'];
  return typeof id === 'string' && /^[\w.-]{1,128}$/.test(id) ? id : undefined;
}
