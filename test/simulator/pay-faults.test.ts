import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const JSAPI = '/v3/pay/transactions/jsapi';
let simulator: RunningSimulator;
let client: PayClient;

beforeAll(async () => {
  simulator = await startTestSimulator();
  client = payClient(simulator);
});
beforeEach(() => simulator.world.reset());
afterAll(() => simulator.stop());

const spoil = (kind: string, more: object = {}) => pull(simulator, '/faults', { kind, path: JSAPI, ...more });
const order = () => client.post(JSAPI, orderBody(simulator));
const orders = (): number => simulator.world.pay.orders.size;
const causeOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => null,
    (caught: unknown) => caught,
  );
  return String((error as { cause?: { code?: string } } | null)?.cause?.code);
};

describe('a fault hits as many calls as it was told to', () => {
  it('once by default, then all is well', async () => {
    await spoil('error-before');
    expect([(await order()).status, (await order()).status]).toEqual([500, 200]);
  });

  it('several times, on one path and method alone', async () => {
    await spoil('error-before', { path: '^/v3/pay/.*/h5$', method: 'POST', times: 2 });
    expect((await order()).status).toBe(200);
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await client.post('/v3/pay/transactions/h5', {})).status);
    expect(statuses).toEqual([500, 500, 400]);
  });

  it('for ever, until it is taken away', async () => {
    const { id } = await spoil('error-before', { times: null });
    expect([(await order()).status, (await order()).status]).toEqual([500, 500]);
    await fetch(`${simulator.origin}/levers/faults/${String(id)}`, { method: 'DELETE' });
    expect((await order()).status).toBe(200);
  });

  it('is refused when nobody makes it', async () => {
    await expect(spoil('earthquake')).rejects.toThrow('no such fault');
    await expect(spoil('delay', { times: 0 })).rejects.toThrow('times is 1 or more');
    await expect(spoil('delay', { path: '^(' })).rejects.toThrow('not a regular expression');
  });
});

