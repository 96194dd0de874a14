import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import { UpstreamError, type Upstream } from '../errors.ts';
import { Wire, wireFaultOf, type WireAnswer } from '../wire.ts';
import { findObject, wholeNumber } from './answer.ts';
import { isUpstream, refusalFailure, silence } from './failure.ts';

/** One call of WeChat's. */
export interface Call {
  method: 'GET' | 'POST';
  /** Without query. */
  path: string;
  /** Without the token. */
  query?: Readonly<Record<string, string>>;
  /** JSON; given as text, it is sent to the letter. */
  body?: string | Readonly<Record<string, unknown>>;
  /** The same call once more does no harm, even if the first one was carried out. */
  isHarmless: boolean;
  /** A person waits for it: "system busy", a matter of moments, is answered by asking once more. */
  isAwaited?: boolean;
}

export interface ExchangeOptions {
  upstream: Upstream;
  origin: string;
  /** One call from beginning to end. */
  timeoutMs: number;
  log: Logger;
}

const CONNECT_TIMEOUT_MS = 3_000;
const BUSY_PAUSE_MS = 200;

/** Sends calls and understands answers. Knows nothing of tokens but where they are put. */
export class Exchange {
  readonly upstream: Upstream;
  private readonly wire: Wire;

  constructor(private readonly options: ExchangeOptions) {
    this.upstream = options.upstream;
    const { timeoutMs } = options;
    this.wire = new Wire({ connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, timeoutMs), timeoutMs });
  }

  /** @throws {UpstreamError} */
  async send(call: Call, accessToken?: string): Promise<Record<string, unknown>> {
    try {
      return await this.sendOnce(call, accessToken);
    } catch (error) {
      if (!call.isAwaited || !isUpstream(error) || error.code !== 'busy') throw error;
    }
    await pause(BUSY_PAUSE_MS);
    return this.sendOnce(call, accessToken);
  }

  close(): Promise<void> {
    return this.wire.close();
  }

  private async sendOnce(call: Call, accessToken: string | undefined): Promise<Record<string, unknown>> {
    const startedMs = performance.now();
    try {
      const answer = await this.exchange(call, accessToken);
      const read = this.understood(call, answer);
      this.options.log.info(factsOf(call, startedMs, { status: answer.status }), 'wechat answered');
      return read;
    } catch (error) {
      if (isUpstream(error)) this.report(call, startedMs, error);
      throw error;
    }
  }

  private async exchange(call: Call, accessToken: string | undefined): Promise<WireAnswer> {
    const { method, path, query, body } = call;
    const inQuery = new URLSearchParams({
      ...(accessToken === undefined ? {} : { access_token: accessToken }),
      ...query,
    });
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    try {
      return await this.wire.send({
        origin: this.options.origin,
        method,
        target: inQuery.size > 0 ? `${path}?${inQuery.toString()}` : path,
        headers: {
          accept: 'application/json',
          'user-agent': 'tongban',
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: text === undefined ? null : Buffer.from(text, 'utf8'),
        signal: AbortSignal.timeout(this.options.timeoutMs),
      });
    } catch (cause) {
      if (this.wire.isConnectionFault(cause))
        throw new UpstreamError(this.upstream, 'not_sent', 'unreachable', true, { action: 'backoff', cause });
      throw silence(this.upstream, wireFaultOf(cause), call.isHarmless, { cause });
    }
  }

  /** Business errors come with status 200, success often without `errcode`, JSON sometimes as text/plain: the body decides. */
  private understood(call: Call, { status, rawBody }: WireAnswer): Record<string, unknown> {
    const body = findObject(rawBody.toString('utf8'));
    const errcode = body && 'errcode' in body ? wholeNumber.safeParse(body.errcode).data : 0;
    if (body && errcode) throw refusalFailure(this.upstream, { errcode, errmsg: textOf(body.errmsg), status });
    if (status < 200 || status > 299) throw silence(this.upstream, `http_${status}`, call.isHarmless, { status });
    if (!body || errcode === undefined) throw silence(this.upstream, 'unreadable_answer', call.isHarmless, { status });
    return body;
  }

  /** Never the query, which holds the token or the secret, nor a body. */
  private report(
    call: Call,
    startedMs: number,
    { kind, code, status, wechatCode, requestId, cause }: UpstreamError,
  ): void {
    const reason = cause instanceof Error ? cause.message : undefined;
    this.options.log.warn(
      { ...factsOf(call, startedMs, { status }), kind, code, errcode: wechatCode, rid: requestId, reason },
      'wechat call failed',
    );
  }
}

const factsOf = (call: Call, startedMs: number, answer: { status: number | undefined }) => ({
  method: call.method,
  path: call.path,
  ...answer,
  ms: Math.round(performance.now() - startedMs),
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
