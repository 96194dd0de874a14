import { setTimeout as pause } from 'node:timers/promises';
import type { Desk } from '../platform/work.ts';
import { getCampaign } from './draft.ts';
import { progressOf } from './progress.ts';

const LOOK_MS = 1000;
/** So that nobody between us takes the connection for dead. */
const WORD_MS = 15_000;
/** Then the client comes back by itself, with whatever login it has by then. */
const LONGEST_MS = 5 * 60_000;
const ENDED = new Set(['done', 'stopped']);

/** How a campaign goes, as server-sent events: one `progress` whenever something changed, until it has ended. */
export async function* watchCampaign(desk: Desk, id: string): AsyncGenerator<string> {
  const startedAt = performance.now();
  let [last, lastAt] = ['', startedAt];
  yield 'retry: 2000\n\n';
  while (performance.now() - startedAt < LONGEST_MS) {
    const progress = await progressOf(desk, await getCampaign(desk, id));
    const data = JSON.stringify(progress);
    const now = performance.now();
    if (data !== last) yield `event: progress\ndata: ${data}\n\n`;
    else if (now - lastAt > WORD_MS) yield ': still here\n\n';
    if (data !== last || now - lastAt > WORD_MS) [last, lastAt] = [data, now];
    if (ENDED.has(progress.state) && progress.counts.sending === 0) return;
    await pause(LOOK_MS);
  }
}
