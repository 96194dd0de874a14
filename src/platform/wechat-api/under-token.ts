import type { z } from 'zod';
import type { Upstream, UpstreamError } from '../errors.ts';
import type { Held } from './credential-row.ts';
import type { CredentialStore } from './credential-store.ts';
import { isUpstream, renamed, silence } from './failure.ts';

/**
 * Makes a call under a shared token. A refused token is replaced, and the call made once more.
 * @throws {UpstreamError}
 */
export async function underToken<T>(tokens: CredentialStore, send: (token: string) => Promise<T>): Promise<T> {
  const token = await credential(() => tokens.current());
  try {
    return await send(token.value);
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
  }
  const newer = await credential(() => tokens.after(token));
  try {
    return await send(newer.value);
  } catch (error) {
    // A fresh token is refused: the wrong account, or somebody replaces our tokens. That is for a person.
    throw isTokenRefused(error) ? renamed(error, 'refused', error.code, 'surface') : error;
  }
}

export const isTokenRefused = (error: unknown): error is UpstreamError =>
  isUpstream(error) && error.action === 'refresh';

/** @throws {UpstreamError} unknown, when the answer is not what the documentation promises */
export function understoodAnswer<T>(upstream: Upstream, answer: unknown, shape: z.ZodType<T>, isHarmless: boolean): T {
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  const cause = new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; '));
  throw silence(upstream, 'unexpected_answer', isHarmless, { cause });
}

/** A call that waits for a token was not made, whatever became of the token's own call. */
async function credential(get: () => Promise<Held>): Promise<Held> {
  try {
    return await get();
  } catch (error) {
    if (isUpstream(error) && error.kind === 'unknown') throw renamed(error, 'not_sent', 'token_unavailable', 'backoff');
    throw error;
  }
}
