import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { failure } from './errors.ts';
import { type FieldSeal, fieldSealOf } from './seal.ts';
import type { WechatPayPublicKey } from './settings.ts';

const REFRESH_MS = 60 * 60_000;
/** After a refresh that failed. Also the least time between two refreshes that answers ask for. */
const RETRY_MS = 60_000;

/** A platform certificate of certificate mode. */
export interface PlatformCertificate {
  /** As WeChat spells it in `Wechatpay-Serial`. */
  serial: string;
  key: KeyObject;
  expiresAt: Date;
}

export interface KeyStoreOptions {
  publicKey: WechatPayPublicKey | null;
  /** Fetches the platform certificates; absent in pure public-key mode. Empty when the merchant has none. */
  download: (() => Promise<PlatformCertificate[]>) | null;
  now: () => Date;
  log: Logger;
}

/**
 * The keys that WeChat Pay signs with: the public key by its id, platform certificates by serial number, both while a
 * merchant switches. Only the timer and answers to our own calls fetch certificates; notices never do,
 * or a stranger could make us call out.
 */
export class KeyStore {
  private certificates = new Map<string, PlatformCertificate>();
  private refreshing: Promise<void> | null = null;
  private refreshedAtMs: number | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: KeyStoreOptions) {}

  find = (serial: string): KeyObject | null => {
    const { publicKey, now } = this.options;
    if (publicKey && serial === publicKey.id) return publicKey.key;
    const certificate = this.certificates.get(serial);
    return certificate && certificate.expiresAt > now() ? certificate.key : null;
  };

  /**
   * For fields that only WeChat shall read: the public key, or the platform certificate that lasts longest.
   * @throws UpstreamError while there is none
   */
  fieldSeal = (): FieldSeal => {
    const { publicKey, now } = this.options;
    if (publicKey) return fieldSealOf(publicKey.id, publicKey.key);
    const newest = [...this.certificates.values()].toSorted((one, other) => +other.expiresAt - +one.expiresAt)[0];
    if (!newest || newest.expiresAt <= now()) throw failure('unknown', 'no_key_for_fields');
    return fieldSealOf(newest.serial, newest.key);
  };

  /** For an answer with an unknown serial number; at most once a minute. True when the keys were fetched anew. */
  async refreshForAnswer(): Promise<boolean> {
    if (!this.options.download || (this.isRefreshedLately() && !this.refreshing)) return false;
    return this.refreshed();
  }

  /** @throws UpstreamError */
  refresh(): Promise<void> {
    this.refreshing ??= this.fetch().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** Resolves after the first attempt, whether it succeeded or not: WeChat being away must not keep us from starting. */
  async start(): Promise<void> {
    if (!this.options.download || this.timer) return;
    this.timer = setTimeout(() => void this.tick(), REFRESH_MS).unref();
    await this.tick();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private async tick(): Promise<void> {
    const succeeded = await this.refreshed();
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.tick(), succeeded ? REFRESH_MS : RETRY_MS).unref();
  }

  private async refreshed(): Promise<boolean> {
    try {
      await this.refresh();
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : 'unexpected';
      this.options.log.error({ code }, 'wechat pay platform certificates could not be fetched');
      return false;
    }
  }

  private async fetch(): Promise<void> {
    const { download, publicKey, now, log } = this.options;
    if (!download) return;
    this.refreshedAtMs = now().getTime();

    const fresh = await download();
    if (fresh.length === 0) {
      if (!publicKey) throw failure('refused', 'no_platform_certificate');
      return log.info('the merchant has no platform certificate; the WeChat Pay public key alone is used');
    }
    this.certificates = new Map(fresh.map((certificate) => [certificate.serial, certificate]));
  }

  private isRefreshedLately(): boolean {
    return this.refreshedAtMs !== null && this.options.now().getTime() - this.refreshedAtMs < RETRY_MS;
  }
}
