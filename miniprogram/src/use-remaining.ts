import { useEffect, useRef, useState } from 'react';
import { secondsLeft } from './countdown.ts';
import { serverNow } from './server-clock.ts';

/** Seconds until `expiresAt`, counted down; null when there is no such time. Calls `onOver` once when it comes to nothing. */
export function useRemaining(expiresAt: string | null, onOver: () => void): number | null {
  const [now, setNow] = useState(() => serverNow());
  const over = useRef(onOver);
  over.current = onOver;

  useEffect(() => {
    if (expiresAt === null) return;
    setNow(serverNow());
    if (secondsLeft(expiresAt, serverNow()) === 0) return;
    const ticking = setInterval(() => {
      setNow(serverNow());
      if (secondsLeft(expiresAt, serverNow()) > 0) return;
      clearInterval(ticking);
      over.current();
    }, 1000);
    return () => clearInterval(ticking);
  }, [expiresAt]);

  return expiresAt === null ? null : secondsLeft(expiresAt, now);
}
