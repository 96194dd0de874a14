/**
 * 10,000 customers' accounts, authorised to us at the same moment, asked about every day under their own tokens, within WeChat's daily
 * quotas: how evenly the questions lie, and what a day costs. `npm run bench -- accounts`. Last line: one JSON object.
 * `BENCH_DATABASE=embedded` runs it without MariaDB.
 */
import 'reflect-metadata';
import process from 'node:process';
import { IsNull } from 'typeorm';
import { Account, VerificationEntry } from '../../entities/account.ts';
import { Customer } from '../../entities/customer.ts';
import { startMariadb } from '../../scripts/mariadb.mjs';
import { insertAll } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { askDue } from '../../src/verification/index.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import { memoryMb } from './support/measures.ts';

const ACCOUNTS = Number(process.env.BENCH_ACCOUNTS || 10_000);
const TURN_MS = 5 * 60_000;
const TURNS_A_DAY = 288;
const say = (line: string) => process.stdout.write(`${line}\n`);

const CALLS = ['/cgi-bin/account/getaccountbasicinfo', '/cgi-bin/component/api_authorizer_token'] as const;

interface Day {
  /** Accounts asked about, turn by turn. */
  asked: number[];
  seconds: number;
  calls: Record<string, number>;
}

const maria = process.env.BENCH_DATABASE === 'embedded' ? null : await startMariadb();
if (maria) process.env.TEST_MYSQL_URL = maria.url;
const world = await startWorld();
try {
  await authoriseAll(world);
  const first = await passDay(world);
  say(describe('first day, all due at once', first));
  const second = await passDay(world);
  say(describe('second day', second));
  const third = await passDay(world);
  say(describe('third day', third));
  const unanswered = await world.world.database.reader.countBy(Account, { answeredAt: IsNull() });
  const entries = await world.world.database.reader.count(VerificationEntry);
  say(`${unanswered} without an answer; ${entries} entries written, one for each account's first answer`);
  const total = third.asked.reduce((sum, one) => sum + one, 0);
  say(
    JSON.stringify({
      accounts: ACCOUNTS,
      asked: total,
      busySeconds: Number(third.seconds.toFixed(1)),
      mostATurn: Math.max(...third.asked),
      meanATurn: Number((total / TURNS_A_DAY).toFixed(1)),
      rssMb: Math.round(memoryMb(process.pid, 'VmRSS')),
    }),
  );
  if (total < ACCOUNTS) process.exitCode = 1;
} finally {
  await world.stop();
  await maria?.stop();
}

/** They are on the list, their owners have authorised them, and all are due now. */
async function authoriseAll({ world: { desk }, lever }: TestWorld): Promise<void> {
  await lever('/pushes/settled', {});
  const { appids } = await lever<{ appids: string[] }>('/open-platform/accounts/bulk', {
    count: ACCOUNTS,
    account: { principalName: '测试科技有限公司' },
  });
  const now = desk.now();
  await desk.transaction(async (work) => {
    const customerId = newId();
    await work.db.insert(Customer, Object.assign(new Customer(), { id: customerId, createdAt: now }));
    const kept = { kind: 'service' as const, name: '客户账号', customerId, nextAskAt: now, createdAt: now };
    for (let from = 0; from < appids.length; from += 1000) {
      const some = appids.slice(from, from + 1000);
      await insertAll(
        work.db,
        Account,
        some.map((appid) => Object.assign(new Account(), kept, { id: newId(), appid })),
      );
    }
  });
  for (let offset = 0; offset < ACCOUNTS;) {
    const { list } = await desk.openPlatform!.listAuthorizers(offset);
    for (const listed of list) await desk.openPlatform!.adoptAuthorizer(listed);
    offset += list.length;
  }
}

/** A day's turns, one after the other; the time in between is skipped. */
async function passDay({ world: { desk }, simulator, advance }: TestWorld): Promise<Day> {
  const asked: number[] = [];
  const calls: Record<string, number> = {};
  let seconds = 0;
  for (let turn = 0; turn < TURNS_A_DAY; turn += 1) {
    await advance(TURN_MS);
    const since = simulator.world.clock.now();
    const startedAt = performance.now();
    await askDue(desk);
    seconds += (performance.now() - startedAt) / 1000;
    // The stand-in keeps the last calls only.
    const made = CALLS.map((path) => simulator.world.calls.all(path).filter(({ at }) => at >= since).length);
    for (const [at, path] of CALLS.entries()) calls[path] = (calls[path] ?? 0) + made[at]!;
    asked.push(made[0]!);
  }
  return { asked, seconds, calls };
}

function describe(name: string, { asked, seconds, calls }: Day): string {
  const told = Object.entries(calls).map(([path, count]) => `${path.split('/').at(-1)} ${count}`);
  return `${name}: ${told.join(', ')}; at most ${Math.max(...asked)} in five minutes; ${seconds.toFixed(1)} s of work in the day`;
}
