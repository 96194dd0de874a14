import type { Job } from '../../../entities/job.ts';
import { shanghaiDay } from '../calendar.ts';
import { needsOperator, UpstreamError } from '../errors.ts';
import { NotYet } from './not-yet.ts';

/** Hourly attempts through an outage of three days; after them a job is given up and kept for a person. */
export const MAX_ATTEMPTS = 84;
/** From here on somebody should look at it, though it may still heal by itself. */
export const WORRYING_ATTEMPTS = 12;
const MAX_BACKOFF_MS = 3600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600_000;

/** What becomes of a job that was not done. */
export type Fate = { state: 'waiting'; runAt: Date; attempts: number } | { state: 'dead' };

/** 2, 4, 8 … seconds, at most an hour, with jitter so that many do not come back at once. */
export const backoffMs = (attempts: number): number =>
  Math.min(1000 * 2 ** attempts, MAX_BACKOFF_MS) * (0.75 + Math.random() / 2);

export function fateOf({ attempts }: Pick<Job, 'attempts'>, error: unknown, now: Date): Fate {
  if (error instanceof NotYet) return { state: 'waiting', runAt: error.at, attempts: attempts - 1 };
  const isHopeless =
    error instanceof UpstreamError && error.kind === 'refused' && !error.retryable && !needsOperator(error);
  if (isHopeless || attempts >= MAX_ATTEMPTS) return { state: 'dead' };
  return { state: 'waiting', runAt: nextTry(error, attempts, now), attempts };
}

/** When a quota is used up, asking before it is new only burns the next one; what a person must mend takes a while. */
function nextTry(error: unknown, attempts: number, now: Date): Date {
  const backoff = backoffMs(attempts);
  const action = error instanceof UpstreamError ? error.action : undefined;
  if (action === 'wait_day') return new Date(nextShanghaiDay(now).getTime() + Math.max(MINUTE_MS, backoff));
  if (action === 'wait_minute') return new Date(now.getTime() + Math.max(MINUTE_MS, backoff));
  const isForPerson = error instanceof UpstreamError && needsOperator(error);
  return new Date(now.getTime() + (isForPerson ? Math.max(10 * MINUTE_MS, backoff) : backoff));
}

const nextShanghaiDay = (now: Date): Date =>
  new Date(new Date(`${shanghaiDay(now)}T00:00:00+08:00`).getTime() + DAY_MS);

/** A code or a name; a message may hold personal data. */
export function faultOf(error: unknown): string {
  if (error instanceof UpstreamError) return `${error.kind}: ${error.code}`.slice(0, 255);
  return (error instanceof Error ? error.name : typeof error).slice(0, 255);
}
