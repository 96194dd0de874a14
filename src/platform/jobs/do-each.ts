import { UpstreamError } from '../errors.ts';
import type { Desk } from '../work.ts';

/**
 * Does something for each, one after the other. One that cannot be worked on is logged, and does not keep the others waiting.
 * @param those.fault what the log says of one that failed
 * @param those.about what the log calls it
 * @returns the first fault, for work that comes round too seldom to leave it at that; undefined when all went well
 */
export async function doEach<T>(
  desk: Desk,
  { of, about, fault }: { of: Iterable<T>; about: (one: T) => Record<string, string>; fault: string },
  deed: (one: T) => Promise<unknown>,
): Promise<unknown> {
  let first: unknown;
  for (const one of of)
    try {
      await deed(one);
    } catch (error) {
      desk.log[error instanceof UpstreamError ? 'warn' : 'error']({ err: error, ...about(one) }, fault);
      first ??= error;
    }
  return first;
}
