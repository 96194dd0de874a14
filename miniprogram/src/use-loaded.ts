import { useCallback, useEffect, useRef, useState } from 'react';
import { needsSignIn } from './problem.ts';

export type Loaded<T> = { is: 'loading' } | { is: 'failed'; problem: unknown } | { is: 'ready'; value: T };

export interface Loading<T> {
  loaded: Loaded<T>;
  /** Keeps what is shown until the new answer is there, and keeps it too when there is none. */
  reload(): Promise<void>;
  /** Starts over, with the loading view. */
  retry(): void;
  show(value: T): void;
}

/** Loads when the page opens and whenever `about` changes; of several answers under way the last asked for counts. */
export function useLoaded<T>(load: () => Promise<T>, about: string): Loading<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ is: 'loading' });
  const latest = useRef({ load, asked: 0 });
  latest.current.load = load;

  const reload = useCallback(async () => {
    const asked = ++latest.current.asked;
    const isLatest = () => asked === latest.current.asked;
    try {
      const value = await latest.current.load();
      if (isLatest()) setLoaded({ is: 'ready', value });
    } catch (problem) {
      if (!isLatest()) return;
      setLoaded((shown) => (shown.is === 'ready' && !needsSignIn(problem) ? shown : { is: 'failed', problem }));
    }
  }, []);

  const retry = useCallback(() => {
    setLoaded({ is: 'loading' });
    void reload();
  }, [reload]);

  useEffect(retry, [retry, about]);

  const show = useCallback((value: T) => {
    latest.current.asked += 1;
    setLoaded({ is: 'ready', value });
  }, []);

  return { loaded, reload, retry, show };
}
