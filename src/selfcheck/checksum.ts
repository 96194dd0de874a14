import { sha256 } from '../platform/crypto.ts';

const NOTHING = '0'.repeat(64);
/** `id="sha256">…` of the page, `"sha256": "…` of the JSON. */
const PLACE = /(sha256"[>:] ?"?)([0-9a-f]{64})/;

/** What `make` makes, with the SHA-256 over itself in its place; there, zeros count. */
export function withChecksum(make: (sum: string) => string): { text: string; sum: string } {
  const sum = sha256(make(NOTHING));
  return { text: make(sum), sum };
}

/** Whether a text is as it was made; null when it carries no checksum. */
export function isUnchanged(text: string): boolean | null {
  const sum = PLACE.exec(text)?.[2];
  return sum ? sha256(text.replace(PLACE, `$1${NOTHING}`)) === sum : null;
}
