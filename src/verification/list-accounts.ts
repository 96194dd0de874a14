import { Brackets, In, type SelectQueryBuilder } from 'typeorm';
import { Account, VerificationEntry } from '../../entities/account.ts';
import { AccountContact } from '../../entities/account-reminder.ts';
import { Customer } from '../../entities/customer.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import {
  type AccountListQuery,
  type AccountSummaryView,
  type StaffAccountView,
  type VerificationState,
  verificationStates,
} from '../contracts/accounts.ts';
import type { StaffActor } from '../platform/actor.ts';
import { dayAfter, shanghaiDay, startOfDay } from '../platform/calendar.ts';
import { invalid } from '../platform/http/accept.ts';
import type { Work } from '../platform/work.ts';
import { accountNotFound } from './errors.ts';
import { foldAll } from './fold-all.ts';
import { presentForStaff } from './presenter.ts';
import { memberIdOf } from './register-account.ts';

type Query = Omit<AccountListQuery, 'limit'> & { limit: number };

/** An account with the mark that its page is read on from. */
export interface ListedAccount {
  id: string;
  view: StaffAccountView;
}

/** Newest first, or those that end first; one row more than the page holds. @throws {AppError} staff.member_not_found */
export async function listAccounts(work: Work, who: StaffActor, query: Query): Promise<ListedAccount[]> {
  const { limit, order = 'newest' } = query;
  const found = work.db.createQueryBuilder(Account, 'account');
  await narrow(work, who, found, query);
  if (order === 'end') readByEnd(found, query.after);
  else readByAge(found, query.after);
  const accounts = await found.take(limit + 1).getMany();
  const views = await presentAccounts(work, accounts);
  return accounts.map(({ id, expiresAt }, at) => ({
    id: order === 'end' ? `${expiresAt!.getTime()}_${id}` : id,
    view: views[at]!,
  }));
}

function readByAge(found: SelectQueryBuilder<Account>, after: string | undefined): void {
  if (after) found.andWhere('account.id < :after', { after });
  found.orderBy('account.id', 'DESC');
}

/** @throws {AppError} request.invalid */
function readByEnd(found: SelectQueryBuilder<Account>, after: string | undefined): void {
  found.andWhere('account.expiresAt IS NOT NULL').orderBy('account.expiresAt', 'ASC').addOrderBy('account.id', 'ASC');
  if (!after) return;
  const [, ms, id] = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(after) ?? [];
  if (!ms || !id) throw invalid([{ field: 'after', message: '翻页标识不正确' }]);
  const end = new Date(Number(ms));
  found.andWhere('(account.expiresAt > :end OR (account.expiresAt = :end AND account.id > :id))', { end, id });
}

async function narrow(work: Work, who: StaffActor, found: SelectQueryBuilder<Account>, query: Query): Promise<void> {
  const { state, kind, owner, consultant, within, search, waiting } = query;
  if (state) found.andWhere('account.state = :state', { state });
  if (kind) found.andWhere('account.kind = :kind', { kind });
  if (owner === 'own') found.andWhere('account.customerId IS NULL');
  else if (owner) found.andWhere('account.customerId = :owner', { owner });
  if (consultant === 'none') found.andWhere('account.consultantId IS NULL');
  else if (consultant) {
    const id = consultant === 'me' ? who.id : await memberIdOf(work, consultant);
    found.andWhere('account.consultantId = :consultantId', { consultantId: id });
  }
  if (within !== undefined) {
    const until = startOfDay(dayAfter(shanghaiDay(work.now()), within + 1));
    found.andWhere('account.expiresAt < :until', { until });
  }
  if (search)
    found.andWhere(
      new Brackets((either) =>
        either
          .where('INSTR(account.name, :search) > 0')
          .orWhere('INSTR(account.subject, :search) > 0')
          .orWhere('account.appid = :search'),
      ),
      { search },
    );
  if (waiting)
    found.andWhere(
      `EXISTS (SELECT 1 FROM verification_entries entry WHERE entry.accountId = account.id AND entry.state = 'waiting')`,
    );
}

/** @throws {AppError} account.not_found */
export async function getAccount(work: Work, id: string): Promise<StaffAccountView> {
  const account = await work.db.findOneBy(Account, { id });
  if (!account) throw accountNotFound();
  return (await presentAccounts(work, [account]))[0]!;
}

async function presentAccounts(work: Work, accounts: readonly Account[]): Promise<StaffAccountView[]> {
  const { db } = work;
  const folded = await foldAll(work, accounts);
  const contacts = await db.find(AccountContact, {
    where: { accountId: In(accounts.map(({ id }) => id)) },
    order: { id: 'ASC' },
  });
  const customers = await db.findBy(Customer, {
    id: In([...accounts, ...contacts].flatMap(({ customerId }) => customerId ?? [])),
  });
  const members = await db.findBy(StaffMember, { id: In(accounts.flatMap(({ consultantId }) => consultantId ?? [])) });
  const waiting = await db.findBy(VerificationEntry, {
    accountId: In(accounts.map(({ id }) => id)),
    state: 'waiting',
  });
  return accounts.map((account) => {
    const named = (wanted: string | null) => {
      const found = customers.find(({ id }) => id === wanted);
      return found ? [{ id: found.id, nickname: found.nickname }] : [];
    };
    const member = members.find(({ id }) => id === account.consultantId);
    return presentForStaff(account, {
      folded: folded.get(account.id)!,
      customer: named(account.customerId)[0] ?? null,
      contacts: contacts
        .filter(({ accountId }) => accountId === account.id)
        .flatMap(({ customerId }) => named(customerId)),
      consultant: member ? { username: member.username, name: member.name } : null,
      waiting: waiting.filter(({ accountId }) => accountId === account.id).length,
      now: work.now(),
    });
  });
}

/** How many accounts there are in each state; every state is named. */
export async function summarise({ db }: Work): Promise<AccountSummaryView[]> {
  const rows = await db
    .createQueryBuilder(Account, 'account')
    .select('account.state', 'state')
    .addSelect('COUNT(*)', 'count')
    .groupBy('account.state')
    .getRawMany<{ state: VerificationState; count: number | string }>();
  const counts = new Map(rows.map(({ state, count }) => [state, Number(count)]));
  return (Object.keys(verificationStates) as VerificationState[]).map((state) => ({
    state,
    stateWords: verificationStates[state],
    count: counts.get(state) ?? 0,
  }));
}
