import { generateKeyPairSync } from 'node:crypto';
import { OTHER_MCHID } from '../../simulator/src/pay/merchant.ts';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull, type Otherwise, type PayClient } from './pay-client.ts';
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

const secondsAway = (by: number): string => String(simulator.world.clock.seconds() + by);

describe("a request is believed only with the merchant's signature over its very bytes", () => {
  it('accepts a right one, its parts in any order', async () => {
    const turned = (right: string) => {
      const [scheme, rest] = right.split(' ') as [string, string];
      return `${scheme} ${rest.split(',').reverse().join(', ')}`;
    };
    const answer = await client.post(JSAPI, orderBody(simulator), { authorization: turned });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('request-id')).toMatch(/^08[0-9A-F]+-0$/);
    expect(answer.headers.get('wechatpay-signature-type')).toBe('WECHATPAY2-SHA256-RSA2048');
  });

  it('signs the query with the path', async () => {
    const path = `/v3/pay/transactions/out-trade-no/NOBODY01?mchid=${simulator.world.kit.mchid}`;
    expect(await client.get(path)).toMatchObject({ status: 404, json: { code: 'ORDER_NOT_EXIST' } });
    expect(await client.get(path, { signedUrl: path.split('?')[0]! })).toMatchObject({
      status: 401,
      json: { code: 'SIGN_ERROR' },
    });
  });

  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  const wrong: [string, () => Otherwise][] = [
    ['no Authorization', () => ({ headers: { authorization: undefined } })],
    ['another scheme', () => ({ authorization: (right) => right.replace('WECHATPAY2', 'WECHATPAY3') })],
    ['a part missing', () => ({ authorization: (right) => right.replace(/nonce_str="[^"]+",/, '') })],
    ['a part twice', () => ({ authorization: (right) => right.replace('nonce_str', 'mchid="1900000109",nonce_str') })],
    ['a part too many', () => ({ authorization: (right) => `${right},colour="red"` })],
    ['no quotes', () => ({ authorization: (right) => right.replace(/timestamp="(\d+)"/, 'timestamp=$1') })],
    ['a stranger as merchant', () => ({ mchid: '1900009999' })],
    ['a serial that nobody has', () => ({ serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' })],
    ['the serial in lower case', () => ({ serial: simulator.world.kit.merchant.serial.toLowerCase() })],
    ['a time 301 seconds ago', () => ({ timestamp: secondsAway(-301) })],
    ['a time 302 seconds ahead', () => ({ timestamp: secondsAway(302) })],
    ['a time that is no number', () => ({ timestamp: 'now' })],
    ["a stranger's key", () => ({ privateKeyPem: stranger.toString() })],
    ['one byte more than was signed', () => ({ signedBody: '{}' })],
    ['another path than was signed', () => ({ signedUrl: '/v3/pay/transactions/native' })],
  ];
  it.each(wrong)('answers 401 SIGN_ERROR to %s', async (_what, otherwise) => {
    const body = orderBody(simulator);
    const answer = await client.post(JSAPI, body, otherwise());
    expect(answer).toMatchObject({ status: 401, json: { code: 'SIGN_ERROR' } });
    expect(answer.headers.get('request-id')).toMatch(/-268443699$/);
    expect(simulator.world.pay.orders.size).toBe(0);
  });

  it('accepts a time 299 seconds off', async () => {
    expect((await client.post(JSAPI, orderBody(simulator), { timestamp: secondsAway(-299) })).status).toBe(200);
  });

  it('shows which text it would have signed', async () => {
    const { json } = await client.post(
      JSAPI,
      { a: 1 },
      { signedBody: '{"a":2}', timestamp: secondsAway(0), nonce: 'N0NCE' },
    );
    expect(json.detail).toEqual({
      field: 'signature',
      location: 'authorization',
      detail: { issue: 'sign not match' },
      sign_information: {
        method: 'POST',
        url: JSAPI,
        sign_message_length: `POST\n${JSAPI}\n${secondsAway(0)}\nN0NCE\n{"a":1}\n`.length,
        truncated_sign_message: expect.stringMatching(
          /^POST\n\/v3\/pay\/transactions\/jsapi\n\d+\nN0NCE\n\{"a":1\}\n$/,
        ),
      },
    });
  });

  it('goes by its own clock, however far that was moved', async () => {
    await pull(simulator, '/clock', { advanceMs: 86_400_000 });
    const realNow = String(Math.floor(Date.now() / 1000));
    expect((await client.post(JSAPI, orderBody(simulator), { timestamp: realNow })).status).toBe(401);
    expect((await client.post(JSAPI, orderBody(simulator))).status).toBe(200);
  });

  it('can refuse a nonce that was used, and admit a serial in lower case', async () => {
    await pull(simulator, '/pay/settings', { refuseReusedNonces: true, acceptLowerCaseSerial: true });
    const serial = simulator.world.kit.merchant.serial.toLowerCase();
    expect((await client.post(JSAPI, orderBody(simulator), { serial, nonce: 'ONCE' })).status).toBe(200);
    expect((await client.post(JSAPI, orderBody(simulator), { serial, nonce: 'ONCE' })).status).toBe(401);
    await pull(simulator, '/clock', { advanceMs: 301_000 });
    expect((await client.post(JSAPI, orderBody(simulator), { serial, nonce: 'ONCE' })).status).toBe(200);
  });
});

describe('the envelope around a request', () => {
  it.each<[string, Otherwise]>([
    ['Accept', { headers: { accept: 'text/html' } }],
    ['User-Agent', { headers: { 'user-agent': '' } }],
    ['Content-Type', { headers: { 'content-type': 'text/plain' } }],
    ['JSON', { raw: '{"appid":' }],
    ['an object', { raw: '[]' }],
  ])('is refused without its %s', async (_what, otherwise) => {
    expect(await client.post(JSAPI, orderBody(simulator), otherwise)).toMatchObject({
      status: 400,
      json: { code: 'PARAM_ERROR' },
    });
  });

  it('must name the merchant who signed', async () => {
    const path = '/v3/pay/transactions/out-trade-no/SOME0001';
    expect(await client.get(path)).toMatchObject({
      status: 400,
      json: { code: 'PARAM_ERROR', detail: { location: 'query' } },
    });
    expect(await client.get(`${path}?mchid=${OTHER_MCHID}`)).toMatchObject({ status: 403, json: { code: 'NO_AUTH' } });
    expect(await client.get(`${path}?mchid=1`)).toMatchObject({ status: 400, json: { code: 'MCH_NOT_EXISTS' } });
    expect(await client.post(JSAPI, orderBody(simulator, { mchid: OTHER_MCHID }))).toMatchObject({
      status: 403,
      json: { code: 'NO_AUTH' },
    });
  });

  it('must ask for something that exists', async () => {
    expect(await client.get('/v3/marketing/nothing')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
    expect(await client.get(JSAPI)).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });

  it('comes too fast for a limit that a lever sets', async () => {
    await pull(simulator, '/clock', { frozen: true });
    await pull(simulator, '/pay/settings', { requestsPerSecond: 2 });
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await client.post(JSAPI, orderBody(simulator))).status);
    expect(statuses).toEqual([200, 200, 429]);
    await pull(simulator, '/clock', { advanceMs: 1000 });
    expect((await client.post(JSAPI, orderBody(simulator))).status).toBe(200);
  });
});

describe('a setting that does not exist', () => {
  it('is refused, so that no test believes to have set it', async () => {
    await expect(pull(simulator, '/pay/settings', { keymode: 'certificate' })).rejects.toThrow(
      'no such setting: keymode',
    );
    await expect(pull(simulator, '/pay/settings', { keyMode: 'both' })).rejects.toThrow('keyMode is one of');
    await expect(pull(simulator, '/pay/settings', { queryLagMs: '5' })).rejects.toThrow('queryLagMs cannot be');
  });
});