describe('answers that went wrong on the way', () => {
  it.each([
    ['error-before', 0],
    ['error-after-effect', 1],
  ])('%s: 500 SYSTEM_ERROR, with %i orders made', async (kind, made) => {
    await spoil(kind);
    expect(await order()).toMatchObject({ status: 500, json: { code: 'SYSTEM_ERROR' } });
    expect(orders()).toBe(made);
  });

  it.each([
    ['reset-before', 0],
    ['reset-after-effect', 1],
  ])('%s: the connection is cut, with %i orders made', async (kind, made) => {
    await spoil(kind);
    expect(await causeOf(order())).toBe('ECONNRESET');
    expect(orders()).toBe(made);
  });

  it('truncated-body: half of an answer, with the order made', async () => {
    await spoil('truncated-body');
    await expect(order()).rejects.toThrow();
    expect(orders()).toBe(1);
  });

  it('html-502: a page of the gateway, unsigned, without effect', async () => {
    await spoil('html-502');
    const answer = await order();
    expect(answer).toMatchObject({ status: 502, signedBy: null });
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain('502 Bad Gateway');
    expect(orders()).toBe(0);
  });

  it('delay and delay-after-effect: the order is made late, or at once with a late answer', async () => {
    await spoil('delay', { ms: 150 });
    const late = order();
    await waitUntilReceived(1);
    expect(orders()).toBe(0);
    expect((await late).status).toBe(200);

    await spoil('delay-after-effect', { ms: 150 });
    let isAnswered = false;
    const lateAnswer = order().then(() => (isAnswered = true));
    while (orders() < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(isAnswered).toBe(false);
    await lateAnswer;
  });

  async function waitUntilReceived(hits: number): Promise<void> {
    while (simulator.world.faults.all()[0]!.hits < hits) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  it.each([
    ['FREQUENCY_LIMITED', undefined],
    ['RATELIMIT_EXCEEDED', 'RATELIMIT_EXCEEDED'],
    ['FREQUENCY_LIMIT_EXCEED', 'FREQUENCY_LIMIT_EXCEED'],
  ])('rate-limited: 429 %s, without effect', async (code, wanted) => {
    await spoil('rate-limited', wanted ? { code: wanted } : {});
    expect(await order()).toMatchObject({ status: 429, json: { code } });
    expect(orders()).toBe(0);
  });

  it.each([
    [403, 'RULE_LIMIT'],
    [403, 'TRADE_ERROR'],
    [403, 'ACCOUNT_ERROR'],
    [500, 'BANK_ERROR'],
    [500, 'INVALID_TRANSACTIONID'],
  ])('code: %i %s, as the older tables have it', async (status, code) => {
    await spoil('code', { status, code });
    expect(await order()).toMatchObject({ status, json: { code } });
  });
});

describe('signatures that do not hold', () => {
  const signatureOf = async () => {
    const answer = await order();
    expect(answer.status).toBe(200);
    return { ...answer, header: (name: string) => answer.headers.get(`wechatpay-${name}`) };
  };

  it("sign-test: begins as WeChat's probes do", async () => {
    await spoil('sign-test');
    const answer = await signatureOf();
    expect(answer.header('signature')).toMatch(/^WECHATPAY\/SIGNTEST\//);
    expect(answer.header('signature')).toHaveLength(344);
    expect(answer.signedBy).toBeNull();
    expect(orders()).toBe(1);
  });

  it('unknown-serial: a right signature under a name that nobody knows', async () => {
    await spoil('unknown-serial');
    const answer = await signatureOf();
    expect(answer.header('serial')).toMatch(/^7[0-9A-F]{39}$/);
    expect(answer.signedBy).toBe(simulator.world.kit.publicKey.id);
  });

  it('timestamp-off: rightly signed, 301 seconds ago', async () => {
    await spoil('timestamp-off');
    const answer = await signatureOf();
    const age = simulator.world.clock.seconds() - Number(answer.header('timestamp'));
    expect(age).toBeGreaterThanOrEqual(301);
    expect(age).toBeLessThan(310);
    expect(answer.signedBy).toBe(simulator.world.kit.publicKey.id);
  });

  it('unsigned and wrong-body-signature', async () => {
    await spoil('unsigned');
    expect((await signatureOf()).header('signature')).toBeNull();
    await spoil('wrong-body-signature');
    const answer = await signatureOf();
    expect(answer.header('signature')).toHaveLength(344);
    expect(answer.signedBy).toBeNull();
  });
});

describe('two domains', () => {
  let parted: RunningSimulator;
  let merchant: PayClient;
  beforeAll(async () => {
    parted = await startTestSimulator({ payPort: 0 });
    merchant = payClient(parted);
  });
  beforeEach(() => parted.world.reset());
  afterAll(() => parted.stop());

  const ask = (origin: string) =>
    merchant.get(`/v3/pay/transactions/id/42?mchid=${parted.world.kit.mchid}`, { origin });

  it('serve the same merchant', async () => {
    const body = orderBody(parted);
    await merchant.post(JSAPI, body, { origin: parted.payOrigin });
    const path = `/v3/pay/transactions/out-trade-no/${String(body.out_trade_no)}?mchid=${String(body.mchid)}`;
    expect((await merchant.get(path, { origin: parted.backupOrigin })).json.out_trade_no).toBe(body.out_trade_no);
  });

  it('can each be taken down, so that nobody answers at that port, and come back', async () => {
    await pull(parted, '/pay/settings', { primaryDown: true });
    expect(await causeOf(ask(parted.payOrigin))).toBe('ECONNREFUSED');
    expect((await ask(parted.backupOrigin)).status).toBe(404);
    await pull(parted, '/pay/settings', { primaryDown: false, backupDown: true });
    expect((await ask(parted.payOrigin)).status).toBe(404);
    expect(await causeOf(ask(parted.backupOrigin))).toBe('ECONNREFUSED');
    await pull(parted, '/reset');
    expect((await ask(parted.backupOrigin)).status).toBe(404);
  });

  it('cut the connection where the first one shares its port', async () => {
    await pull(simulator, '/pay/settings', { primaryDown: true });
    expect(simulator.payOrigin).toBe(simulator.origin);
    expect(await causeOf(order())).toBe('ECONNRESET');
    expect((await fetch(`${simulator.origin}/levers/kit`)).status).toBe(200);
  });
});

describe('the log of calls', () => {
  it('says which call came through which door, how it ended and what spoiled it', async () => {
    await client.post(JSAPI, {}, { origin: simulator.backupOrigin });
    await spoil('reset-before');
    await causeOf(order());
    await order();
    const calls = (await (await fetch(`${simulator.origin}/levers/calls?path=jsapi`)).json()) as unknown[];
    expect(calls).toEqual([
      expect.objectContaining({ method: 'POST', path: JSAPI, door: 'backup', status: 400, code: 'PARAM_ERROR' }),
      expect.objectContaining({ door: 'primary', status: null, fault: 'reset-before' }),
      expect.objectContaining({ door: 'primary', status: 200 }),
    ]);
  });
});
