import type { EntityManager } from 'typeorm';
import { Order } from '../../entities/order.ts';
import { Instalment } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import type { ReportView } from '../../src/contracts/index.ts';
import { type Entry, post } from '../../src/ledger/index.ts';
import { insertAll } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import type { Transaction } from '../../src/platform/work.ts';
import { FinanceWorld } from '../reconciliation/finance-world.ts';
import { bookedSum } from '../support/books.ts';
import { NAMES } from './reports-world.ts';

const ORDERS = 10_000;
const AT_ONCE = 1000;
const SERVICES = 12;
/** Paid, and earned. */
const PAID_FEN = 100_000;
const EARNED_FEN = 30_000;

let world: FinanceWorld;
beforeAll(async () => {
  world = await FinanceWorld.start();
  const { order } = await world.sell();
  const { db } = world.desk;
  const sold = await db.findOneByOrFail(Order, { number: order.number });
  const instalment = await db.findOneByOrFail(Instalment, { orderId: sold.id });
  const payment = await db.findOneByOrFail(Payment, { orderId: sold.id });
  for (let at = 0; at < ORDERS; at += AT_ONCE)
    await world.desk.transaction((work) => sellMany(work, at, { sold, instalment, payment }));
}, 240_000);
afterAll(async () => {
  expect(await bookedSum(world.test.world)).toBe(0);
  await world.stop();
});

async function sellMany(
  work: Transaction,
  from: number,
  like: { sold: Order; instalment: Instalment; payment: Payment },
): Promise<void> {
  const many = Array.from({ length: AT_ONCE }, (_, at) => {
    const [orderId, paymentId, number] = [newId(), newId(), String(10_000_000_000_000 + from + at)];
    return {
      sold: { ...like.sold, id: orderId, number: `TB${number}`, serviceCode: `service-${at % SERVICES}` },
      instalment: { ...like.instalment, id: newId(), orderId, paymentId },
      payment: { ...like.payment, id: paymentId, orderId, number: `P${number}`, transactionId: `42${number}` },
    };
  });
  await insertAll(
    work.db,
    Order,
    many.map(({ sold }) => sold),
  );
  await insertAll(
    work.db,
    Instalment,
    many.map(({ instalment }) => instalment),
  );
  await insertAll(
    work.db,
    Payment,
    many.map(({ payment }) => payment),
  );
  await post(
    work,
    many.flatMap(({ sold }) => entriesOf(sold, work.now())),
  );
}

const entriesOf = ({ id: orderId, number: reference }: Pick<Order, 'id' | 'number'>, happenedAt: Date): Entry[] => [
  {
    kind: 'payment',
    reference,
    orderId,
    happenedAt,
    lines: [
      { account: 'wechat_pay', amountFen: PAID_FEN },
      { account: 'advance_from_customers', amountFen: -PAID_FEN },
    ],
  },
  {
    kind: 'revenue',
    reference,
    orderId,
    happenedAt,
    lines: [
      { account: 'advance_from_customers', amountFen: EARNED_FEN },
      { account: 'revenue', amountFen: -EARNED_FEN },
    ],
  },
];

const read = (name: string) =>
  world.maker.data<ReportView>('GET', `/staff/reports/${name}?from=${world.today}&to=${world.today}`);

/** How many questions the database is asked meanwhile. */
async function countQueries({ connection }: EntityManager, deed: () => Promise<unknown>): Promise<number> {
  const { logger } = connection;
  let count = 0;
  connection.logger = {
    ...logger,
    logQuery: () => (count += 1),
    logQueryError: () => {},
    logQuerySlow: () => {},
  } as never;
  await deed();
  connection.logger = logger;
  return count;
}

describe('Of ten thousand orders', () => {
  it('a report is a few rows, after a few questions', async () => {
    const revenue = await read('revenue-by-service');
    expect(revenue.rows).toHaveLength(SERVICES);
    expect(revenue.totals.cells).toMatchObject({ revenueFen: ORDERS * EARNED_FEN, orders: ORDERS });
    const deferred = await read('deferred-revenue');
    expect(deferred.rows).toHaveLength(SERVICES + 1);
    expect(deferred.totals.cells.orders).toBe(ORDERS + 1);
    for (const name of NAMES) {
      const asked = await countQueries(world.desk.db, () => read(name));
      expect([name, asked > 0 && asked <= 12]).toEqual([name, true]);
    }
  }, 120_000);

  it('the file of lines has every one, and is written while they are read', async () => {
    const { totals } = await read('deferred-revenue');
    const address = totals.lines.closingFen!.replace('/lines?', '/lines/file?');
    const answer = await fetch(`${world.test.origin}${address}&format=csv`, {
      headers: { authorization: `Bearer ${world.maker.token}` },
    });
    let [text, pieces] = ['', 0];
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      pieces += 1;
    }
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(2 * ORDERS + 1 + 3);
    expect(lines.at(-1)).toBe(`合计,,,,,${(Number(totals.cells.closingFen) / 100).toFixed(2)}`);
    expect(pieces).toBeGreaterThan(10);
  }, 120_000);
});
