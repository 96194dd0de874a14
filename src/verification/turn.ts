import { LessThanOrEqual } from 'typeorm';
import { Account, VerificationEntry } from '../../entities/account.ts';
import { newId } from '../platform/ids.ts';
import { doEach } from '../platform/jobs/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { derive } from './derive.ts';
import { follow, foldOf, lockAccount } from './observe.ts';

const AT_ONCE = 200;

/** By the clock: accounts whose review begins, or whose verification has ended, without anybody having said so. */
export async function turnAccounts(desk: Desk): Promise<void> {
  const due = await desk.db.find(Account, {
    where: { nextTurnAt: LessThanOrEqual(desk.now()) },
    order: { nextTurnAt: 'ASC' },
    take: AT_ONCE,
  });
  const those = { of: due, about: ({ id }: Account) => ({ account: id }), fault: 'an account could not be turned' };
  await doEach(desk, those, ({ id }) => desk.transaction((work) => turn(work, id)));
}

async function turn(work: Transaction, accountId: string): Promise<void> {
  const account = await lockAccount(work, accountId);
  const { nextTurnAt, state } = account;
  if (!nextTurnAt || nextTurnAt > work.now()) return;
  const before = await foldOf(work, account);
  const derived = derive(before.standing, work.now());
  if (derived.state === state) {
    await work.db.update(Account, { id: accountId }, derived);
    return;
  }
  const entry = Object.assign(new VerificationEntry(), {
    id: newId(),
    accountId,
    mark: `clock:${nextTurnAt.getTime()}:${derived.state}`,
    source: 'clock' as const,
    said: {},
    happenedAt: nextTurnAt,
    recordedAt: work.now(),
  });
  await work.db.insert(VerificationEntry, entry as never);
  await follow(work, account, { entry, before });
}
