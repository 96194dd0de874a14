import type { Desk } from '../../src/platform/work.ts';

/** The same desk, whoever works at it, whose database refuses one transaction: the first, or a later one. */
export function refusing(desk: Desk, which = 1, count = { of: 0 }): Desk {
  return {
    ...desk,
    as: (actor) => refusing(desk.as(actor), which, count),
    transaction: (deed, options) =>
      (count.of += 1) === which ? Promise.reject(new Error('the database was away')) : desk.transaction(deed, options),
  };
}
