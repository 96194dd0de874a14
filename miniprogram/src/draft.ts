import type { PreCheckAnswer } from '../../src/contracts/index.ts';
import type { Shelf } from './pending-wish.ts';

/** What was chosen on the service's page. It outlives signing in, which leaves the page in a browser. */
export interface Draft {
  serviceCode: string;
  packageCode: string;
  answers: Record<string, PreCheckAnswer>;
}

const NAME = 'tongban.draft';

export const keepDraft = (shelf: Shelf, draft: Draft): void => shelf.set(NAME, JSON.stringify(draft));

export function findDraft(shelf: Shelf, serviceCode: string): Draft | null {
  const kept = shelf.get(NAME);
  if (kept === null) return null;
  const draft = JSON.parse(kept) as Draft;
  return draft.serviceCode === serviceCode ? draft : null;
}

export const dropDraft = (shelf: Shelf): void => shelf.remove(NAME);
