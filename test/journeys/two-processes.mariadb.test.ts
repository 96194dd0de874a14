import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { In, IsNull, Not } from 'typeorm';
import { Job } from '../../entities/job.ts';
import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { ScheduleSlot } from '../../entities/schedule-slot.ts';
import { ServiceVersion } from '../../entities/service-version.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { OrderView, StartedPaymentView } from '../../src/contracts/index.ts';
import { bookedSum, disputesOf, ledgerOf, messagesOf, noticesOf, paymentsOf } from '../support/books.ts';
import { type Phone, SIMPLE_SERVICE } from '../support/phone.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { type ServerPair, startPair } from '../support/server-pair.ts';
import { until } from '../support/until.ts';

jest.setTimeout(600_000);

const NOTICES = 50;
const TURN_MS = 10 * 60_000;
/** Both servers should be up by then; a slow machine is given twice as long, and twice again. */
const LEAST_LEAD_MS = 20_000;

let pair: ServerPair;
let turnAtMs: number;

beforeAll(async () => {
  for (let leadMs = LEAST_LEAD_MS; !pair; leadMs *= 2) {
    // The clocks stand so long before a turn of timed work.
    turnAtMs = Date.now() + leadMs;
    const started = await startPair({ shiftMs: 2 * TURN_MS - (turnAtMs % TURN_MS) });
    if (Date.now() < turnAtMs) pair = started;
    else await started.stop();
  }
});
afterAll(() => pair.stop());

const calls = (path: string) => pair.simulator.world.calls.all(path).filter(({ status }) => status === 200);

/** How often a server answered this route, by its own log. */
const answered = ({ logged }: ServerProcess, route: string, status: number): number =>
  logged
    .map((line) => JSON.parse(line) as { msg: string; route?: string; status?: number })
    .filter((line) => line.msg === 'request' && line.route === route && line.status === status).length;

