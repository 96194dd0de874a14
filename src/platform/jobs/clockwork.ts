import { Cron } from 'croner';
import { ScheduleSlot } from '../../../entities/schedule-slot.ts';
import { isDuplicate } from '../database/index.ts';
import type { Desk } from '../work.ts';
import { enqueue } from './enqueue.ts';

declare module './enqueue.ts' {
  interface JobPayloads {
    /** A turn of timed work has come. */
    'schedule.turn': { name: string; slot: string };
  }
}

const IN_SHANGHAI = { timezone: 'Asia/Shanghai' } as const;

/** Something that happens by the clock. */
export interface TimedWork {
  name: string;
  /** Cron pattern in Shanghai time. */
  pattern: string;
  run(desk: Desk): Promise<void>;
}

/** Every process watches the clock; the first to write a turn down makes the job of it, the others leave it. */
export function startClockwork(desk: Desk, works: readonly TimedWork[]): { stop(): void } {
  const crons = works.map(
    ({ name, pattern }) =>
      new Cron(pattern, { ...IN_SHANGHAI, unref: true }, () =>
        takeTurn(desk, name, plannedTurn(pattern, new Date())).then(
          () => undefined,
          (error: unknown) => desk.log.error({ err: error, name }, 'a turn could not be taken'),
        ),
      ),
  );
  return { stop: () => crons.forEach((cron) => cron.stop()) };
}

/** The turn that it is now: a busy process wakes late, and must still mean the same turn as the others. */
export function plannedTurn(pattern: string, at: Date): Date {
  // The turn of this very instant does not count as a previous one.
  const justAfter = new Date(at.getTime() + 1);
  const [turn] = new Cron(pattern, { ...IN_SHANGHAI, paused: true }).previousRuns(1, justAfter);
  if (!turn) throw new Error(`no turn of ${pattern} has ever come`);
  return turn;
}

/** @returns false when the turn was taken before, by whomever */
export async function takeTurn(desk: Desk, name: string, slotAt: Date): Promise<boolean> {
  const slot = slotAt.toISOString();
  try {
    await desk.transaction(async (work) => {
      await work.db.insert(ScheduleSlot, { name, slot, takenAt: work.now() });
      await enqueue(work, 'schedule.turn', { name, slot });
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
