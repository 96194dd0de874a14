import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Kit } from '../kit.ts';
import type { PaySettings } from './settings.ts';

/** A key of WeChat Pay's with the name that `Wechatpay-Serial` carries. */
export interface SigningKey {
  serial: string;
  key: KeyObject;
}

/** Keys read once, and the choice among them. */
export class KeyRing {
  readonly merchantKey: KeyObject;
  private readonly publicKey: SigningKey;
  private readonly older: SigningKey;
  private readonly newer: SigningKey;
  private certificateTurn = 0;
  private callbackTurn = 0;

  constructor(kit: Kit) {
    const [older, newer] = kit.platformCertificates;
    this.merchantKey = createPublicKey(kit.merchant.certificatePem);
    this.publicKey = { serial: kit.publicKey.id, key: createPrivateKey(kit.publicKey.privateKeyPem) };
    this.older = { serial: older.serial, key: createPrivateKey(older.privateKeyPem) };
    this.newer = { serial: newer.serial, key: createPrivateKey(newer.privateKeyPem) };
  }

  /**
   * The key for an answer. The request's own `Wechatpay-Serial` decides as far as the mode has that key; without it a
   * merchant who is switching is still answered with a certificate (WeChat Pay documentation 4012154180).
   */
  forAnswer(settings: PaySettings, asked: string): SigningKey {
    if (settings.keyMode === 'public-key') return this.publicKey;
    const has = settings.keyMode === 'switching' ? [this.older, this.newer, this.publicKey] : [this.older, this.newer];
    return has.find(({ serial }) => serial === asked) ?? this.certificate(settings);
  }

  /** The key for a notice: nobody asks, so the share that the merchant set decides. */
  forNotice(settings: PaySettings): SigningKey {
    if (settings.keyMode === 'public-key') return this.publicKey;
    if (settings.keyMode === 'certificate') return this.certificate(settings);
    const before = Math.floor((this.callbackTurn * settings.callbackShare) / 100);
    const after = Math.floor((++this.callbackTurn * settings.callbackShare) / 100);
    return after > before ? this.publicKey : this.certificate(settings);
  }

  /** What opens fields that the merchant encrypted with the key of that name; null: not a key of this mode. */
  forField({ keyMode }: PaySettings, serial: string): KeyObject | null {
    const certificates = keyMode === 'public-key' ? [] : [this.older, this.newer];
    const has = keyMode === 'certificate' ? certificates : [...certificates, this.publicKey];
    return has.find((candidate) => candidate.serial === serial)?.key ?? null;
  }

  private certificate({ certificateInUse }: PaySettings): SigningKey {
    if (certificateInUse === 'mixed') return this.certificateTurn++ % 2 === 0 ? this.older : this.newer;
    return certificateInUse === 'older' ? this.older : this.newer;
  }
}
