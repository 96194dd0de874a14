import { Customer } from '../../../entities/customer.ts';
import { Order } from '../../../entities/order.ts';
import { Instalment } from '../../../entities/order-parts.ts';
import { Payment } from '../../../entities/payment.ts';
import type { Kit } from '../../../simulator/src/simulator.ts';
import { type Database, insertAll } from '../../../src/platform/database/index.ts';
import { newId } from '../../../src/platform/ids.ts';
import { AMOUNT_FEN } from './signed-notice.ts';

const CHUNK = 500;

/** Orders of one customer that wait for their money, one for each payment number; the floor gets its rows too. */
export async function writeUnpaidOrders(database: Database, kit: Kit, numbers: readonly string[]): Promise<void> {
  const now = new Date();
  const customerId = newId();
  await database.transaction((db) => db.insert(Customer, { id: customerId, createdAt: now }));
  for (let from = 0; from < numbers.length; from += CHUNK) {
    const chunk = numbers.slice(from, from + CHUNK);
    const rows = chunk.map((number) => unpaidOrder(kit, customerId, number, now));
    await database.transaction(async (db) => {
      await insertAll(
        db,
        Order,
        rows.map(({ order }) => order),
      );
      await insertAll(
        db,
        Instalment,
        rows.map(({ instalment }) => instalment),
      );
      await insertAll(
        db,
        Payment,
        rows.map(({ payment }) => payment),
      );
      await db.query(`INSERT INTO floor_payments (number) VALUES ${chunk.map(() => '(?)').join(',')}`, chunk);
    });
  }
}

function unpaidOrder(kit: Kit, customerId: string, number: string, now: Date) {
  const [orderId, instalmentId] = [newId(), newId()];
  const order = Object.assign(new Order(), {
    id: orderId,
    number: `TB${number}`,
    customerId,
    serviceVersionId: newId(),
    serviceCode: 'bench',
    serviceVersion: 1,
    serviceName: '基准',
    packageCode: 'bench',
    packageName: '基准',
    planCode: 'full',
    buyerKind: 'person',
    contactName: '基准',
    contactPhoneSealed: 'x'.repeat(60),
    preCheck: [],
    amountFen: AMOUNT_FEN,
    placedAt: now,
    expiresAt: new Date(now.getTime() + 86_400_000),
  });
  const instalment = Object.assign(new Instalment(), {
    id: instalmentId,
    orderId,
    position: 1,
    name: '全款',
    milestone: 'placed',
    amountFen: AMOUNT_FEN,
    governmentFen: 0,
    state: 'due',
  });
  const payment = Object.assign(new Payment(), {
    id: newId(),
    number,
    orderId,
    instalmentId,
    way: 'native',
    appid: kit.officialAccount.appid,
    mchid: kit.mchid,
    description: '基准',
    amountFen: AMOUNT_FEN,
    state: 'open',
    expiresAt: new Date(now.getTime() + 7_200_000),
    createdAt: now,
  });
  return { order, instalment, payment };
}
