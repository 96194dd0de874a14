import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Config } from '../../../config/index.ts';

/** What a merchant gets from WeChat Pay, and how to reach it. */
export interface WechatPaySettings {
  mchid: string;
  /** Serial number of the merchant API certificate: 40 hex characters, in capitals. */
  merchantSerial: string;
  merchantPrivateKeyPem: string;
  merchantCertificatePem: string;
  /** 32 bytes; opens sealed content, never signs. */
  apiV3Key: string;
  /** Public-key mode. The id is used to the letter. */
  publicKey?: { id: string; pem: string } | undefined;
  /** Certificate mode. Together with `publicKey`: both, while the merchant switches. */
  useCertificates: boolean;
  /** Default `https://api.mch.weixin.qq.com`. */
  origin: string;
  /** Default `https://api2.mch.weixin.qq.com`. The same as `origin`: there is no second domain. */
  backupOrigin: string;
  /** Until a connection stands, TLS included. Default 5000. */
  connectTimeoutMs: number;
  /** One call from beginning to end, the second domain included. Default 15000. */
  timeoutMs: number;
}

export const wechatPayDefaults = {
  useCertificates: false,
  origin: 'https://api.mch.weixin.qq.com',
  backupOrigin: 'https://api2.mch.weixin.qq.com',
  connectTimeoutMs: 5000,
  timeoutMs: 15000,
} as const satisfies Partial<WechatPaySettings>;

/** What the configuration says of WeChat Pay. */
export const wechatPaySettings = (config: Config): WechatPaySettings => ({
  mchid: config.WECHAT_PAY_MCHID,
  merchantSerial: config.WECHAT_PAY_MERCHANT_SERIAL,
  merchantPrivateKeyPem: config.WECHAT_PAY_MERCHANT_KEY,
  merchantCertificatePem: config.WECHAT_PAY_MERCHANT_CERTIFICATE,
  apiV3Key: config.WECHAT_PAY_API_V3_KEY,
  publicKey:
    config.WECHAT_PAY_PUBLIC_KEY_ID && config.WECHAT_PAY_PUBLIC_KEY
      ? { id: config.WECHAT_PAY_PUBLIC_KEY_ID, pem: config.WECHAT_PAY_PUBLIC_KEY }
      : undefined,
  useCertificates: config.WECHAT_PAY_USE_CERTIFICATES,
  origin: config.WECHAT_PAY_ORIGIN,
  backupOrigin: config.WECHAT_PAY_BACKUP_ORIGIN,
  connectTimeoutMs: config.WECHAT_PAY_CONNECT_TIMEOUT_MS,
  timeoutMs: config.WECHAT_PAY_TIMEOUT_MS,
});

/** The WeChat Pay public key of public-key mode. */
export interface WechatPayPublicKey {
  id: string;
  key: KeyObject;
}

export interface KeyMaterial {
  merchantKey: KeyObject;
  publicKey: WechatPayPublicKey | null;
  /** The 32 bytes of the APIv3 key. */
  sealKey: Buffer;
}

/**
 * Reads the keys once, at start, so that a wrong file is a failing start and not a failing payment.
 * @throws Error that names every fault and quotes no key
 */
export function readKeyMaterial(settings: WechatPaySettings): KeyMaterial {
  const faults: string[] = [];
  const readable = <T>(what: string, read: () => T): T | null => {
    try {
      return read();
    } catch {
      faults.push(`${what} cannot be read`);
      return null;
    }
  };

  const merchantKey = readable('the merchant private key', () => createPrivateKey(settings.merchantPrivateKeyPem));
  const certificate = readable('the merchant certificate', () => new X509Certificate(settings.merchantCertificatePem));
  if (merchantKey && certificate && !certificate.checkPrivateKey(merchantKey)) {
    faults.push('the merchant private key does not belong to the merchant certificate');
  }
  if (certificate && !isSameSerial(certificate.serialNumber, settings.merchantSerial)) {
    faults.push('the merchant serial is not the serial of the merchant certificate');
  }

  const sealKey = Buffer.from(settings.apiV3Key, 'utf8');
  if (sealKey.length !== 32) faults.push('the APIv3 key is not 32 bytes long');

  const { publicKey } = settings;
  const wechatKey = publicKey ? readable('the WeChat Pay public key', () => createPublicKey(publicKey.pem)) : null;
  if (wechatKey && wechatKey.asymmetricKeyType !== 'rsa') faults.push('the WeChat Pay public key is not an RSA key');
  if (!publicKey && !settings.useCertificates) {
    faults.push('neither the WeChat Pay public key nor platform certificates are configured');
  }

  if (faults.length > 0 || !merchantKey) throw new Error(`WeChat Pay is configured wrongly: ${faults.join('; ')}`);
  return { merchantKey, publicKey: publicKey && wechatKey ? { id: publicKey.id, key: wechatKey } : null, sealKey };
}

/** Serial numbers are compared as numbers: leading zeros and letter case differ between tools. */
export const isSameSerial = (one: string, other: string): boolean => plainSerial(one) === plainSerial(other);

const plainSerial = (serial: string): string => serial.toUpperCase().replace(/^0+/, '');
