import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** SHA-256, hex. For tokens that are themselves random: no salt needed. */
export const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** 32 random bytes, URL-safe. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Compares without telling by its time where the difference is. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Encrypts personal data at rest (AES-256-GCM); `about` binds a value to its place, so that it cannot be moved to another one. */
export interface Vault {
  seal(plain: string, about: string): string;
  /** @throws {Error} when the value was altered, moved, or sealed with another key */
  open(sealed: string, about: string): string;
  /** A keyed hash, for finding a value without storing it. */
  fingerprint(plain: string, about: string): string;
}

const VERSION = 'v1';

export function createVault(secretKeyHex: string): Vault {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', Buffer.from(secretKeyHex, 'hex'), '', use, 32));
  const sealKey = derive('tongban fields at rest');
  const hashKey = derive('tongban fingerprints');
  return {
    seal(plain, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(sealed, about) {
      const [version, text = ''] = sealed.split('.');
      const bytes = Buffer.from(text, 'base64url');
      if (version !== VERSION || bytes.length < 28) throw new Error('not a sealed value');
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, 12)).setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
    fingerprint: (plain, about) => createHmac('sha256', hashKey).update(`${about}\n${plain}`).digest('hex'),
  };
}
