import type { Account } from '../../entities/account.ts';
import type { ApiRights, VerificationState } from '../contracts/accounts.ts';
import type { Standing } from './standing.ts';

/** The window in which the yearly review is to be made (platform documentation: 7,776,000 s). */
export const REVIEW_WINDOW_MS = 90 * 24 * 3600_000;

export type Derived = Pick<Account, 'state' | 'rights' | 'tick' | 'expiresAt' | 'reviewFrom' | 'nextTurnAt'>;

/** What the standing means at this time, in the order of WeChat's table: the first that fits. */
export function derive(standing: Standing, now: Date): Derived {
  const expiresAt = standing.expiry?.value ?? null;
  const reviewFrom = reviewFromOf(standing, expiresAt);
  const isOver = expiresAt !== null && now > expiresAt;
  const rights = rightsOf(standing, isOver);
  const turns = [reviewFrom, expiresAt && new Date(expiresAt.getTime() + 1)].filter((at) => at !== null && at > now);
  return {
    state: stateOf(standing, { isOver, isInReview: reviewFrom !== null && reviewFrom <= now }),
    rights,
    tick: rights === 'granted' && standing.naming?.value ? 'shown' : '',
    expiresAt,
    reviewFrom,
    nextTurnAt: (turns as Date[]).toSorted((one, other) => +one - +other)[0] ?? null,
  };
}

function stateOf(
  standing: Standing,
  { isOver, isInReview }: { isOver: boolean; isInReview: boolean },
): VerificationState {
  const { qualification, naming, attempt, real_name: realName, wasQualified } = standing;
  const isQualified = qualification?.value === true;
  if (isOver || (wasQualified && !isQualified)) return 'expired';
  if (attempt?.value === 'failed') return 'failed';
  if (attempt?.value === 'pending' || realName?.value === 'in_progress') return 'pending';
  if (isQualified && isInReview) return 'renewal_due';
  if (isQualified) return naming?.value ? 'verified' : 'qualified_no_name';
  return qualification || attempt || realName ? 'unverified' : 'unknown';
}

function rightsOf({ qualification, attempt }: Standing, isOver: boolean): ApiRights {
  if (!qualification) return attempt || isOver ? 'none' : 'unknown';
  return qualification.value && !isOver ? 'granted' : 'none';
}

/** As WeChat says, else computed from the end. */
function reviewFromOf({ review }: Standing, expiresAt: Date | null): Date | null {
  const computed = expiresAt && new Date(expiresAt.getTime() - REVIEW_WINDOW_MS);
  if (!review?.value || !expiresAt) return computed;
  // What was said of the window of an earlier period says nothing of this one.
  const isOfThisPeriod =
    expiresAt.getTime() - review.value.getTime() <= 2 * REVIEW_WINDOW_MS && review.value < expiresAt;
  return isOfThisPeriod ? review.value : computed;
}
