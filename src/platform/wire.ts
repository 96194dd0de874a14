import { Agent, buildConnector, request } from 'undici';

/** Headers of an answer or a message, names in lower case. */
export type MessageHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface WireRequest {
  origin: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Path and query, to the letter. */
  target: string;
  headers: Record<string, string>;
  body: Buffer | null;
  /** The caller's own deadline. */
  signal: AbortSignal;
}

export interface WireAnswer {
  status: number;
  headers: MessageHeaders;
  rawBody: Buffer;
}

export interface WireOptions {
  /** Until a connection stands, TLS included. */
  connectTimeoutMs: number;
  /** Until the headers of the answer, and between two parts of its body. */
  timeoutMs: number;
  /** A longer answer is not read; a megabyte unless said. */
  maxAnswerBytes?: number;
}

/** WeChat closes idle connections after 8 s; ours end earlier, or a call would now and then meet a reset. */
const KEEP_ALIVE_MS = 6_000;
const KEEP_ALIVE_MAX_MS = 7_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
const CONNECTIONS = 256;

/** One exchange over the network: bytes out, bytes in. Follows no redirect, repeats nothing. */
export class Wire {
  private readonly agent: Agent;
  private readonly connectionFaults = new WeakSet<object>();

  constructor({ connectTimeoutMs, timeoutMs, maxAnswerBytes = MAX_ANSWER_BYTES }: WireOptions) {
    const connect = buildConnector({ timeout: connectTimeoutMs });
    this.agent = new Agent({
      connect: (options, done) =>
        connect(options, (...[error, socket]) => {
          if (!error) return done(null, socket);
          this.connectionFaults.add(error);
          done(error, null);
        }),
      connections: CONNECTIONS,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
      maxResponseSize: maxAnswerBytes,
    });
  }

  /** @throws whatever undici throws; see {@link wireFaultOf} and {@link isConnectionFault} */
  async send({ origin, method, target, headers, body, signal }: WireRequest): Promise<WireAnswer> {
    const answer = await request(origin + target, { dispatcher: this.agent, method, headers, body, signal });
    const rawBody = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: answer.headers, rawBody };
  }

  /** No connection stood (address, TCP, TLS), so nothing was sent. */
  isConnectionFault(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.connectionFaults.has(error);
  }

  /** Ends when the calls under way have ended. */
  async close(): Promise<void> {
    if (!this.agent.closed) await this.agent.close();
  }
}

/** What became of a request that was sent and brought no whole answer. */
export function wireFaultOf(error: unknown): 'timeout' | 'answer_too_large' | 'connection_lost' {
  const { name, code } = error as { name?: string; code?: unknown };
  if (name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return 'timeout';
  return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' ? 'answer_too_large' : 'connection_lost';
}
