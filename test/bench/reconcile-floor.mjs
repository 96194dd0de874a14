// What nobody can do without: reading the same two files line by line and selecting the same rows. Nothing is compared, nothing kept.
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { createConnection } from 'mysql2/promise';

const [url, day, ...files] = process.argv.slice(2);
const ROWS_AT_ONCE = 5000;
const startedAt = performance.now();
let lines = 0;
for (const file of files)
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) }))
    if (line) lines += 1;

const connection = await createConnection({ uri: url, timezone: 'Z' });
let rows = 0;
for (let after = ''; ;) {
  const [page] = await connection.query(
    "SELECT posting.id, posting.reference, posting.orderId, posting.happenedAt, line.amountFen FROM ledger_postings posting JOIN ledger_lines line ON line.postingId = posting.id AND line.account = 'wechat_pay' WHERE posting.eventDay = ? AND posting.kind = 'payment' AND posting.id > ? ORDER BY posting.id LIMIT ?",
    [day, after, ROWS_AT_ONCE],
  );
  rows += page.length;
  if (page.length < ROWS_AT_ONCE) break;
  after = page.at(-1).id;
}
await connection.end();
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - startedAt) / 1000, lines, rows })}\n`);
