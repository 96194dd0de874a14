import { Account } from '../../entities/account.ts';
import { Authorisation } from '../../entities/authorisation.ts';
import { Customer } from '../../entities/customer.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { ChangeAccountBody, NewAccountBody } from '../contracts/accounts.ts';
import type { StaffActor } from '../platform/actor.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { handOverTasks, mendTask } from '../tasks/index.ts';
import { accountNotFound, appidFixed, appidTaken, customerNotFound, memberNotFound } from './errors.ts';
import { lockAccount } from './observe.ts';
import { aboutUnclaimed } from './settle-authorised.ts';

/**
 * Puts a customer's account on the list; while it is still to be opened, it has no appid.
 * @throws {AppError} customer.not_found, staff.member_not_found, account.appid_taken
 */
export async function registerAccount(work: Transaction, who: StaffActor, body: NewAccountBody): Promise<Account> {
  const { kind, name, customerId, appid = null, subject = null, consultant } = body;
  const customer = await work.db.findOneBy(Customer, { id: customerId });
  if (!customer || customer.mergedIntoId) throw customerNotFound();
  await refuseTaken(work, appid);
  const account = Object.assign(new Account(), {
    id: newId(),
    kind,
    name,
    customerId,
    appid,
    subject,
    consultantId: consultant === undefined ? who.id : await memberIdOf(work, consultant),
    ...(await askingOf(work, appid)),
    createdAt: work.now(),
  });
  await work.db.insert(Account, account);
  if (appid) await mendTask(work, who, aboutUnclaimed(appid));
  work.audit({
    deed: 'account-registered',
    subject: { kind: 'account', id: account.id },
    after: { kind, name, customerId, appid },
  });
  return account;
}

/**
 * What is open about the account goes to its new consultant, unless somebody else has taken it over.
 * @throws {AppError} account.not_found, account.appid_fixed, account.appid_taken, staff.member_not_found
 */
export async function changeAccount(
  work: Transaction,
  who: StaffActor,
  id: string,
  body: ChangeAccountBody,
): Promise<Account> {
  if (!(await work.db.existsBy(Account, { id }))) throw accountNotFound();
  const account = await lockAccount(work, id);
  const before = { name: account.name, appid: account.appid, consultantId: account.consultantId };
  if (body.appid !== undefined && body.appid !== account.appid) {
    if (account.appid) throw appidFixed();
    await refuseTaken(work, body.appid);
    Object.assign(account, { appid: body.appid, ...(await askingOf(work, body.appid)) });
    await mendTask(work, who, aboutUnclaimed(body.appid));
  }
  if (body.name !== undefined) account.name = body.name;
  if (body.consultant !== undefined)
    account.consultantId = body.consultant === null ? null : await memberIdOf(work, body.consultant);
  const after = { name: account.name, appid: account.appid, consultantId: account.consultantId };
  await work.db.save(Account, account);
  if (after.consultantId !== before.consultantId)
    await handOverTasks(work, { about: id, from: before.consultantId, to: after.consultantId });
  work.audit({ deed: 'account-changed', subject: { kind: 'account', id }, before, after });
  return account;
}

/** WeChat can be asked about an account that its owner has authorised already. */
async function askingOf({ db, now }: Work, appid: string | null): Promise<Pick<Account, 'nextAskAt' | 'askFailure'>> {
  const isAuthorised = appid !== null && (await db.existsBy(Authorisation, { appid, state: 'authorised' }));
  return isAuthorised ? { nextAskAt: now(), askFailure: null } : { nextAskAt: null, askFailure: 'not_authorised' };
}

/** @throws {AppError} account.appid_taken */
async function refuseTaken({ db }: Work, appid: string | null): Promise<void> {
  if (appid && (await db.existsBy(Account, { appid }))) throw appidTaken();
}

/** @throws {AppError} staff.member_not_found */
export async function memberIdOf({ db }: Work, username: string): Promise<string> {
  const member = await db.findOneBy(StaffMember, { username });
  if (!member) throw memberNotFound();
  return member.id;
}
