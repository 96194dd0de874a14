import type { Transaction } from '../platform/work.ts';

/** Longer than a call takes with everything that belongs to it: a token first, a second try. */
const SENDING_LEASE_MS = 2 * 60_000;

/** Until when nobody else takes up what this worker is at. */
export const leaseEnd = (work: Transaction) => new Date(work.now().getTime() + SENDING_LEASE_MS);
