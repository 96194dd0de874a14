import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Job } from '../../entities/job.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Payment } from '../../entities/payment.ts';
import type { OrderView } from '../../src/contracts/index.ts';
import { KillableWorld, QUIET } from '../support/killable-world.ts';
import type { Phone } from '../support/phone.ts';
import { runWorker, ServerProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { expectOneEffect, type Sent } from './one-effect.ts';

jest.setTimeout(60_000);

let world: KillableWorld;

beforeAll(async () => {
  world = await KillableWorld.start();
});
afterAll(() => world.stop());
afterEach(() => world.simulator.world.faults.clear());

describe('A server that is asked to end', () => {
  let customer: Phone;
  let order: OrderView;

  const ordersAtWechat = () => world.simulator.world.pay.orders.size;
  const noJobIsHeld = async () => expect(await world.database.reader.findBy(Job, { state: 'running' })).toEqual([]);

  beforeEach(async () => {
    await world.serve();
    customer = await world.follower();
    order = await customer.order();
  });

  it.each([
    ['SIGTERM', ['SIGTERM']],
    ['SIGINT', ['SIGINT']],
    // A terminal tells the whole group, and whoever started the server tells it once more.
    ['SIGINT and SIGTERM right after each other', ['SIGINT', 'SIGTERM']],
  ] as const)('by %s answers what is under way, takes nothing new, and exits with 0', async (_name, signals) => {
    await world.lever('/faults', { path: '/v3/pay/transactions/jsapi', kind: 'delay-after-effect', ms: 1500 });
    const before = ordersAtWechat();
    const starting = customer.startPayment(order.number);
    await until('WeChat has the order', () => ordersAtWechat() > before);
    const { server } = world;
    for (const signal of signals) server.signal(signal);
    await until('it takes no more connections', () => isRefused(server));

    expect(await starting).toMatchObject({ state: 'open', payParameters: { signType: 'RSA' } });
    expect(await world.end()).toEqual({ code: 0, signal: null });
    expect(server.complaint).toBe('');
    await noJobIsHeld();
  });

  it('answers a notice that is being written', async () => {
    await world.serve(QUIET);
    await world.lever('/notices/settings', { mode: 'held' });
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    const notices = await world.lever<{ id: string; outTradeNo: string }[]>('/notices');
    const notice = notices.find(({ outTradeNo }) => outTradeNo === started.number);
    world.holdCommits();
    const telling = world.lever<Sent[]>(`/notices/${notice!.id}/send`, {});
    await world.untilItStandsIn('wechat_notices', { request: /^POST \/wechat\/pay\/notices / });
    world.server.signal('SIGTERM');
    world.store.brake.release();

    expect(await telling).toMatchObject([{ status: 204 }]);
    expect((await world.end()).code).toBe(0);
    await noJobIsHeld();
    await world.run();
    await expectOneEffect(world, { customer, order, started });
  });

  it('waits for a request that is still arriving', async () => {
    const { port, origin } = world.server;
    const body = '{"templateId":"none"}';
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /app/message-consents HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n`);
    socket.write(`Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
    await until('the server has begun to read', () => fetch(`${origin}/healthz`).then(({ ok }) => ok));
    const answer = once(socket, 'data').then(([bytes]) => String(bytes));
    const { server } = world;
    server.signal('SIGTERM');
    await until('it takes no more connections', () => isRefused(server));
    await pause(300);
    socket.write(body.slice(5));

    expect(await answer).toMatch(/^HTTP\/1\.1 401 .*"session.required"/s);
    expect((await world.end()).code).toBe(0);
  });

  it('finishes the jobs that it has begun', async () => {
    await world.serve(QUIET);
    await world.lever('/notices/settings', { mode: 'auto' });
    await world.lever('/faults', { path: '/cgi-bin/message/template/send', kind: 'delay-after-effect', ms: 800 });
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    await until('the message is in the chat', async () => (await world.chat(customer)).length > 0);
    world.holdCommits();
    const { server } = world;
    server.signal('SIGTERM');
    await until('it takes no more connections', () => isRefused(server));
    await until('WeChat has answered', () => world.hasAnswered(/^POST \/cgi-bin\/message\/template\/send/));
    await pause(300);
    world.store.brake.release();

    expect((await world.end()).code).toBe(0);
    const { id } = await world.database.reader.findOneByOrFail(Payment, { number: started.number });
    const about = `payment:${id}`;
    expect(await world.database.reader.findBy(MessageDelivery, { about })).toMatchObject([
      { state: 'accepted', msgid: expect.any(String) },
    ]);
    await noJobIsHeld();
    await world.run();
    await expectOneEffect(world, { customer, order, started });
  });
});

describe('A worker beside a server that does no jobs', () => {
  it('does them, and ends with 0 when it is asked to', async () => {
    await world.serve({ WORKER_IN_SERVER: 'false' });
    const worker = runWorker(world.environment);
    const customer = await world.follower();
    const order = await customer.order();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    await world.lever('/notices/deliver-due', {});
    await expectOneEffect(world, { customer, order, started });

    worker.signal('SIGTERM');
    expect(await worker.end).toEqual({ code: 0, signal: null });
    expect(worker.complaint).toBe('');
  });

  it('says in one sentence each what is wrong with its configuration', async () => {
    const worker = runWorker({ ...world.environment, SECRET_KEY: 'not-a-key-93ab' });
    expect(await worker.end).toEqual({ code: 1, signal: null });
    expect(worker.complaint).toMatch(/^The configuration has 1 fault:\n  - SECRET_KEY: .*\n$/);
    expect(worker.complaint).not.toContain('93ab');
  });
});

const isRefused = ({ port }: ServerProcess): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    }).once('error', () => resolve(true));
  });

