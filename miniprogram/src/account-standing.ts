import { verificationStates } from '../../src/contracts/index.ts';
import type {
  AccountChangeView,
  BadgeView,
  CustomerAccountView,
  VerificationState,
} from '../../src/contracts/index.ts';
import { shanghaiDay, shanghaiMinute } from './shanghai-time.ts';
import { type StepIs, type Tone, toneOfVerification } from './tones.ts';
import { t } from './words.ts';

type Ending = Pick<CustomerAccountView, 'state' | 'expiresAt' | 'daysLeft'>;

/** Until when it holds, or since when it is over; null: there is no end that is known. */
export function endOf({ state, expiresAt, daysLeft }: Ending): string | null {
  if (expiresAt === null) return null;
  const day = shanghaiDay(expiresAt);
  if (state !== 'expired') return t('account.until', { day });
  return (daysLeft ?? 0) > 0 ? t('account.wasUntil', { day }) : t('account.overSince', { day });
}

/** How many days are left, or it has been over for. */
export function daysOf({ state, daysLeft }: Ending): string | null {
  if (daysLeft === null) return null;
  if (daysLeft < 0) return t('account.daysOver', { days: -daysLeft });
  if (state === 'expired') return null;
  return daysLeft === 0 ? t('account.lastDay') : t('account.daysLeft', { days: daysLeft });
}

/** While the verification holds, what became of an application for the next year takes nothing away. */
const APPLYING: readonly VerificationState[] = ['pending', 'failed'];
export const isOnlyApplying = ({ state, rights }: Pick<CustomerAccountView, 'state' | 'rights'>): boolean =>
  rights === 'granted' && APPLYING.includes(state);

export interface BadgeFace {
  tone: Tone;
  title: string;
  /** Below the title; null: nothing to add. */
  says: string | null;
}

/** What a stranger reads first. */
export function faceOf({ state, stateWords, isValid, expiresAt }: BadgeView): BadgeFace {
  if (state === 'expired') {
    const says = expiresAt === null ? null : t('account.overSince', { day: shanghaiDay(expiresAt) });
    return { tone: 'bad', title: stateWords, says };
  }
  if (!isValid) return { tone: toneOfVerification(state), title: stateWords, says: null };
  if (APPLYING.includes(state))
    return { tone: 'good', title: t('badge.valid'), says: t('badge.newest', { state: stateWords }) };
  if (state === 'renewal_due') return { tone: 'good', title: t('badge.valid'), says: stateWords };
  return { tone: toneOfVerification(state), title: stateWords, says: null };
}

export interface ChangeStep {
  is: StepIs;
  title: string;
  /** The other parts. */
  lines: string[];
  reason: string | null;
  when: string;
  /** Null: it was known at once. */
  knownAt: string | null;
}

const STEPS: Record<Tone, StepIs> = { good: 'done', bad: 'stopped', calm: 'now', mind: 'now', past: 'open' };
/** Sooner than this it was known at once. */
const LATE_MS = 3600_000;

/** One change as a step of the account's life, the state first. */
export function stepOf({ changes, reason, happenedAt, knownAt, sourceWords }: AccountChangeView): ChangeStep {
  const state = changes.find(({ part }) => part === 'state');
  const [first] = changes;
  const head = state ?? first;
  const others = changes.filter((change) => change !== head);
  const isLate = Date.parse(knownAt) - Date.parse(happenedAt) > LATE_MS;
  return {
    is: reason === null ? STEPS[toneOfWords(state?.after)] : 'stopped',
    title: state ? state.after : head ? lineOf(head) : sourceWords,
    lines: others.map(lineOf),
    reason: reason === null ? null : t('account.failedWhy', { reason }),
    when: t('changes.when', { time: shanghaiMinute(happenedAt), source: sourceWords }),
    knownAt: isLate ? t('changes.knownAt', { time: shanghaiMinute(knownAt) }) : null,
  };
}

const lineOf = ({ partWords: part, before, after }: AccountChangeView['changes'][number]): string =>
  before === null ? t('changes.line', { part, value: after }) : t('changes.fromTo', { part, before, after });

/** A change of state is told in words. */
function toneOfWords(words: string | undefined): Tone {
  const states = Object.entries(verificationStates) as [VerificationState, string][];
  const found = states.find(([, says]) => says === words);
  return found ? toneOfVerification(found[0]) : 'calm';
}
