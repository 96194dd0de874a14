import type { Page } from '../../src/contracts/index.ts';

/** More pages than any list has that is read to its end; a server that never says null must not hang the phone. */
const MOST_PAGES = 20;

/** A short list read to its end. */
export async function everyPage<T>(read: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page: Page<T> = await read(after);
    all.push(...page.data);
    if (page.next === null) break;
    after = page.next;
  }
  return all;
}
