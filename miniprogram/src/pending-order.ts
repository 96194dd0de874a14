import type { PlaceOrderBody } from '../../src/contracts/index.ts';
import type { Refusal } from './refusal.ts';

/** Where the phone keeps small things between starts. */
export interface Shelf {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
}

const NAME = 'tongban.pending-order';

/**
 * The key under which this order is asked for. The same wish keeps its key until the order exists, through lost
 * answers and restarts, so that asking again cannot order twice; another wish gets another key.
 */
export function keyOfOrder(shelf: Shelf, wanted: PlaceOrderBody): string {
  const wish = fingerprint(JSON.stringify(wanted));
  const kept = shelf.get(NAME);
  if (kept !== null) {
    const pending = JSON.parse(kept) as { key: string; wish: string };
    if (pending.wish === wish) return pending.key;
  }
  const key = newKey();
  shelf.set(NAME, JSON.stringify({ key, wish }));
  return key;
}

/** The order exists, or the server has said for certain that it will not: the next one is a new one. */
export const orderIsSettled = (shelf: Shelf): void => shelf.remove(NAME);

/** After these the same wish may still become an order, so its key is kept. */
export const mayStillOrder = (refusal: Refusal): boolean =>
  refusal.status >= 500 || refusal.status === 401 || refusal.status === 429 || refusal.code === 'request.in_progress';

/** Tells wishes apart without leaving names and numbers of people in the phone's storage (FNV-1a, 32 bits). */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${text.length}-${(hash >>> 0).toString(36)}`;
}

/** Unlikely to repeat for one person, which is all it must be; the mini-program has no synchronous secure random. */
function newKey(): string {
  const part = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0');
  return `${Date.now().toString(36)}-${part()}-${part()}`;
}
