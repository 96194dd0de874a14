import { UpstreamError } from '../errors.ts';
import type { Desk } from '../work.ts';
import { NotYet } from './not-yet.ts';

/**
 * Does something for each, one after the other. One that cannot be worked on does not keep the others waiting; it is logged, unless it
 * is only not time yet.
 * @param those.fault what the log says of one that failed
 * @param those.about what the log calls it
 * @returns the first fault, for work that comes round too seldom to leave it at that; undefined when all went well
 */
export async function doEach<T>(
  desk: Desk,
  {
    of,
    about,
    fault,
  }: { of: Iterable<T> | AsyncIterable<T>; about: (one: T) => Record<string, string>; fault: string },
  deed: (one: T) => Promise<unknown>,
): Promise<unknown> {
  let first: unknown;
  for await (const one of of)
    try {
      await deed(one);
    } catch (error) {
      first ??= error;
      if (error instanceof NotYet) continue;
      desk.log[error instanceof UpstreamError ? 'warn' : 'error']({ err: error, ...about(one) }, fault);
    }
  return first;
}
