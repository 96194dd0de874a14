import type { Page } from '../../contracts/app.ts';

/** Cuts the row that was read beyond the page and says where to read on. */
export function page<Row extends { id: string }, View>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(present), next: rows.length > limit && last ? last.id : null };
}
