import { errorWords } from '../../src/contracts/index.ts';
import { isErrorCode, NoAnswer, Refusal } from './refusal.ts';
import { t } from './words.ts';

/** What to tell a person about anything that can go wrong. */
export function tellProblem(problem: unknown): string {
  if (problem instanceof Refusal) return problem.message;
  if (problem instanceof NoAnswer) return t(`trouble.${problem.silence}`);
  return t('trouble.unexpected');
}

/** Named in a call to the agency; only refusals that a person cannot mend carry one worth telling. */
export const referenceOf = (problem: unknown): string | null =>
  problem instanceof Refusal && problem.status >= 500 ? problem.requestId : null;

/** Asking again would bring the same answer. */
export const isGone = (problem: unknown): boolean => problem instanceof Refusal && problem.status === 404;

export const needsSignIn = (problem: unknown): boolean => problem instanceof Refusal && problem.needsSignIn;

/** Words for a code that came back in an address, which anyone may have written there. */
export const wordsOfCode = (code: string): string => (isErrorCode(code) ? errorWords[code].zh : t('signIn.failed'));
