/**
 * A quarter of a year: 90 days, 20,000 orders, twelve kinds of trouble five times each, faults of WeChat's every day (calls, notices, refunds,
 * bills), the server killed every day. `npm run bench -- quarter`. Last line: one JSON object. `BENCH_DATABASE=embedded` runs it without MariaDB.
 */
import 'reflect-metadata';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { startMariadb } from '../../scripts/mariadb.mjs';
import { runQuarter } from '../journeys/quarter.ts';
import { KillableWorld } from '../support/killable-world.ts';

const DAYS = Number(process.env.BENCH_DAYS || 90);
const ORDERS_A_DAY = Number(process.env.BENCH_ORDERS_A_DAY || 223);
const EACH = Number(process.env.BENCH_EACH || 5);
const say = (line: string) => process.stdout.write(`${line}\n`);

const maria = process.env.BENCH_DATABASE === 'embedded' ? null : await startMariadb();
if (maria) process.env.TEST_MYSQL_URL = maria.url;
const world = await KillableWorld.start();
try {
  const startedAt = performance.now();
  const result = await runQuarter(world, { days: DAYS, ordersADay: ORDERS_A_DAY, each: EACH, seed: 20_261_126, say });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const { planned, found, wrongDays, spoiltTaken, booksFen, billFen, realFen, orders, kills } = result;
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
  say(`planted ${JSON.stringify(planned)}`);
  say(`found   ${JSON.stringify(found)}`);
  if (wrongDays.length > 0) say(`days that end wrong: ${wrongDays.join('; ')}`);
  if (spoiltTaken.length > 0) say(`spoilt, and taken for good: ${spoiltTaken.join(', ')}`);
  const agrees = booksFen === realFen && billFen === realFen && wrongDays.length + spoiltTaken.length === 0;
  say(`books ${booksFen}, bill ${billFen}, WeChat ${realFen} fen; closed through ${result.closedThrough}`);
  say(
    JSON.stringify({
      seconds,
      days: DAYS,
      orders,
      kills,
      planted: sum(planned),
      found: sum(found),
      exact: isDeepStrictEqual(planned, found),
      agrees,
    }),
  );
  if (!agrees || !isDeepStrictEqual(planned, found)) process.exitCode = 1;
} finally {
  await world.stop();
  await maria?.stop();
}
