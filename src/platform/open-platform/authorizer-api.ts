import type { Logger } from 'pino';
import type { z } from 'zod';
import type { AppWorld } from '../wechat-api/app-api.ts';
import { CredentialStore } from '../wechat-api/credential-store.ts';
import type { Call } from '../wechat-api/exchange.ts';
import { silence } from '../wechat-api/failure.ts';
import { understoodAnswer, underToken } from '../wechat-api/under-token.ts';
import type { Authorisations, HeldAuthorisation } from './authorisations.ts';
import { type ComponentApi, RENEW_BEFORE_MS } from './component-api.ts';
import { authorisationLost, isAuthorisationLost, lostReasonOf } from './lost.ts';
import type { OpenPlatformSettings } from './settings.ts';
import { authorizerAnswer, refreshedAnswer } from './shapes.ts';

/** The platform's own token, a refresh, a look at what WeChat holds, and a refresh again; each twice when WeChat is busy. */
const CALLS_OF_A_FETCH = 8;

/** Calls about the accounts of others, under what their owners granted. */
export class AuthorizerApi {
  private readonly stores = new Map<string, CredentialStore>();
  private readonly log: Logger;

  constructor(
    private readonly settings: OpenPlatformSettings,
    private readonly world: AppWorld,
    private readonly component: ComponentApi,
    private readonly authorisations: Authorisations,
  ) {
    this.log = world.log.child({ upstream: 'open-platform' });
  }

  /** A call under the account's token. @throws {UpstreamError} see `isAuthorisationLost` */
  async call<T>(appid: string, call: Call, shape: z.ZodType<T>): Promise<T> {
    const held = await this.usable(appid);
    const answer = await underToken(this.tokensOf(appid), (token) =>
      this.orLose(held, () => this.component.exchange.send(call, token)),
    );
    return understoodAnswer('open-platform', answer, shape, call.isHarmless);
  }

  /** What the platform is told of an account. @throws {UpstreamError} see `isAuthorisationLost` */
  async facts(appid: string): Promise<z.output<typeof authorizerAnswer>> {
    const held = await this.authorisations.find(appid);
    if (held?.isLost) throw authorisationLost();
    const told = await this.orLose(held, () => this.askFacts(appid));
    if (told.info.appid !== appid) throw silence('open-platform', 'unexpected_answer', true);
    return told;
  }

  /** The token that came with an authorisation takes the place of whatever there was. */
  async keepToken(appid: string, token: { value: string; lifeSeconds: number }): Promise<void> {
    await this.tokensOf(appid).replace(token);
  }

  private async usable(appid: string): Promise<HeldAuthorisation> {
    const held = await this.authorisations.find(appid);
    if (!held || held.isLost) throw authorisationLost();
    return held;
  }

  /** Remembers when WeChat says, of what is held, that it is lost. */
  private async orLose<T>(held: HeldAuthorisation | null, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (held && isAuthorisationLost(error)) {
        const reason = lostReasonOf(error);
        const isMarked = await this.authorisations.lose(held, reason, this.world.now());
        this.log.warn({ authorizer: held.appid, reason, isMarked }, 'authorisation lost');
      }
      throw error;
    }
  }

  private askFacts(appid: string) {
    return this.component.call('api_get_authorizer_info', { authorizer_appid: appid }, authorizerAnswer);
  }

  private tokensOf(appid: string): CredentialStore {
    const known = this.stores.get(appid);
    if (known) return known;
    const store = new CredentialStore({
      ...this.world,
      log: this.log,
      upstream: 'open-platform',
      name: `${appid}:authorizer_token`,
      fetchMs: CALLS_OF_A_FETCH * this.settings.timeoutMs,
      renewBeforeMs: RENEW_BEFORE_MS,
      fetch: () => this.fetchToken(appid),
    });
    this.stores.set(appid, store);
    return store;
  }

  /** Under the lease of the token, so by one process at a time. */
  private async fetchToken(appid: string): Promise<{ value: string; lifeSeconds: number }> {
    const held = await this.usable(appid);
    return this.orLose(held, async () => {
      try {
        if (held.refreshToken === null) throw authorisationLost();
        return await this.refresh(held, held.refreshToken);
      } catch (error) {
        const newer = isAuthorisationLost(error) ? await this.findNewer(held) : null;
        if (!newer) throw error;
        return this.refresh(newer.held, newer.refreshToken);
      }
    });
  }

  /** What WeChat gives back is stored first: a process that ends here has lost nothing. */
  private async refresh(
    held: HeldAuthorisation,
    refreshToken: string,
  ): Promise<{ value: string; lifeSeconds: number }> {
    const body = { authorizer_appid: held.appid, authorizer_refresh_token: refreshToken };
    const answer = await this.component.call('api_authorizer_token', body, refreshedAnswer);
    await this.authorisations.replace(held, answer.refreshToken ?? refreshToken);
    return answer;
  }

  /**
   * A refresh whose answer was lost leaves us with a token that is worth nothing, while WeChat holds the next one: it is told
   * with the facts of the account.
   */
  private async findNewer(tried: HeldAuthorisation): Promise<{ held: HeldAuthorisation; refreshToken: string } | null> {
    const stored = await this.authorisations.find(tried.appid);
    if (stored?.refreshToken && !stored.isLost && stored.generation !== tried.generation)
      return { held: stored, refreshToken: stored.refreshToken };
    const { refreshToken } = await this.askFacts(tried.appid);
    return refreshToken === null || refreshToken === tried.refreshToken ? null : { held: tried, refreshToken };
  }
}
