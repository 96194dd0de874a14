import { anOrder, openCounter, settingsFor, TestClock, type Counter } from './counter.ts';
import { newMerchantKit } from './merchant-kit.ts';
import { StrictServer } from './strict-server.ts';

const kit = newMerchantKit();
const clock = new TestClock();
let primary: StrictServer;
let backup: StrictServer;
let counter: Counter;

beforeEach(async () => {
  primary = await StrictServer.start(kit, clock.now);
  backup = await StrictServer.start(kit, clock.now);
  primary.answer = (response) => primary.reply(response, 200, '{"code_url":"weixin://primary"}');
  backup.answer = (response) => backup.reply(response, 200, '{"code_url":"weixin://backup"}');
  const settings = settingsFor(kit, { origin: primary.origin, backupOrigin: backup.origin });
  counter = openCounter({ ...settings, timeoutMs: 1_000 }, clock.now);
});
afterEach(async () => {
  await counter.pay.stop();
  await Promise.all([primary.stop(), backup.stop()]);
});

const order = async (): Promise<string> => (await counter.pay.prepayNative(anOrder)).codeUrl;
const failing = () =>
  counter.pay.prepayNative(anOrder).then(
    () => null,
    (error: unknown) => error,
  );

async function cutOff(server: StrictServer): Promise<() => Promise<StrictServer>> {
  const { port, answer } = server;
  await server.stop();
  return async () => {
    const again = await StrictServer.start(kit, clock.now, port);
    again.answer = answer;
    return again;
  };
}

it('goes to the first domain as long as it answers', async () => {
  expect([await order(), await order()]).toEqual(['weixin://primary', 'weixin://primary']);
  expect(backup.calls).toHaveLength(0);
});

it('goes to the second when the first cannot be reached, stays there, and comes back after a while', async () => {
  const mend = await cutOff(primary);
  expect(await order()).toBe('weixin://backup');

  primary = await mend();
  primary.answer = (response) => primary.reply(response, 200, '{"code_url":"weixin://primary"}');
  clock.advance(59);
  expect(await order()).toBe('weixin://backup');
  expect(primary.calls).toHaveLength(0);

  clock.advance(1);
  expect([await order(), await order()]).toEqual(['weixin://primary', 'weixin://primary']);
});

it('lets one call a minute find out whether the first is back', async () => {
  await cutOff(primary);
  await order();
  clock.advance(60);
  counter.logged.length = 0;
  expect(await Promise.all([order(), order(), order()])).toEqual(Array(3).fill('weixin://backup'));
  const tries = counter.logged.map((line) => JSON.parse(line) as { domain: string });
  expect(tries.filter(({ domain }) => domain === 'primary')).toHaveLength(1);
});

it('asks the second domain with the same content and a new signature', async () => {
  primary.turns = [(response) => primary.refuse(response, 500, 'SYSTEM_ERROR')];
  expect(await order()).toBe('weixin://backup');
  const [first, second] = [primary.calls[0]!, backup.calls[0]!];
  expect(second).toMatchObject({ method: first.method, target: first.target, body: first.body });
  expect(second.headers.authorization).not.toBe(first.headers.authorization);
});

it('goes to the second domain once only, and believes in neither when both are broken', async () => {
  const broken = (server: StrictServer) => {
    server.turns = [(response) => response.writeHead(502).end('<html>')];
  };
  broken(primary);
  broken(backup);
  expect(await failing()).toMatchObject({ kind: 'unknown', code: 'http_502' });
  expect([primary.calls.length, backup.calls.length]).toEqual([1, 1]);
  expect(await order()).toBe('weixin://primary');
});

it('goes back to the first domain when the second breaks while calls stay there', async () => {
  const mend = await cutOff(primary);
  await order();
  primary = await mend();
  backup.turns = [(response) => response.writeHead(503).end()];
  expect(await order()).toBe('weixin://primary');
  expect(await order()).toBe('weixin://primary');
});

it('asks nobody else after a refusal, a rate limit, silence, or a wrong signature', async () => {
  primary.turns = [
    (response) => primary.refuse(response, 400, 'ORDER_PAID'),
    (response) => primary.refuse(response, 429, 'FREQUENCY_LIMITED'),
    () => {},
    (response) => primary.reply(response, 200, '{}', { signedText: 'x' }),
    (response) => response.socket?.resetAndDestroy(),
  ];
  for (const kind of ['refused', 'rate_limited', 'unknown', 'bad_signature', 'unknown']) {
    expect(await failing()).toMatchObject({ kind });
  }
  expect(backup.calls).toHaveLength(0);
  expect(await order()).toBe('weixin://primary');
});

it('has nowhere to go when there is one domain only', async () => {
  const alone = openCounter(settingsFor(kit, { origin: primary.origin }), clock.now);
  primary.turns = [(response) => primary.refuse(response, 500, 'SYSTEM_ERROR')];
  await expect(alone.pay.prepayNative(anOrder)).rejects.toMatchObject({ kind: 'unknown', code: 'system_error' });
  expect(primary.calls).toHaveLength(1);
  await alone.pay.stop();
});
