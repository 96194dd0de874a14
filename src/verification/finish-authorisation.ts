import { setTimeout as pause } from 'node:timers/promises';
import { IsNull, Not } from 'typeorm';
import { Account } from '../../entities/account.ts';
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
  if (start.usedAt) return outcomeOf(desk, start);
  if (!code) return 'cancelled';
  try {
    const { appid } = await desk.openPlatform!.queryAuth(code);
    return await settleAuthorised(desk, appid, start.id);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const isUsed = error.code === 'code_invalid';
    const used = isUsed ? await findUsedSoon(desk, start.id) : await findUsed(desk, start.id);
    if (used) return outcomeOf(desk, used);
    return isUsed ? 'code_used' : 'unavailable';
  }
}

/** What became of a link that was used. */
export async function outcomeOf(
  { db }: Pick<Desk, 'db'>,
  { appid, customerId }: AuthorisationStart,
): Promise<AuthorisationOutcome> {
  const isTheirs = await db.existsBy(Account, { appid: appid!, customerId });
  return isTheirs ? 'granted' : 'claimed_elsewhere';
}

/** WeChat's event brings the same code, is often faster, and may be in the middle of it. */
async function findUsedSoon(desk: Desk, id: string): Promise<AuthorisationStart | null> {
  for (let look = 1; look <= LOOKS; look += 1) {
    const used = await findUsed(desk, id);
    if (used) return used;
    await pause(LOOK_MS);
  }
  return null;
}

/** The event was faster. */
const findUsed = ({ db }: Desk, id: string): Promise<AuthorisationStart | null> =>
  db.findOneBy(AuthorisationStart, { id, usedAt: Not(IsNull()) });
