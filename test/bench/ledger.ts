/**
 * A trial balance over five million postings on MariaDB, with a quarter of an hour's postings not yet summed up, against reading every line.
 * `npm run bench -- ledger`. Last line: one JSON object.
 */
import 'reflect-metadata';
import process from 'node:process';
import { startMariadb } from '../../scripts/mariadb.mjs';
import { openDatabase } from '../../src/platform/database/index.ts';
import { createDesk } from '../../src/platform/work.ts';
import { readEveryLine, readTotals, sumUp } from '../../src/ledger/index.ts';
import { median } from './support/measures.ts';

const POSTINGS = Number(process.env.BENCH_POSTINGS || 5_000_000);
const DAYS = 365;
const AT_ONCE = 500_000;
/** What a busy shop books in a quarter of an hour. */
const RECENT = 20_000;
const say = (line: string) => process.stdout.write(`${line}\n`);

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { seconds: (performance.now() - startedAt) / 1000, result };
}

const maria = await startMariadb({ durable: true });
const database = await openDatabase({ url: maria.url, file: '', pool: 4 });
try {
  await database.migrate();
  const end = '2026-11-25 00:00:00';
  const id = (prefix: string) => `CONCAT('${prefix}-', LPAD(HEX(seq), 4, '0'), '-7000-8000-', LPAD(HEX(seq), 12, '0'))`;
  for (let from = 1; from <= POSTINGS + RECENT; from += AT_ONCE) {
    const until = Math.min(from + AT_ONCE - 1, POSTINGS + RECENT);
    const at = `'${end}' - INTERVAL IF(seq > ${POSTINGS}, 60, 3600 + (${POSTINGS} - seq) * ${DAYS * 86_400} DIV ${POSTINGS}) SECOND`;
    await database.transaction(async (db) => {
      await db.query(
        `INSERT INTO ledger_postings (id, kind, reference, orderId, day, eventDay, happenedAt, postedAt) SELECT ${id('01900000')}, 'payment', CONCAT('42', LPAD(seq, 26, '0')), NULL, DATE(${at}), DATE(${at}), ${at}, ${at} FROM seq_${from}_to_${until}`,
      );
      for (const [position, account, sign] of [
        [1, 'wechat_pay', ''],
        [2, 'advance_from_customers', '-'],
      ] as const)
        await db.query(
          `INSERT INTO ledger_lines (id, postingId, position, account, amountFen) SELECT ${id(`0190000${position}`)}, ${id('01900000')}, ${position}, '${account}', ${sign}(CAST(seq AS SIGNED) MOD 100000) FROM seq_${from}_to_${until}`,
        );
    });
  }
  const desk = createDesk({ database, now: () => new Date(`${end.replace(' ', 'T')}Z`) } as never);
  const summing = await timed(() => sumUp(desk));
  say(`${POSTINGS} postings summed up in ${summing.seconds.toFixed(1)} s, once; hourly it is what is new`);
  const runs = [];
  for (let run = 0; run < 5; run += 1) runs.push(await timed(() => readTotals(desk, { to: '9999-12-31' })));
  const every = await timed(() => readEveryLine(desk));
  const byAccount = (sums: (typeof every)['result']) =>
    JSON.stringify(sums.toSorted((a, b) => (a.account < b.account ? -1 : 1)));
  if (byAccount(every.result) !== byAccount(runs[0]!.result)) throw new Error('the sums are not those of the lines');
  const seconds = median(runs.map((run) => run.seconds));
  say(
    `trial balance ${seconds.toFixed(3)} s (median of ${runs.length}); reading every line ${every.seconds.toFixed(1)} s`,
  );
  say(JSON.stringify({ seconds: Number(seconds.toFixed(3)) }));
} finally {
  await database.close();
  await maria.stop();
}
