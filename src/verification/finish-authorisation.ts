import { setTimeout as pause } from 'node:timers/promises';
import { AuthorisationStart } from '../../entities/authorisation-start.ts';
import type { AuthorisationOutcome } from '../contracts/accounts.ts';
import { UpstreamError } from '../platform/errors.ts';
import type { Desk } from '../platform/work.ts';
import { settleAuthorised } from './settle-authorised.ts';
import { findStart } from './start-authorisation.ts';

const LOOKS = 10;
const LOOK_MS = 300;

/** Somebody comes back from WeChat's page. WeChat tells of the same by an event, and whoever comes first settles it. */
export async function finishAuthorisation(
  desk: Desk,
  token: string,
  code: string | undefined,
): Promise<AuthorisationOutcome> {
  const start = desk.openPlatform && (await findStart(desk, token));
  if (!start) return 'link_over';
  if (start.usedAt) return 'granted';
  if (!code) return 'cancelled';
  try {
    const { appid } = await desk.openPlatform!.queryAuth(code);
    return await settleAuthorised(desk, appid, start.id);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.code !== 'code_invalid') return (await isUsed(desk, start.id)) ? 'granted' : 'unavailable';
    return (await isUsedSoon(desk, start.id)) ? 'granted' : 'code_used';
  }
}

/** WeChat's event brings the same code, is often faster, and may be in the middle of it. */
async function isUsedSoon(desk: Desk, id: string): Promise<boolean> {
  for (let look = 1; look <= LOOKS; look += 1) {
    if (await isUsed(desk, id)) return true;
    await pause(LOOK_MS);
  }
  return false;
}

/** The event was faster. */
const isUsed = async ({ db }: Desk, id: string): Promise<boolean> =>
  (await db.findOneByOrFail(AuthorisationStart, { id })).usedAt !== null;
