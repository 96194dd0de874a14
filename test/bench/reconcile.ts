/**
 * A day of a million payments compared with its two bills on MariaDB, 200 differences among them, against a floor measured in the same run:
 * reading the same files line by line and selecting the same rows. `npm run bench -- reconcile`. Last line: one JSON object.
 */
import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { loadConfig } from '../../config/index.ts';
import { Difference, ReconciliationDay } from '../../entities/reconciliation.ts';
import { environmentFor } from '../../scripts/kit.mjs';
import { startMariadb } from '../../scripts/mariadb.mjs';
import { nodeFlags } from '../../scripts/prepare.mjs';
import { createKit } from '../../simulator/src/simulator.ts';
import { newId } from '../../src/platform/ids.ts';
import { keepBill } from '../../src/reconciliation/index.ts';
import { createWorld, type World } from '../../src/world.ts';
import { billsOf, type Bills, EACH, KINDS } from './support/big-bills.ts';

const SIZES = (process.env.BENCH_LINES || '100000,1000000').split(',').map(Number);
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Measured {
  seconds: number;
  rssMb: number;
  floorSeconds: number;
  found: number;
}

async function main(): Promise<void> {
  const results: Measured[] = [];
  for (const size of SIZES) results.push(await measure(size));
  const last = results.at(-1)!;
  const perLine = results.map(({ seconds }, at) => (seconds / SIZES[at]!) * 1e6);
  say(`microseconds a line: ${perLine.map((one) => one.toFixed(1)).join(', ')} for ${SIZES.join(', ')} lines`);
  say(
    JSON.stringify({
      ratio: Number((last.seconds / last.floorSeconds).toFixed(2)),
      seconds: Number(last.seconds.toFixed(1)),
      rssMb: Math.round(last.rssMb),
      found: last.found,
    }),
  );
}

async function measure(size: number): Promise<Measured> {
  const maria = await startMariadb({ durable: true });
  const folder = mkdtempSync(path.join(tmpdir(), 'tongban-bench-'));
  const environment = {
    NODE_ENV: 'test',
    PUBLIC_ORIGIN: 'http://127.0.0.1:1',
    DATA_FOLDER: folder,
    DATABASE_URL: maria.url,
    SECRET_KEY: '5a'.repeat(32),
    LOG_LEVEL: 'warn',
    ...environmentFor({ kit: await createKit(), origin: 'http://127.0.0.1:1', backupOrigin: 'http://127.0.0.1:1' }),
  };
  const world = await createWorld(loadConfig(environment));
  try {
    await world.database.migrate();
    const day = '2026-11-24';
    const bills = billsOf({ size, day, mchid: world.config.WECHAT_PAY_MCHID });
    await writeBooks(world, day, size);
    const files = await writeFiles(world, bills, { folder, day });
    const floors = [floor(maria.url, day, files)];
    const run = child<{ seconds: number; rssMb: number }>('reconcile-day.mjs', [day], environment);
    floors.push(floor(maria.url, day, files));
    const floorSeconds = (floors[0]! + floors[1]!) / 2;
    const found = await world.database.reader.countBy(Difference, { day, state: 'open' });
    for (const { kind, cause } of KINDS) {
      const count = await world.database.reader.countBy(Difference, { day, kind, cause });
      if (count !== EACH) throw new Error(`${count} differences of ${kind}, ${cause}, and ${EACH} were made`);
    }
    say(
      `${size} lines: ${run.seconds.toFixed(1)} s, floor ${floors.map((one) => one.toFixed(1)).join(' and ')} s, ${Math.round(run.rssMb)} MB, ${found} found`,
    );
    return { ...run, floorSeconds, found };
  } finally {
    await world.close();
    await maria.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Payments of one day as settling them would have booked them. */
async function writeBooks({ database }: World, day: string, size: number): Promise<void> {
  const at = `TIMESTAMPADD(MICROSECOND, seq * ${Math.floor(86_400_000_000 / (size + 1))}, '${day} 00:00:00') - INTERVAL 8 HOUR`;
  const id = (prefix: string) => `CONCAT('${prefix}-0000-7000-8000-', LPAD(HEX(seq), 12, '0'))`;
  const lineOf = (prefix: string, position: number, account: string, amount: string) =>
    `INSERT INTO ledger_lines (id, postingId, position, account, amountFen) SELECT ${id(prefix)}, ${id('01900000')}, ${position}, '${account}', ${amount} FROM seq_1_to_${size}`;
  await database.transaction(async (db) => {
    await db.query(
      `INSERT INTO ledger_postings (id, kind, reference, orderId, day, eventDay, happenedAt, postedAt) SELECT ${id('01900000')}, 'payment', CONCAT('42000020002026112', LPAD(seq, 11, '0')), ${id('01800000')}, '${day}', '${day}', ${at}, ${at} FROM seq_1_to_${size}`,
    );
    await db.query(lineOf('01900001', 1, 'wechat_pay', '10000 + seq MOD 1000'));
    await db.query(lineOf('01900002', 2, 'advance_from_customers', '-10000 - CAST(seq AS SIGNED) MOD 1000'));
    await db.insert(ReconciliationDay, Object.assign(new ReconciliationDay(), { id: newId(), day }));
  });
  await database.transaction((db) => db.query('ANALYZE TABLE ledger_postings, ledger_lines'));
}

async function writeFiles(
  { desk, config }: World,
  bills: Bills,
  { folder, day }: { folder: string; day: string },
): Promise<string[]> {
  const files: string[] = [];
  for (const kind of ['trade', 'fund_flow'] as const) {
    const file = path.join(folder, `${kind}.csv.gz`);
    await pipeline(Readable.from(bills[kind]()), createGzip({ level: 1 }), createWriteStream(file));
    const startedAt = performance.now();
    await keepBill(desk, { kind, day, mchid: config.WECHAT_PAY_MCHID }, createReadStream(file), { source: 'wechat' });
    say(`${kind} proved and kept in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    files.push(file);
  }
  return files;
}

const floor = (url: string, day: string, files: readonly string[]): number =>
  child<{ seconds: number }>('reconcile-floor.mjs', [url, day, ...files], {}).seconds;

function child<T>(program: string, words: readonly string[], environment: Record<string, string>): T {
  const said = execFileSync(process.execPath, [...nodeFlags, path.join(import.meta.dirname, program), ...words], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(said.trim().split('\n').at(-1)!) as T;
}

await main();
