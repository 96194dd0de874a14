import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** A clock may be off by so many steps. */
const WINDOW = 1;
const SECRET_BYTES = 20;

const totp = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS });

/** Base32. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What an authenticator app reads from a QR code. */
export const totpUri = (secret: string, issuer: string, username: string): string =>
  new TOTP({ issuer, label: username, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS }).toString();

/** The time step that a code belongs to; null when it belongs to none near `at`. Whoever accepts it remembers the step. */
export function stepOfCode(secret: string, code: string, at: Date): number | null {
  const delta = totp(secret).validate({ token: code, timestamp: at.getTime(), window: WINDOW });
  return delta === null ? null : Math.floor(at.getTime() / 1000 / PERIOD_SECONDS) + delta;
}

/** The code that was shown one step ago. */
export const codeBefore = (secret: string, at: Date): string =>
  totp(secret).generate({ timestamp: at.getTime() - PERIOD_SECONDS * 1000 });
