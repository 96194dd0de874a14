import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull, type Answer } from './pay-client.ts';

/** The day whose bills the tests ask for, and the instant on the next one at which they do. */
export const DAY = '2026-11-02';
export const NEXT_DAY = '2026-11-03';
export const HOUR_MS = 3_600_000;
export const at = (beijing: string): number => Date.parse(`${beijing.replace(' ', 'T')}+08:00`);

/** A bill as a client reads it, by a reader of its own. */
export interface ReadBill {
  bytes: Buffer;
  rows: Record<string, string>[];
  sums: Record<string, string>;
}

export function readBill(bytes: Buffer): ReadBill {
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\r\n');
  if (lines.pop() !== '') throw new Error('the last line is not ended');
  const fields = (line: string) => line.slice(1).split(',`');
  const under = (names: string, line: string) =>
    Object.fromEntries(names.split(',').map((name, index) => [name, fields(line)[index]!]));
  const sums = lines.splice(-2);
  return { bytes, rows: lines.slice(1).map((line) => under(lines[0]!, line)), sums: under(sums[0]!, sums[1]!) };
}

export const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

/** Payments, refunds and bills of one simulator whose clock stands still between moves. */
export function billWorld(simulator: RunningSimulator) {
  const client = payClient(simulator);
  let made = 0;

  const moveTo = (beijing: string) =>
    pull(simulator, '/clock', { frozen: true, advanceMs: at(beijing) - simulator.world.clock.now() });

  /** An order that was paid; its number. */
  async function pay(
    total: number,
    { payerTotal = total, ...more }: { payerTotal?: number; description?: string; attach?: string } = {},
  ) {
    const body = orderBody(simulator, { amount: { total, currency: 'CNY' }, ...more });
    const number = String(body.out_trade_no);
    const placed = await client.post('/v3/pay/transactions/jsapi', body);
    if (placed.status !== 200) throw new Error(placed.text);
    await pull(simulator, `/pay/orders/${number}/force-paid`, { notify: false, payerTotal });
    return number;
  }

  async function refund(outTradeNo: string, refunded: number): Promise<string> {
    const { total } = simulator.world.pay.orders.get(outTradeNo)!.payment!;
    const number = `RF${String((made += 1)).padStart(8, '0')}`;
    const answer = await client.post('/v3/refund/domestic/refunds', {
      out_trade_no: outTradeNo,
      out_refund_no: number,
      amount: { refund: refunded, total, currency: 'CNY' },
    });
    if (answer.status !== 200) throw new Error(answer.text);
    return number;
  }

  const apply = (query: string, bill = 'trade'): Promise<Answer> => client.get(`/v3/bill/${bill}bill?${query}`);

  const fetchFile = (answer: Answer): Promise<Answer> => {
    const { pathname, search } = new URL(String(answer.json.download_url));
    return client.get(pathname + search, { headers: { accept: '*/*' } });
  };

  /** The bill as a client gets it, its hash checked. */
  async function bill(which: 'trade' | 'fundflow', day = DAY, more = ''): Promise<ReadBill> {
    const applied = await apply(`bill_date=${day}&tar_type=GZIP${more}`, which);
    if (applied.status !== 200) throw new Error(applied.text);
    const bytes = gunzipSync((await fetchFile(applied)).bytes);
    if (sha1(bytes) !== applied.json.hash_value) throw new Error('the hash is not that of the file');
    return readBill(bytes);
  }

  return { client, moveTo, pay, refund, apply, fetchFile, bill };
}

export const fenOf = (yuan: string): number => Math.round(Number(yuan) * 100);
