/**
 * Payment notices settled durably a second, on MariaDB with a flush at every commit, against a floor measured in the same run.
 * `npm run bench -- notices`. Last line: one JSON object.
 */
import 'reflect-metadata';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { Pool } from 'undici';
import { LedgerLine } from '../../entities/ledger.ts';
import { Payment } from '../../entities/payment.ts';
import { environmentFor } from '../../scripts/kit.mjs';
import { startMariadb } from '../../scripts/mariadb.mjs';
import { createKit, type Kit } from '../../simulator/src/simulator.ts';
import { type Database, openDatabase } from '../../src/platform/database/index.ts';
import { runServer } from '../support/server-process.ts';
import { median, memoryMb } from './support/measures.ts';
import { noticeAbout, type Signed } from './support/signed-notice.ts';
import { writeUnpaidOrders } from './support/unpaid-orders.ts';

const ROUNDS = 3;
const PER_ROUND = 5000;
const IN_FLIGHT = 64;

interface Round {
  perSecond: number;
  p99Ms: number;
}

interface Rivals {
  floorOrigin: string;
  ourOrigin: string;
}

async function fire(address: string, notices: readonly Signed[]): Promise<Round> {
  const { origin, pathname: path } = new URL(address);
  const pool = new Pool(origin, { connections: IN_FLIGHT, pipelining: 1 });
  const took: number[] = [];
  let at = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let notice = notices[at++]; notice; notice = notices[at++]) {
        const sentAt = performance.now();
        const answer = await pool.request({ path, method: 'POST', ...notice });
        await answer.body.dump();
        if (answer.statusCode !== 204) throw new Error(`a notice was answered with ${answer.statusCode}`);
        took.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  took.sort((a, b) => a - b);
  return { perSecond: notices.length / seconds, p99Ms: took[Math.floor(took.length * 0.99)]! };
}

async function createTables(database: Database): Promise<void> {
  await database.migrate();
  await database.transaction(async (db) => {
    await db.query(
      'CREATE TABLE floor_notices (id varchar(64) PRIMARY KEY, number varchar(32) NOT NULL) ENGINE=InnoDB',
    );
    await db.query(
      "CREATE TABLE floor_payments (number varchar(32) PRIMARY KEY, state varchar(24) NOT NULL DEFAULT 'open', transactionId varchar(64) NULL) ENGINE=InnoDB",
    );
  });
}

async function startFloor(url: string, kit: Kit): Promise<{ floor: ChildProcess; floorOrigin: string }> {
  const floor = spawn(process.execPath, ['test/bench/notices-floor.mjs'], {
    env: {
      ...process.env,
      FLOOR_URL: url,
      FLOOR_PUBLIC_KEY: kit.publicKey.publicKeyPem,
      FLOOR_API_V3_KEY: kit.apiV3Key,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) =>
    floor.stdout.once('data', (text: Buffer) => resolve(/\d+/.exec(String(text))![0])),
  );
  return { floor, floorOrigin: `http://127.0.0.1:${port}` };
}

function startOurs(url: string, kit: Kit) {
  const nowhere = 'http://127.0.0.1:9';
  return runServer({
    DATABASE_URL: url,
    SECRET_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'warn',
    // Jobs are written here and done by a worker process, as a desk with this much traffic runs it.
    WORKER_IN_SERVER: 'false',
    ...environmentFor({ kit, origin: nowhere, backupOrigin: nowhere }),
  });
}

async function measure(database: Database, kit: Kit, { floorOrigin, ourOrigin }: Rivals) {
  const floor: Round[] = [];
  const ours: Round[] = [];
  // The first round is for warming up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const numbers = Array.from({ length: PER_ROUND }, (_, at) => `P${round}${String(at).padStart(19, '0')}`);
    await writeUnpaidOrders(database, kit, numbers);
    const make = () => numbers.map((number) => noticeAbout(kit, number));
    const floorRound = await fire(`${floorOrigin}/`, make());
    const ourRound = await fire(`${ourOrigin}/wechat/pay/notices`, make());
    process.stdout.write(
      `${round === 0 ? 'warm-up' : `round ${round}`}: floor ${Math.round(floorRound.perSecond)}/s, Tongban ${Math.round(ourRound.perSecond)}/s (p99 ${ourRound.p99Ms.toFixed(1)} ms)\n`,
    );
    if (round === 0) continue;
    floor.push(floorRound);
    ours.push(ourRound);
  }
  return { floor, ours };
}

/** Fast and wrong is no figure. */
async function assertAllSettled(database: Database): Promise<void> {
  const settled = await database.reader.countBy(Payment, { state: 'paid' });
  const sum = await database.reader.sum(LedgerLine, 'amountFen');
  if (settled !== PER_ROUND * (ROUNDS + 1) || sum !== 0)
    throw new Error(`${settled} payments are settled and the ledger sums to ${sum}`);
}

async function main(): Promise<void> {
  const maria = await startMariadb({ durable: true });
  const ends: (() => unknown)[] = [() => maria.stop()];
  try {
    const kit = await createKit();
    const database = await openDatabase({ url: maria.url, file: '', pool: 2 });
    ends.unshift(() => database.close());
    await createTables(database);
    const { floor, floorOrigin } = await startFloor(maria.url, kit);
    ends.unshift(() => floor.kill('SIGTERM'));
    const server = await startOurs(maria.url, kit);
    ends.unshift(() => server.kill());
    await server.ready();

    const rounds = await measure(database, kit, { floorOrigin, ourOrigin: server.origin });
    await assertAllSettled(database);
    const perSecond = median(rounds.ours.map((round) => round.perSecond));
    const floorPerSecond = median(rounds.floor.map((round) => round.perSecond));
    process.stdout.write(
      `${JSON.stringify({
        ratio: Number((perSecond / floorPerSecond).toFixed(2)),
        perSecond: Math.round(perSecond),
        floorPerSecond: Math.round(floorPerSecond),
        p99Ms: Number(median(rounds.ours.map((round) => round.p99Ms)).toFixed(1)),
        rssMb: Math.round(memoryMb(server.pid, 'VmHWM')),
      })}\n`,
    );
  } finally {
    for (const end of ends) await end();
  }
}

await main();
