/** What is left until `expiresAt`, in whole seconds and never negative. */
export function secondsLeft(expiresAt: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(expiresAt) - now) / 1000));
}

const two = (part: number) => String(part).padStart(2, '0');

/** `29:05`, from an hour on `2:29:05`; days are counted as hours, so that nothing is left out. */
export function clockFace(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const face = `${two(minutes)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${face}` : face;
}
