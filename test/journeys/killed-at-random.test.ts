import { randomUUID } from 'node:crypto';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Job } from '../../entities/job.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Payment } from '../../entities/payment.ts';
import { WechatNotice } from '../../entities/wechat-notice.ts';
import type { OrderView, StartedPaymentView } from '../../src/contracts/index.ts';
import { chance } from '../support/chance.ts';
import { KillableWorld } from '../support/killable-world.ts';
import { type Phone, SIMPLE_SERVICE } from '../support/phone.ts';
import { expectOneEffect, type Sent } from './one-effect.ts';

jest.setTimeout(240_000);

const SEED = 20261122;

let world: KillableWorld;

beforeAll(async () => {
  world = await KillableWorld.start();
});
afterAll(() => world.stop());

interface Paid {
  customer: Phone;
  order: OrderView;
  started: StartedPaymentView;
  noticeId: string;
}

/** Somebody who has paid at WeChat; the notice of it is held back. */
async function paidAtWechat(): Promise<Paid> {
  const customer = await world.follower();
  const order = await customer.order();
  const started = await customer.startPayment(order.number);
  await customer.pay(started);
  const notices = await world.lever<{ id: string; outTradeNo: string }[]>('/notices');
  return { customer, order, started, noticeId: notices.find((each) => each.outTradeNo === started.number)!.id };
}

const tell = async ({ noticeId }: Paid): Promise<Sent> => {
  const [sent] = await world.lever<Sent[]>(`/notices/${noticeId}/send`, {});
  return sent!;
};

/** How far the server had come when it died, by what it left behind. */
async function stepOf({ started }: Paid, wasAnswered: boolean): Promise<string> {
  const { reader } = world.database;
  if (!(await reader.existsBy(WechatNotice, { paymentNumber: started.number }))) return 'nothing written';
  if (!wasAnswered) return 'committed, not answered';
  const { id } = await reader.findOneByOrFail(Payment, { number: started.number });
  const message = await reader.findOneBy(MessageDelivery, { about: `payment:${id}` });
  if (message) return `message ${message.state}`;
  const [job] = await reader.findBy(Job, { kind: 'payment.settled' });
  return `answered, what follows is ${job?.state}`;
}

/** Goes on with everything else until this instant; much finer than a timer. */
async function untilInstant(at: number): Promise<void> {
  while (performance.now() < at) await turn();
}

it('Payments are counted once, and told once, whenever the server dies after WeChat has told of them', async () => {
  const random = chance(SEED);
  await world.serve();
  await world.lever('/notices/settings', { mode: 'held' });
  const rounds = await Promise.all(Array.from({ length: 14 }, paidAtWechat));
  const steps = new Map<string, number>();
  // As long as hearing and doing what follows takes; found by trying, since it depends on the machine.
  let spanMs = 60;
  await world.runAgain();
  for (const paid of rounds) {
    const at = performance.now() + random() * spanMs;
    const telling = tell(paid);
    await untilInstant(at);
    await world.kill();
    const wasAnswered = (await telling).status === 204;
    const step = await stepOf(paid, wasAnswered);
    steps.set(step, (steps.get(step) ?? 0) + 1);
    spanMs *= step === 'nothing written' ? 1.5 : 0.8;
    await world.run();
    if (!wasAnswered) expect((await tell(paid)).status).toBe(204);
  }

  // Long enough for messages whose sender died.
  await world.letPass(3 * 60_000);
  await world.run();
  for (const paid of rounds) await expectOneEffect(world, paid);
  expect([...steps.values()].reduce((sum, count) => sum + count, 0)).toBe(rounds.length);
  // Not one step over and over.
  expect(steps.size).toBeGreaterThanOrEqual(3);
});

/** A phone in the hand of somebody who taps again whenever nothing came back. */
async function insist<T>(tap: () => Promise<T>): Promise<T> {
  for (let taps = 1; ; taps += 1) {
    try {
      return await tap();
    } catch (error) {
      if (taps > 600) throw error;
      await pause(100);
    }
  }
}

async function buy(customer: Phone): Promise<{ order: OrderView; started: StartedPaymentView }> {
  await insist(() => customer.signInMiniProgram());
  const body = await insist(() => customer.orderBody(SIMPLE_SERVICE));
  const key = { 'idempotency-key': randomUUID() };
  const order = await insist(() => customer.post<OrderView>('/app/orders', body, key));
  const started = await insist(() => customer.startPayment(order.number));
  expect(await customer.pay(started)).toMatchObject({ errMsg: 'ok' });
  await insist(async () => {
    const { state } = await customer.seeOrder(order.number);
    if (state !== 'paid') throw new Error(`the page says ${state}`);
  });
  return { order, started };
}

it('Customers who tap again buy once, whenever the server dies while they sign in, order and pay', async () => {
  const random = chance(SEED + 1);
  await world.runAgain();
  await world.lever('/notices/settings', { mode: 'auto', schedule: Array(200).fill(1), maxSends: 200 });
  const customers = await Promise.all(Array.from({ length: 12 }, () => world.follower()));
  const buying = Promise.all(customers.map(async (customer) => ({ customer, ...(await buy(customer)) })));
  let isOver = false;
  void buying.then(
    () => (isOver = true),
    () => (isOver = true),
  );

  let kills = 0;
  while (!isOver && kills < 8) {
    await untilInstant(performance.now() + random() * 150);
    await world.runAgain();
    kills += 1;
  }
  const purchases = await buying;
  await world.letPass(3 * 60_000);
  await world.run();
  for (const bought of purchases) await expectOneEffect(world, bought);
  expect(kills).toBeGreaterThanOrEqual(3);
});
