import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { daysBeingFetched } from '../reconciliation/index.ts';

const LOOK_EVERY_MS = 250;

export interface WatchOptions {
  /** So long nothing may move while nobody is at it. */
  patienceMs: number;
  show(done: number, isEnd: boolean): void;
}

/** done: each was tried · nobody: no server works on the jobs · failing: one does and cannot. */
export interface WatchEnd {
  is: 'done' | 'nobody' | 'failing';
  /** Days that nobody has come to. */
  left: string[];
}

/** Watches days whose bills were asked for until each was tried, or nothing moves any more. */
export async function watchFetching(
  db: EntityManager,
  days: readonly string[],
  options: WatchOptions,
): Promise<WatchEnd> {
  const { patienceMs, show } = options;
  let before = days.length;
  let movedAt = performance.now();
  for (;;) {
    const { left, isWorkedOn, wasTried } = await daysBeingFetched({ db, now: () => new Date() }, days);
    if (left.length < before || isWorkedOn) movedAt = performance.now();
    before = left.length;
    const isOver = performance.now() - movedAt > patienceMs;
    const isEnd = left.length === 0 || isOver;
    show(days.length - left.length, isEnd);
    if (left.length === 0) return { is: 'done', left };
    if (isOver) return { is: wasTried ? 'failing' : 'nobody', left };
    await pause(LOOK_EVERY_MS);
  }
}
