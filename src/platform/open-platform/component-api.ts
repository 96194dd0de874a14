import { z } from 'zod';
import { UpstreamError } from '../errors.ts';
import type { AppWorld } from '../wechat-api/app-api.ts';
import { CredentialRow } from '../wechat-api/credential-row.ts';
import { CredentialStore } from '../wechat-api/credential-store.ts';
import { type Call, Exchange } from '../wechat-api/exchange.ts';
import { isUpstream, renamed } from '../wechat-api/failure.ts';
import { isTokenRefused, understoodAnswer, underToken } from '../wechat-api/under-token.ts';
import type { OpenPlatformSettings } from './settings.ts';
import { componentTokenAnswer } from './shapes.ts';

/** Twelve hours. Source: official documentation, component_verify_ticket. */
const TICKET_LIFE_MS = 12 * 3600_000;
/** WeChat pushes one every ten minutes: asked for again sooner, nothing would have changed. */
const ASK_AGAIN_MS = 600_000;
/** Replaced about 1 h 50 after it was given, as the documentation advises. */
export const RENEW_BEFORE_MS = 600_000;
const CALLS_OF_A_FETCH = 4;

/** The calls of the third-party platform itself, under its token, which hangs on the newest ticket. */
export class ComponentApi {
  readonly exchange: Exchange;
  private readonly tokens: CredentialStore;
  private readonly ticket: CredentialRow;
  private askedAt: number | null = null;
  private refusedTicket: string | null = null;

  constructor(
    private readonly settings: OpenPlatformSettings,
    private readonly world: AppWorld,
  ) {
    const { appid, origin, timeoutMs } = settings;
    const log = world.log.child({ upstream: 'open-platform' });
    this.exchange = new Exchange({ upstream: 'open-platform', origin, timeoutMs, log });
    this.ticket = new CredentialRow(world.database, world.vault, `${appid}:verify_ticket`);
    this.tokens = new CredentialStore({
      ...world,
      log,
      upstream: 'open-platform',
      name: `${appid}:component_token`,
      fetchMs: CALLS_OF_A_FETCH * timeoutMs,
      renewBeforeMs: RENEW_BEFORE_MS,
      fetch: () => this.fetchToken(),
    });
  }

  /** A call of `/cgi-bin/component/`. @throws {UpstreamError} */
  async call<T>(name: string, body: object, shape: z.ZodType<T>, isHarmless = true): Promise<T> {
    const answer = await underToken(this.tokens, (token) =>
      this.exchange.send({ ...this.callTo(name, body, isHarmless), query: { component_access_token: token } }),
    );
    return understoodAnswer('open-platform', answer, shape, isHarmless);
  }

  async keepTicket(ticket: string, at: Date): Promise<void> {
    // One from the future would keep all others away.
    const madeAt = Math.min(at.getTime(), this.world.now().getTime());
    await this.ticket.storeLater(ticket, new Date(madeAt + TICKET_LIFE_MS));
  }

  private async fetchToken(): Promise<{ value: string; lifeSeconds: number }> {
    const ticket = await this.findTicket();
    if (ticket === null) throw await this.ticketMissing();
    const body = { component_appsecret: this.settings.secret, component_verify_ticket: ticket };
    try {
      return await this.callOpenly('api_component_token', body, componentTokenAnswer);
    } catch (error) {
      if (isUpstream(error) && error.code === 'ticket_refused') {
        this.refusedTicket = ticket;
        throw await this.ticketMissing(error);
      }
      // Here "bad token" can only mean a wrong secret.
      throw isTokenRefused(error) ? renamed(error, 'refused', 'secret_wrong', 'surface') : error;
    }
  }

  /** The newest one, unless WeChat has just refused it: every try burns quota. */
  private async findTicket(): Promise<string | null> {
    const { held } = await this.ticket.look();
    if (!held || held.expiresAt <= this.world.now()) return null;
    return held.value === this.refusedTicket && !this.mayAsk() ? null : held.value;
  }

  private mayAsk(): boolean {
    return this.askedAt === null || this.world.now().getTime() - this.askedAt >= ASK_AGAIN_MS;
  }

  /** Asks WeChat to push tickets again; whoever needs one comes later. */
  private async ticketMissing(cause?: UpstreamError): Promise<UpstreamError> {
    if (this.mayAsk()) {
      this.askedAt = this.world.now().getTime();
      await this.callOpenly('api_start_push_ticket', { component_secret: this.settings.secret }, z.unknown());
    }
    return new UpstreamError('open-platform', 'not_sent', 'ticket_missing', true, { action: 'backoff', cause });
  }

  private async callOpenly<T>(name: string, body: object, shape: z.ZodType<T>): Promise<T> {
    return understoodAnswer('open-platform', await this.exchange.send(this.callTo(name, body, true)), shape, true);
  }

  private callTo(name: string, body: object, isHarmless: boolean): Call {
    const path = `/cgi-bin/component/${name}`;
    return {
      method: 'POST',
      path,
      body: { component_appid: this.settings.appid, ...body },
      isHarmless,
      isAwaited: true,
    };
  }
}
