import { isRefusalBody, NoAnswer, Refusal } from './refusal.ts';
import { readServerClock } from './server-clock.ts';

export interface Sending {
  /** WeChat's `wx.request` knows no PATCH. */
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, without an origin. */
  path: string;
  body?: unknown;
  headers: Record<string, string>;
  timeoutMs: number;
}

export interface Answer {
  status: number;
  /** Parsed JSON, or whatever text came back; null when nothing did. */
  body: unknown;
  header(name: string): string | null;
}

/** One HTTP exchange. Throws `NoAnswer` when there was none. */
export type Transport = (sending: Sending) => Promise<Answer>;

/** How requests are known to be this person's. */
export interface Session {
  headers(): Record<string, string>;
  /** False when it is certain that the server would answer 401, so that asking first saves a round trip. */
  isOpen(): boolean;
  /** Signs in without asking the person; false where that cannot be done. */
  renew(): Promise<boolean>;
}

export interface Asking {
  /** The answer depends on who asks. */
  personal?: boolean;
  query?: Record<string, string | number | null | undefined>;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

const PATIENCE_MS = 12_000;

function addressOf(path: string, query: Asking['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const pairs = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
}

/** The one way to the server: signs requests, signs in again once for all who need it, and turns refusals into `Refusal`. */
export function createClient(transport: Transport, session: Session) {
  let renewing: Promise<boolean> | null = null;
  /** Counts sign-ins, so that a late 401 of an old token does not cause another one. */
  let signIns = 0;

  /** One sign-in, however many requests wait for it. */
  function signInAgain(): Promise<boolean> {
    renewing ??= session
      .renew()
      .then((renewed) => {
        if (renewed) signIns += 1;
        return renewed;
      })
      .finally(() => {
        renewing = null;
      });
    return renewing;
  }

  async function exchange(sending: Omit<Sending, 'headers'>, headers: Record<string, string>): Promise<Answer> {
    const answer = await transport({ ...sending, headers: { ...headers, ...session.headers() } });
    readServerClock(answer.header('date'));
    return answer;
  }

  async function ask<T>(method: Sending['method'], path: string, body: unknown, asking: Asking): Promise<T> {
    const { personal = false, headers = {}, timeoutMs = PATIENCE_MS } = asking;
    const sending = { method, path: addressOf(path, asking.query), body, timeoutMs };
    if (personal && !session.isOpen()) await signInAgain();

    const sentAfter = signIns;
    let answer = await exchange(sending, headers);
    if (answer.status === 401 && personal && (sentAfter !== signIns || (await signInAgain())))
      answer = await exchange(sending, headers);
    return contentOf<T>(answer);
  }

  return {
    get: <T>(path: string, asking: Asking = {}) => ask<T>('GET', path, undefined, asking),
    post: <T>(path: string, body?: unknown, asking: Asking = {}) => ask<T>('POST', path, body ?? {}, asking),
    put: <T>(path: string, body: unknown, asking: Asking = {}) => ask<T>('PUT', path, body, asking),
    delete: (path: string, asking: Asking = {}) => ask<void>('DELETE', path, undefined, asking),
    signInAgain,
  };
}

/** The whole body of a good answer; throws `Refusal` for a bad one, `NoAnswer` when it is not the server's own. */
export function contentOf<T>(answer: Answer): T {
  const isGood = answer.status >= 200 && answer.status < 300;
  if (isGood && (answer.status === 204 || typeof answer.body === 'object')) return answer.body as T;
  if (!isGood && isRefusalBody(answer.body)) throw new Refusal(answer.status, answer.body.error);
  throw new NoAnswer('unreachable');
}
