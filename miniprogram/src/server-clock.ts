/** How far the phone's clock is behind the server's, in milliseconds; many phones' clocks are wrong by minutes. */
let behind = 0;

/** The header counts whole seconds and travels a while: less than this is no difference. */
const TOO_SMALL_MS = 3000;

/** Learns from the `Date` header of an answer. */
export function readServerClock(dateHeader: string | null, now = Date.now()): void {
  const told = dateHeader === null ? NaN : Date.parse(dateHeader);
  if (Number.isNaN(told)) return;
  behind = Math.abs(told - now) < TOO_SMALL_MS ? 0 : told - now;
}

/** The server's time as well as the phone can know it, for showing only. */
export const serverNow = (now = Date.now()): number => now + behind;
