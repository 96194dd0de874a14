import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Bill, ReconciliationDay } from '../../entities/reconciliation.ts';
import type { BillSource } from '../contracts/reconciliation.ts';
import { holdClosedThrough } from '../ledger/index.ts';
import { keepFile } from '../platform/files/keep-file.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { mendTasks } from '../tasks/index.ts';
import { type BillName, checkBill, type CheckedBill, UnusableBill } from './check-bill.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** Both bills of a day are here. */
    'reconciliation.match': { day: string };
  }
}

/** Half a gibibyte compressed. */
const MOST_GZIP_BYTES = 512 * 1024 ** 2;

export interface Arrival {
  source: BillSource;
  /** What WeChat said that the content hashes to. */
  sha1?: string;
  keptBy?: string;
}

/**
 * Takes the gzip file of a bill, proves it, and keeps it; it is the one that counts from then on. Another content of a closed day is set
 * aside.
 * @throws {UnusableBill} nothing is kept then
 */
export async function keepBill(desk: Desk, name: BillName, gzip: Readable, arrival: Arrival): Promise<Bill> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tongban-bill-'));
  const file = path.join(folder, 'bill.gz');
  try {
    await pipeline(gzip, limited(MOST_GZIP_BYTES), createWriteStream(file));
    const checked = await checkBill(name, createReadStream(file));
    if (arrival.sha1 && checked.sha1 !== arrival.sha1) throw new UnusableBill('hash_differs');
    return await desk.transaction((work) => keep(work, name, checked, { ...arrival, file }), { retryDuplicates: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function limited(most: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > most ? new UnusableBill('too_large') : null, chunk);
    },
  });
}

async function keep(
  work: Transaction,
  name: BillName,
  { sha1, bytes, totals }: CheckedBill,
  { source, keptBy, file }: Arrival & { file: string },
): Promise<Bill> {
  // Nobody closes the day meanwhile.
  const closedThrough = await holdClosedThrough(work);
  const [newest] = await work.db.find(Bill, { where: { ...name }, order: { version: 'DESC' }, take: 1 });
  const same = await work.db.findOneBy(Bill, { ...name, sha1 });
  const isOwn = name.mchid === work.config.WECHAT_PAY_MCHID;
  const isClosed = isOwn && name.day <= closedThrough;
  if (same && (isClosed || same.state === 'current')) {
    work.unchanged();
    return same;
  }
  if (same) return countAgain(work, same, isOwn);
  const kept = await keepFile(
    work,
    { name: fileNameOf(name), contentType: 'application/gzip' },
    createReadStream(file),
  );
  const bill = Object.assign(new Bill(), {
    id: newId(),
    ...name,
    version: (newest?.version ?? 0) + 1,
    source,
    state: isClosed ? 'set_aside' : 'current',
    reason: isClosed ? 'day_closed' : null,
    sha1,
    bytes,
    totals,
    fileId: kept.id,
    keptAt: work.now(),
    keptBy: keptBy ?? null,
  } satisfies Partial<Bill>);
  if (!isClosed) await work.db.update(Bill, { ...name, state: 'current' }, { state: 'superseded' });
  await work.db.insert(Bill, bill as never);
  if (isOwn && !isClosed) await noteArrival(work, name);
  work.audit({
    deed: 'bill-kept',
    subject: { kind: 'bill', id: bill.id },
    after: { ...name, sha1, state: bill.state },
  });
  return bill;
}

/** What was replaced, or came while the day was closed, is the newest word again. */
async function countAgain(work: Transaction, bill: Bill, isOwn: boolean): Promise<Bill> {
  const { id, kind, mchid, day, sha1 } = bill;
  await work.db.update(Bill, { kind, mchid, day, state: 'current' }, { state: 'superseded' });
  Object.assign(bill, { state: 'current', reason: null } satisfies Partial<Bill>);
  await work.db.save(Bill, bill);
  if (isOwn) await noteArrival(work, bill);
  work.audit({
    deed: 'bill-kept',
    subject: { kind: 'bill', id },
    after: { kind, mchid, day, sha1, state: bill.state },
  });
  return bill;
}

const fileNameOf = ({ kind, mchid, day }: BillName): string => `${kind}-${mchid}-${day}.csv.gz`;

/** The day has what it waited for; with both bills it is compared (again). */
async function noteArrival(work: Transaction, { kind, day }: BillName): Promise<void> {
  const known = await work.db.findOneBy(ReconciliationDay, { day });
  const row = known ?? Object.assign(new ReconciliationDay(), { id: newId(), day });
  row[kind === 'trade' ? 'trade' : 'fundFlow'] = 'kept';
  await work.db.save(ReconciliationDay, row);
  await matchIfComplete(work, row);
}

/** What the tasks about bills that do not come are about. */
export const aboutMissing = (day: string) => `bill-missing:${day}`;

/** As soon as both bills of a day are known, nobody need look for them any more, and it is compared. */
export async function matchIfComplete(work: Transaction, { day, trade, fundFlow }: ReconciliationDay): Promise<void> {
  if (trade === 'wanted' || fundFlow === 'wanted') return;
  await mendTasks(work, null, aboutMissing(day));
  await enqueue(work, 'reconciliation.match', { day }, { key: `reconciliation.match:${day}` });
}
