export function findChromium(): string | null;
/** Whether `dist` was built from the sources as they are now. */
export function isServerBuilt(): boolean;
export const nodeFlags: readonly string[];
