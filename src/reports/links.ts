type Parts = Record<string, string | undefined>;

/** An address at the staff door. */
export function linkTo(path: string, parts: Parts = {}): string {
  const query = new URLSearchParams(
    Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])),
  ).toString();
  return query ? `/staff${path}?${query}` : `/staff${path}`;
}

export const postingsOf = (orderNumber: string | null): string | null =>
  orderNumber && linkTo(`/orders/${orderNumber}/postings`);
