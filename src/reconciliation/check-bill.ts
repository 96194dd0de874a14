import { createHash, type Hash } from 'node:crypto';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { BillFaultName, BillKindName, BillTotals } from '../contracts/reconciliation.ts';
import { dayAfter } from '../platform/calendar.ts';
import {
  BillFault,
  fundFlowBill,
  type FundRow,
  readBillFile,
  tradeBill,
  type TradeRow,
} from '../platform/wechat-pay/index.ts';

/** Two gibibytes: many times what a million rows take. */
const MOST_BYTES = 2 * 1024 ** 3;

/** A file that is no bill of that kind, day and merchant. */
export class UnusableBill extends Error {
  override readonly name = 'UnusableBill';
  constructor(
    readonly fault: BillFaultName,
    readonly line: number | null = null,
    readonly column: string | null = null,
  ) {
    super(fault);
  }
}

export interface BillName {
  kind: BillKindName;
  mchid: string;
  day: string;
}

export interface CheckedBill {
  sha1: string;
  bytes: number;
  totals: BillTotals;
}

/**
 * Reads the whole file, which is gzip, and compares it with itself.
 * @throws {UnusableBill}
 */
export async function checkBill(name: BillName, gzip: Readable): Promise<CheckedBill> {
  const meter = { hash: createHash('sha1'), bytes: 0 };
  const totals: BillTotals = {
    rows: 0,
    payments: 0,
    paidFen: 0,
    refunds: 0,
    refundedFen: 0,
    feeFen: 0,
    inFen: 0,
    outFen: 0,
    closingFen: null,
  };
  const bytes = measured(unzip(gzip), meter);
  await guarded(async () => {
    if (name.kind === 'trade') {
      for await (const rows of readBillFile(tradeBill, bytes)) for (const row of rows) addTrade(totals, row, name);
    } else {
      for await (const rows of readBillFile(fundFlowBill, bytes)) for (const row of rows) addFunds(totals, row, name);
    }
  });
  return { sha1: meter.hash.digest('hex'), bytes: meter.bytes, totals };
}

/** The uncompressed bytes; a broken file ends the reading with an error. */
export function unzip(gzip: Readable): Readable {
  const plain = createGunzip();
  // Whoever reads learns of the error from what it reads.
  pipeline(gzip, plain, () => undefined);
  return plain;
}

async function guarded(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (error instanceof BillFault) throw new UnusableBill(error.code, error.line, error.column);
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw new UnusableBill('not_gzip');
    throw error;
  }
}

async function* measured(
  bytes: AsyncIterable<Uint8Array>,
  meter: { hash: Hash; bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    meter.hash.update(chunk);
    meter.bytes += chunk.length;
    if (meter.bytes > MOST_BYTES) throw new UnusableBill('too_large');
    yield chunk;
  }
}

function addTrade(totals: BillTotals, row: TradeRow, { mchid, day }: BillName): void {
  totals.rows += 1;
  if (row.mchid !== mchid) throw new UnusableBill('foreign_merchant', totals.rows + 1);
  assertDay(row.at, day, totals.rows);
  totals.feeFen += row.feeFen;
  if (row.kind === 'payment') {
    totals.payments += 1;
    totals.paidFen += row.amountFen;
  } else {
    totals.refunds += 1;
    totals.refundedFen += row.amountFen;
  }
}

function addFunds(totals: BillTotals, row: FundRow, { day }: BillName): void {
  totals.rows += 1;
  assertDay(row.at, day, totals.rows);
  if (row.isIncome) totals.inFen += row.amountFen;
  else totals.outFen -= row.amountFen;
  totals.closingFen = row.balanceFen;
}

/** Around midnight a row may stand in the neighbour's bill; further away it is another day's file. */
function assertDay(at: string, day: string, rows: number): void {
  const own = at.slice(0, 10);
  if (own < dayAfter(day, -1) || own > dayAfter(day)) throw new UnusableBill('foreign_day', rows + 1);
}
