import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import type { Vault } from '../crypto.ts';
import type { Database } from '../database/index.ts';
import { UpstreamError, type Upstream } from '../errors.ts';
import { newId } from '../ids.ts';
import { CredentialRow, type Held } from './credential-row.ts';
import { isUpstream } from './failure.ts';

export interface CredentialStoreOptions {
  upstream: Upstream;
  /** Of the row: `appid:access_token`. */
  name: string;
  /** Asks WeChat. */
  fetch: () => Promise<{ value: string; lifeSeconds: number }>;
  /** How long `fetch` may take at most; a process that holds the lease longer is taken for dead. */
  fetchMs: number;
  /** How long before its end it is replaced; 285 s unless said. */
  renewBeforeMs?: number;
  database: Database;
  vault: Vault;
  now: () => Date;
  log: Logger;
}

/**
 * In its last 5 minutes a token is replaced, and until its end both work. A little less than 5: asked a second too early,
 * WeChat would give the same token back. Source: official documentation, stable access token.
 */
const RENEW_BEFORE_MS = 285_000;
/** A credential that dies while the call is under way is of no use. */
const DYING_MS = 5_000;
const LEASE_MARGIN_MS = 2_000;
const POLL_MS = 50;
/** A refusal (address not allowed, wrong secret) is not asked for again at once: every try burns quota. */
/** What the row said is believed so long: an old token works for minutes beside a new one, and a refusal is looked into at once. */
const BELIEVE_MS = 1000;
const PAUSE_AFTER_FAILURE_MS = 10_000;

/**
 * One credential of one app, fetched once however many processes want it: inside a process by one promise, between
 * processes by a lease on the row.
 */
export class CredentialStore {
  private readonly row: CredentialRow;
  private readonly renewals = new Map<string, Promise<Held>>();
  private seen: { held: Held; at: number } | null = null;
  private failed: { error: UpstreamError; at: number } | null = null;

  constructor(private readonly options: CredentialStoreOptions) {
    this.row = new CredentialRow(options.database, options.vault, options.name);
  }

  /** @throws {UpstreamError} when there is none and none can be fetched */
  async current(): Promise<Held> {
    const now = this.options.now().getTime();
    if (this.seen && now - this.seen.at < BELIEVE_MS) return this.seen.held;
    const { held, generation } = await this.row.look();
    if (held && this.livesAfter(held, this.options.renewBeforeMs ?? RENEW_BEFORE_MS)) {
      this.seen = { held, at: now };
      return held;
    }
    return held && this.livesAfter(held, DYING_MS) ? this.renewInTime(held) : this.renew(generation, null);
  }

  /**
   * The one to use after WeChat refused `refused`: what somebody else has fetched meanwhile, else a new one.
   * @throws {UpstreamError}
   */
  async after(refused: Held): Promise<Held> {
    this.seen = null;
    const { held, generation } = await this.row.look();
    const isOther = held !== null && held.generation !== refused.generation;
    if (isOther && this.livesAfter(held, DYING_MS)) return held;
    return this.renew(generation, null);
  }

  /** One that came by another way than `fetch` takes the place of whatever there is. */
  async replace({ value, lifeSeconds }: { value: string; lifeSeconds: number }): Promise<void> {
    this.seen = null;
    this.failed = null;
    await this.row.replace(value, new Date(this.options.now().getTime() + lifeSeconds * 1000));
  }

  /** The old one still works: trouble with the new one is nobody's trouble yet. */
  private async renewInTime(held: Held): Promise<Held> {
    try {
      return await this.renew(held.generation, held);
    } catch (error) {
      if (isUpstream(error)) return held;
      throw error;
    }
  }

  /** @param meanwhile what to use while somebody else is fetching; null: wait for him */
  private renew(generation: number, meanwhile: Held | null): Promise<Held> {
    const failure = this.recentFailure(meanwhile !== null);
    if (failure) return Promise.reject(failure);

    const key = `${generation} ${meanwhile ? 'in time' : 'at once'}`;
    const started = this.renewals.get(key);
    if (started) return started;
    const renewal = this.fetchOrWait(generation, meanwhile).finally(() => this.renewals.delete(key));
    this.renewals.set(key, renewal);
    return renewal;
  }

  private async fetchOrWait(generation: number, meanwhile: Held | null): Promise<Held> {
    const giveUpAt = performance.now() + 2 * this.leaseMs;
    const lease = newId();
    while (performance.now() < giveUpAt) {
      const now = this.options.now();
      if (await this.row.lease(generation, lease, now, new Date(now.getTime() + this.leaseMs)))
        return this.fetchUnder(lease, generation);

      const { held } = await this.row.look();
      if (held && held.generation > generation) return held;
      if (meanwhile) return meanwhile;
      await pause(POLL_MS);
    }
    throw new UpstreamError(this.options.upstream, 'not_sent', 'token_unavailable', true, { action: 'backoff' });
  }

  private async fetchUnder(lease: string, generation: number): Promise<Held> {
    const { fetch, now, log, name } = this.options;
    const askedAt = now().getTime();
    try {
      const { value, lifeSeconds } = await fetch();
      const held = { value, generation: generation + 1, expiresAt: new Date(askedAt + lifeSeconds * 1000) };
      const isStored = await this.row.store(lease, held);
      this.failed = null;
      log.info({ credential: name, generation: held.generation, lifeSeconds, isStored }, 'wechat credential fetched');
      return held;
    } catch (error) {
      if (isUpstream(error)) this.failed = { error, at: now().getTime() };
      await this.row.giveBack(lease);
      throw error;
    }
  }

  /** What WeChat said a moment ago, when asking again can wait or is of no use. */
  private recentFailure(canWait: boolean): UpstreamError | null {
    if (!this.failed || this.options.now().getTime() - this.failed.at >= PAUSE_AFTER_FAILURE_MS) return null;
    return canWait || this.failed.error.action === 'surface' ? this.failed.error : null;
  }

  private livesAfter(held: Held, ms: number): boolean {
    return held.expiresAt.getTime() - this.options.now().getTime() > ms;
  }

  private get leaseMs(): number {
    return this.options.fetchMs + LEASE_MARGIN_MS;
  }
}