describe('A server that cannot start', () => {
  it('says in one sentence that its port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const server = new ServerProcess(world.environment, port);
    expect(await server.end).toEqual({ code: 1, signal: null });
    expect(server.complaint).toBe(`Port ${port} is in use; set PORT to another one.\n`);
    other.close();
  });

  it('names every fault of its configuration at once and shows no value', async () => {
    const wrong = {
      SECRET_KEY: 'not-a-key-93ab',
      WECHAT_PAY_API_V3_KEY: 'too-short-77cd',
      WECHAT_PAY_MERCHANT_KEY: 'no-pem-55ef',
      OFFICIAL_ACCOUNT_SECRET: 'short-31aa',
      OFFICIAL_ACCOUNT_PUSH_KEY: 'not-43-characters-11bb',
      MINI_PROGRAM_APPID: 'wx-nothing-22cc',
      CHASE_AFTER_SECONDS: 'soon-44dd',
      DATABASE_URL: 'postgres://somebody:password-66ee@db/tongban',
    };
    const server = new ServerProcess({ ...world.environment, ...wrong }, 0);
    expect((await server.end).code).toBe(1);
    const lines = server.complaint.trimEnd().split('\n');
    expect(lines[0]).toBe('The configuration has 8 faults:');
    for (const [name, value] of Object.entries(wrong)) {
      expect(lines.filter((line) => line.startsWith(`  - ${name}: `))).toHaveLength(1);
      expect(server.complaint).not.toContain(value);
    }
    expect(server.complaint).not.toMatch(/-\d\d[a-f]{2}\b/);
    expect(lines).toHaveLength(9);
  });

  it('says which key cannot be read and does not show it', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n';
    const server = new ServerProcess({ ...world.environment, WECHAT_PAY_MERCHANT_KEY: pem }, 0);
    expect((await server.end).code).toBe(1);
    expect(server.complaint).toBe('WeChat Pay is configured wrongly: the merchant private key cannot be read\n');
  });

  it('does not show the password of a database that cannot be reached', async () => {
    const DATABASE_URL = 'mysql://somebody:password-66ee@127.0.0.1:1/tongban';
    const server = new ServerProcess({ ...world.environment, DATABASE_URL }, 0);
    expect((await server.end).code).toBe(1);
    expect(server.complaint).toContain('ECONNREFUSED');
    expect(server.complaint + server.logged.join('\n')).not.toContain('password-66ee');
  });
});
