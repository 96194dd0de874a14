import type { Logger } from 'pino';
import { z } from 'zod';
import type { Vault } from '../crypto.ts';
import type { Database } from '../database/index.ts';
import type { Upstream } from '../errors.ts';
import { wholeNumber } from './answer.ts';
import { CredentialStore } from './credential-store.ts';
import { type Call, Exchange } from './exchange.ts';
import { renamed } from './failure.ts';
import { isTokenRefused, understoodAnswer, underToken } from './under-token.ts';

export interface AppSettings {
  appid: string;
  secret: string;
  /** `https://api.weixin.qq.com` */
  origin: string;
  timeoutMs: number;
}

/** What a gateway is made in. */
export interface AppWorld {
  database: Database;
  vault: Vault;
  now: () => Date;
  log: Logger;
}

const BOTH_TRIES = 2;
const TICKET_CALLS = 4;

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: wholeNumber.pipe(z.int().positive()) });
const quotaAnswer = z
  .object({ quota: z.object({ daily_limit: wholeNumber, used: wholeNumber }) })
  .transform(({ quota }): DayQuota | null =>
    quota.daily_limit > 0 ? { limit: quota.daily_limit, used: quota.used } : null,
  );
const ticketAnswer = z.object({ ticket: z.string().min(1), expires_in: wholeNumber.pipe(z.int().positive()) });

/** What WeChat's openApi management says of one path. */
export interface DayQuota {
  limit: number;
  used: number;
}

/** The calls of one app, with its shared token or without. */
export class AppApi {
  private readonly exchange: Exchange;
  private readonly tokens: CredentialStore;
  private readonly tickets: CredentialStore;

  constructor(
    readonly upstream: Upstream,
    readonly settings: AppSettings,
    world: AppWorld,
  ) {
    const { origin, timeoutMs, appid } = settings;
    const log = world.log.child({ upstream });
    this.exchange = new Exchange({ upstream, origin, timeoutMs, log });
    const store = (kind: string, fetchMs: number, fetch: () => Promise<{ value: string; lifeSeconds: number }>) =>
      new CredentialStore({ ...world, log, upstream, name: `${appid}:${kind}`, fetchMs, fetch });
    this.tokens = store('access_token', BOTH_TRIES * timeoutMs, () => this.fetchToken());
    this.tickets = store('jsapi_ticket', TICKET_CALLS * timeoutMs, () => this.fetchTicket());
  }

  /** A call that proves itself by the app's secret, or by a user's token. @throws {UpstreamError} */
  async callOpenly<T>(call: Call, shape: z.ZodType<T>): Promise<T> {
    return this.understood(await this.exchange.send(call), shape, call.isHarmless);
  }

  /**
   * A call under the app's token. A refused token is replaced, and the call made once more.
   * @throws {UpstreamError}
   */
  async call<T>(call: Call, shape: z.ZodType<T>): Promise<T> {
    return this.understood(await this.callUnread(call), shape, call.isHarmless);
  }

  /** The same for a caller that reads the answer itself. @throws {UpstreamError} */
  async callUnread(call: Call): Promise<Record<string, unknown>> {
    return underToken(this.tokens, (token) => this.exchange.send(call, token));
  }

  /** Calls of one path that the account may make this Beijing day; null where WeChat names no limit. @throws {UpstreamError} */
  async dayQuota(path: string): Promise<DayQuota | null> {
    const body = { cgi_path: path };
    const call: Call = { method: 'POST', path: '/cgi-bin/openapi/quota/get', body, isHarmless: true, isAwaited: true };
    return this.call(call, quotaAnswer);
  }

  /** For the signature of web pages. @throws {UpstreamError} */
  async jsapiTicket(): Promise<string> {
    return (await this.tickets.current()).value;
  }

  /** @throws {UpstreamError} unknown, when the answer is not what the documentation promises */
  understood<T>(answer: unknown, shape: z.ZodType<T>, isHarmless: boolean): T {
    return understoodAnswer(this.upstream, answer, shape, isHarmless);
  }

  close(): Promise<void> {
    return this.exchange.close();
  }

  /** Never with force_refresh: it kills the token that others are using, and works 20 times a day. */
  private async fetchToken() {
    const { appid, secret } = this.settings;
    const body = { grant_type: 'client_credential', appid, secret, force_refresh: false };
    const call: Call = { method: 'POST', path: '/cgi-bin/stable_token', body, isHarmless: true, isAwaited: true };
    try {
      const answer = await this.callOpenly(call, tokenAnswer);
      return { value: answer.access_token, lifeSeconds: answer.expires_in };
    } catch (error) {
      // Here "bad token" can only mean a wrong secret.
      throw isTokenRefused(error) ? renamed(error, 'refused', 'secret_wrong', 'surface') : error;
    }
  }

  private async fetchTicket() {
    const path = '/cgi-bin/ticket/getticket';
    const call: Call = { method: 'GET', path, query: { type: 'jsapi' }, isHarmless: true, isAwaited: true };
    const answer = await this.call(call, ticketAnswer);
    return { value: answer.ticket, lifeSeconds: answer.expires_in };
  }
}