/** How many jobs of a kind both servers did, by their own count. */
async function jobsDone(kind: string): Promise<number> {
  const counts = await Promise.all(
    pair.servers.map(async ({ origin }) => {
      const text = await (await fetch(`${origin}/metrics`)).text();
      return Number(new RegExp(`^jobs_total{kind="${kind}",outcome="done"} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function follower(): Promise<Phone> {
  const phone = await pair.person();
  await pair.lever(`/people/${phone.personId}/follow`, {});
  const { openids } = pair.simulator.world.people.get(phone.personId);
  const openid = openids[pair.simulator.world.kit.officialAccount.appid]!;
  await until('the follower is known', () =>
    pair.database.reader.existsBy(WechatIdentity, { openid, follow: 'following', unionid: Not(IsNull()) }),
  );
  return phone;
}

const untilJobsAreDone = (...kinds: string[]) =>
  until(`no job is left of ${kinds.join(', ')}`, async () => {
    return !(await pair.database.reader.existsBy(Job, { kind: In(kinds), state: In(['waiting', 'running']) }));
  });

it('Two servers that start at once make one schema and one catalogue', async () => {
  const services = await pair.database.reader.find(ServiceVersion);
  expect(services.length).toBeGreaterThan(0);
  expect(services.map(({ version }) => version)).toEqual(services.map(() => 1));
  const applied = await pair.database.reader.query<{ name: string }[]>('SELECT name FROM schema_migrations');
  expect(new Set(applied.map(({ name }) => name)).size).toBe(applied.length);
});

it('Fifty payments, each told to both servers at once, are counted once and told once, under one token', async () => {
  const customers = await Promise.all(Array.from({ length: NOTICES }, follower));
  await pair.lever('/notices/settings', { mode: 'held', copies: 4 });
  const purchases = await Promise.all(
    customers.map(async (customer) => {
      await customer.signInMiniProgram();
      const order = await customer.order();
      const started = await customer.startPayment(order.number);
      await customer.pay(started);
      return { customer, order, started };
    }),
  );
  const notices = await pair.lever<{ sends: { status: number | null }[] }[]>('/notices/deliver-due', {});
  expect(notices.flatMap(({ sends }) => sends.map(({ status }) => status))).toEqual(Array(4 * NOTICES).fill(204));
  await untilJobsAreDone('payment.settled', 'message.deliver', 'wechat.pushed');
  for (const server of pair.servers)
    expect(answered(server, '/wechat/pay/notices', 204)).toBeGreaterThanOrEqual(NOTICES);
  for (const { customer, order } of purchases)
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'paid', paidFen: order.amountFen });
  expect((await paymentsOf(pair)).map(({ state }) => state)).toEqual(Array(NOTICES).fill('paid'));
  expect(await noticesOf(pair)).toHaveLength(NOTICES);
  expect(await disputesOf(pair)).toEqual([]);
  expect(await ledgerOf(pair)).toHaveLength(NOTICES);
  expect(await bookedSum(pair)).toBe(0);

  expect(await messagesOf(pair)).toHaveLength(NOTICES);
  expect(await pair.lever('/messages')).toHaveLength(NOTICES);
  expect(calls('/cgi-bin/message/template/send')).toHaveLength(NOTICES);
  expect(await jobsDone('payment.settled')).toBe(NOTICES);
  expect(await jobsDone('message.deliver')).toBe(NOTICES);
  // One for each app.
  expect(calls('/cgi-bin/stable_token')).toHaveLength(2);
});

it('A session opened at one server is good at the other, and ends at both', async () => {
  const [one, other] = pair.servers;
  const here = (await pair.person()).through(one.origin);
  await here.signInMiniProgram();
  const there = here.through(other.origin);
  const { number } = await here.order();
  expect(await there.seeOrder(number)).toMatchObject({ number });

  expect((await there.call('DELETE', '/app/sessions/current')).status).toBe(204);
  expect((await here.call('GET', `/app/orders/${number}`)).body).toMatchObject({ error: { code: 'session.expired' } });
  expect((await there.call('GET', `/app/orders/${number}`)).status).toBe(401);
});

it('Ten taps at each server make one order and one attempt to pay', async () => {
  const customer = await pair.person();
  await customer.signInMiniProgram();
  const hands = pair.servers.flatMap(({ origin }) => Array.from({ length: 10 }, () => customer.through(origin)));
  const body = await customer.orderBody(SIMPLE_SERVICE);
  const key = { 'idempotency-key': randomUUID() };
  const orders = await Promise.all(hands.map((hand) => hand.post<OrderView>('/app/orders', body, key)));
  expect(new Set(orders.map(({ number }) => number)).size).toBe(1);
  const { id } = await pair.database.reader.findOneByOrFail(Order, { number: orders[0]!.number });

  const started = await Promise.all(hands.map((hand) => hand.startPayment(orders[0]!.number)));
  expect(new Set(started.map(({ number }: StartedPaymentView) => number)).size).toBe(1);
  expect(await pair.database.reader.countBy(Payment, { orderId: id })).toBe(1);
});

it('A turn of timed work is taken by one of them and done once', async () => {
  const slots = () => pair.database.reader.findBy(ScheduleSlot, { name: 'payments.chase_forgotten' });
  const untilTurnMs = Math.max(0, turnAtMs - Date.now());
  await until('a turn has come', async () => (await slots()).length > 0, untilTurnMs + 30_000);
  await untilJobsAreDone('schedule.turn');
  const taken = await pair.database.reader.find(ScheduleSlot);
  expect(await jobsDone('schedule.turn')).toBe(taken.length);
  const logs = pair.servers.flatMap(({ logged }) => logged);
  expect(logs.filter((line) => line.includes('a turn could not be taken'))).toEqual([]);
});

it('What a killed server had begun is finished by the other', async () => {
  const [one] = pair.servers;
  pair.simulator.world.faults.add({ path: '/cgi-bin/user/info', kind: 'delay', ms: 3000, times: 12 });
  const people = await Promise.all(Array.from({ length: 12 }, () => pair.person()));
  await Promise.all(people.map(({ personId }) => pair.lever(`/people/${personId}/follow`, {})));
  const kind = 'identity.learn_follower';
  await until('both are at work', async () => {
    const running = await pair.database.reader.findBy(Job, { kind, state: 'running' });
    return new Set(running.map(({ leasedBy }) => leasedBy)).size === 2;
  });
  await one.kill();

  const appid = pair.simulator.world.kit.officialAccount.appid;
  const openids = people.map(({ personId }) => pair.simulator.world.people.get(personId).openids[appid]!);
  const learnt = () => pair.database.reader.countBy(WechatIdentity, { openid: In(openids), unionid: Not(IsNull()) });
  // What the killed one held is taken up when its lease ends; also pushes that it had not worked on yet.
  await until('everybody is known', async () => (await learnt()) === people.length, 120_000);
  await untilJobsAreDone(kind);
});
