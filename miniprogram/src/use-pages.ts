import { useState } from 'react';
import type { Page } from '../../src/contracts/index.ts';
import { useBusy } from './use-busy.ts';
import { useLoaded } from './use-loaded.ts';

export interface ReadList<T> {
  rows: T[];
  next: string | null;
}

/** A list that is read on page by page; from the beginning whenever `about` changes. */
export function usePages<T>(read: (after: string | null) => Promise<Page<T>>, about: string) {
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, run] = useBusy();
  const load = async (): Promise<ReadList<T>> => {
    const page = await read(null);
    setProblem(null);
    return { rows: page.data, next: page.next };
  };
  const { loaded, reload, retry, show } = useLoaded(load, about);

  const readOn = () => {
    if (loaded.is !== 'ready' || loaded.value.next === null) return;
    const { rows, next } = loaded.value;
    run(async () => {
      try {
        const page = await read(next);
        show({ rows: [...rows, ...page.data], next: page.next });
      } catch (failed) {
        setProblem(failed);
      }
    });
  };

  return { loaded, reload, retry, readOn, readingOn: busy, problem };
}
