import { useCallback, useRef, useState } from 'react';

/** Runs one deed at a time: a second tap while the first is under way does nothing. */
export function useBusy(): [busy: boolean, run: (deed: () => Promise<void>) => void] {
  const [busy, setBusy] = useState(false);
  const under = useRef(false);
  const run = useCallback((deed: () => Promise<void>) => {
    if (under.current) return;
    under.current = true;
    setBusy(true);
    void deed().finally(() => {
      under.current = false;
      setBusy(false);
    });
  }, []);
  return [busy, run];
}
