/** Shanghai keeps UTC+8 all year. */
const SHANGHAI_OFFSET_MS = 8 * 3600_000;

/** The Shanghai calendar day of an instant, 'YYYY-MM-DD'. */
export const shanghaiDay = (at: Date): string => new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
