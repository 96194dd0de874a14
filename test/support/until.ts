import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

/** @throws {Error} naming what did not come true in time */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(20)) if (await isSo()) return;
  throw new Error(`in vain waited until ${what}`);
}
