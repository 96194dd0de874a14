import { IsNull, Not } from 'typeorm';
import { Account } from '../../entities/account.ts';
import { Authorisation } from '../../entities/authorisation.ts';
import { AuthorisationStart } from '../../entities/authorisation-start.ts';
import { sha256 } from '../platform/crypto.ts';
import { UpstreamError } from '../platform/errors.ts';
import { doEach, enqueue } from '../platform/jobs/index.ts';
import {
  type ComponentPush,
  type ListedAuthorizer,
  type OpenPlatform,
  withdrawAuthorisation,
} from '../platform/open-platform/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { loseAccount } from './lose-account.ts';
import { settleAuthorised } from './settle-authorised.ts';

export interface AuthorisationTold {
  infoType: 'authorized' | 'updateauthorized' | 'unauthorized';
  appid: string;
  /** ISO; CreateTime. */
  at: string;
  /** The code works once, and is a secret. */
  codeSealed?: string;
  preAuthMark?: string;
}

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** An owner has let us see an account, changed what we may see, or taken it back. */
    'authorisation.told': AuthorisationTold;
  }
}

const place = (appid: string) => `authorisation-code:${appid}`;

/** Keeps what was posted to the authorisation URL, but the ticket. */
export async function receiveAuthorisation(work: Transaction, push: ComponentPush): Promise<void> {
  if (push.infoType === 'component_verify_ticket' || push.infoType === 'other') return;
  const { infoType, appid, at } = push;
  const told: AuthorisationTold = { infoType, appid, at: at.toISOString() };
  if (push.infoType !== 'unauthorized') {
    told.codeSealed = work.vault.seal(push.code, place(appid));
    if (push.preAuthCode) told.preAuthMark = sha256(push.preAuthCode);
  }
  const key = `authorisation.told:${appid}:${infoType}:${at.getTime()}`;
  await enqueue(work, 'authorisation.told', told, { key });
}

/** The job `authorisation.told`. */
export async function followAuthorisation(desk: Desk, told: AuthorisationTold): Promise<void> {
  if (!desk.openPlatform) return;
  if (told.infoType === 'unauthorized') {
    await desk.transaction(async (work) => {
      if (await withdrawAuthorisation(work.db, told.appid, new Date(told.at))) await loseAccount(work, told.appid);
    });
    return;
  }
  if (!(await redeem(desk, told))) return;
  const start = told.preAuthMark && (await desk.db.findOneBy(AuthorisationStart, { preAuthMark: told.preAuthMark }));
  await settleAuthorised(desk, told.appid, start ? start.id : null);
}

/** Who came back from WeChat's page may have used the code already. @returns whether the account is authorised to us */
async function redeem(desk: Desk, { appid, codeSealed }: AuthorisationTold): Promise<boolean> {
  try {
    await desk.openPlatform!.queryAuth(desk.vault.open(codeSealed!, place(appid)));
    return true;
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.code !== 'code_invalid') throw error;
    return desk.db.existsBy(Authorisation, { appid, state: 'authorised' });
  }
}

/** Accounts that are authorised at WeChat and not known to be here: their event was lost, or came before we listened. */
export async function takeOverAuthorised(desk: Desk): Promise<void> {
  const { openPlatform } = desk;
  if (!openPlatform) return;
  const those = {
    of: listedBy(openPlatform),
    about: ({ appid }: ListedAuthorizer) => ({ appid }),
    fault: 'an authorised account could not be taken over',
  };
  const fault = await doEach(desk, those, async (listed) => {
    const isNew = await openPlatform.adoptAuthorizer(listed);
    if (isNew || (await isUnasked(desk, listed.appid))) await settleAuthorised(desk, listed.appid, null);
  });
  if (fault) throw fault as Error;
}

async function* listedBy(openPlatform: OpenPlatform): AsyncGenerator<ListedAuthorizer> {
  for (let offset = 0; ;) {
    const { total, list } = await openPlatform.listAuthorizers(offset);
    yield* list;
    offset += list.length;
    if (list.length === 0 || offset >= total) return;
  }
}

/** Whoever was to settle it died, and nobody told of it again: it is on no list, or is not asked about. */
const isUnasked = async ({ db }: Desk, appid: string): Promise<boolean> =>
  !(await db.existsBy(Account, { appid, nextAskAt: Not(IsNull()) })) &&
  (await db.existsBy(Authorisation, { appid, state: 'authorised' }));
