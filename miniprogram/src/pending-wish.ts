import { Refusal } from './refusal.ts';

/** Where the phone keeps small things between starts. */
export interface Shelf {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
}

/** What is asked for at most once, however often it is sent. */
type Wish = 'order' | 'invoice';

const nameOf = (what: Wish): string => `tongban.pending-${what}`;

/**
 * The key under which this is asked for. The same wish keeps its key until it is fulfilled, through lost answers and
 * restarts, so that asking again cannot order twice; another wish gets another key.
 */
export function keyOf(shelf: Shelf, what: Wish, wanted: object): string {
  const wish = fingerprint(JSON.stringify(wanted));
  const kept = shelf.get(nameOf(what));
  if (kept !== null) {
    const pending = JSON.parse(kept) as { key: string; wish: string };
    if (pending.wish === wish) return pending.key;
  }
  const key = newKey();
  shelf.set(nameOf(what), JSON.stringify({ key, wish }));
  return key;
}

/** After these the same wish may still be fulfilled, so its key is kept. */
export const mayStillCome = (refusal: Refusal): boolean =>
  refusal.status >= 500 || refusal.status === 401 || refusal.status === 429 || refusal.code === 'request.in_progress';

/** It is there, or the server has said for certain that it will not be: the next one is a new one. */
export const isSettled = (shelf: Shelf, what: Wish): void => shelf.remove(nameOf(what));

/** Sends a wish under its key, and lets go of the key as soon as it is known how it ended. */
export async function sendOnce<T>(
  shelf: Shelf,
  what: Wish,
  wanted: object,
  send: (key: string) => Promise<T>,
): Promise<T> {
  try {
    const fulfilled = await send(keyOf(shelf, what, wanted));
    isSettled(shelf, what);
    return fulfilled;
  } catch (refused) {
    if (refused instanceof Refusal && !mayStillCome(refused)) isSettled(shelf, what);
    throw refused;
  }
}

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
