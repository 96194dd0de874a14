import { createDecipheriv, createVerify } from 'node:crypto';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { startMerchant, type ReceivedNotice } from './merchant-server.ts';
import { orderBody, payClient, publicKeysOf, pull } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const MINUTE = 60;
const HOUR = 3600;
let simulator: RunningSimulator;
let merchant: Awaited<ReturnType<typeof startMerchant>>;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/clock', { frozen: true });
  merchant = await startMerchant();
});
afterEach(() => merchant.stop());
afterAll(() => simulator.stop());

async function paidOrder(): Promise<string> {
  const body = orderBody(simulator, { notify_url: merchant.url });
  const answer = await payClient(simulator).post('/v3/pay/transactions/jsapi', body);
  expect(answer.status).toBe(200);
  await pull(simulator, `/pay/orders/${String(body.out_trade_no)}/force-paid`);
  return String(body.out_trade_no);
}

interface SeenNotice {
  id: string;
  state: string;
  nextAt: number | null;
  sends: { at: number; by: string; status: number | null; tamper?: string; error?: string; body: string }[];
}

const deliverDue = () => pull<SeenNotice[]>(simulator, '/notices/deliver-due');
const advance = (seconds: number) => pull(simulator, '/clock', { advanceMs: seconds * 1000 });
const onlyNotice = async (): Promise<SeenNotice> => {
  const [notice, ...others] = (await (await fetch(`${simulator.origin}/levers/notices`)).json()) as SeenNotice[];
  expect(others).toEqual([]);
  return notice!;
};
const send = (id: string, how: object = {}) =>
  pull<{ status: number | null; body: string; ms: number }[]>(simulator, `/notices/${id}/send`, how);

/** Which of WeChat's keys signed a notice; null: none. */
function signerOf({ headers, body }: ReceivedNotice): string | null {
  const message = `${headers['wechatpay-timestamp'] as string}\n${headers['wechatpay-nonce'] as string}\n${body}\n`;
  const signature = (headers['wechatpay-signature'] as string | undefined) ?? '';
  const signs = (key: Parameters<ReturnType<typeof createVerify>['verify']>[0]) =>
    createVerify('RSA-SHA256')
      .update(message)
      .verify(key as string, signature, 'base64');
  return publicKeysOf(simulator.world.kit).find(({ key }) => signs(key as never))?.serial ?? null;
}

/** What is sealed inside, with the tag checked. */
function open({ body }: ReceivedNotice, key = simulator.world.kit.apiV3Key): Record<string, unknown> {
  const { resource } = JSON.parse(body) as {
    resource: { ciphertext: string; nonce: string; associated_data?: string };
  };
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, resource.nonce);
  decipher.setAuthTag(sealed.subarray(-16)).setAAD(Buffer.from(resource.associated_data ?? ''));
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString()) as Record<
    string,
    unknown
  >;
}

describe('the notice of a payment', () => {
  it('is signed, sealed, and says what a query says', async () => {
    const number = await paidOrder();
    await deliverDue();
    const [notice] = merchant.received;
    expect(signerOf(notice!)).toBe(simulator.world.kit.publicKey.id);
    expect(notice!.headers).toMatchObject({
      'content-type': 'application/json',
      'wechatpay-timestamp': String(simulator.world.clock.seconds()),
      'wechatpay-serial': simulator.world.kit.publicKey.id,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    });
    expect(JSON.parse(notice!.body)).toEqual({
      id: expect.stringMatching(/^EV-20261102100000\d{10}$/),
      create_time: '2026-11-02T10:00:00+08:00',
      resource_type: 'encrypt-resource',
      event_type: 'TRANSACTION.SUCCESS',
      summary: '支付成功',
      resource: {
        original_type: 'transaction',
        algorithm: 'AEAD_AES_256_GCM',
        associated_data: 'transaction',
        nonce: expect.stringMatching(/^.{12}$/),
        ciphertext: expect.any(String),
      },
    });
    const query = await payClient(simulator).get(
      `/v3/pay/transactions/out-trade-no/${number}?mchid=${simulator.world.kit.mchid}`,
    );
    expect(open(notice!)).toEqual(query.json);
    expect(await onlyNotice()).toMatchObject({ state: 'delivered', nextAt: null });
  });

  it('comes by itself soon after the payment', async () => {
    await pull(simulator, '/clock', { frozen: false });
    await paidOrder();
    while (merchant.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  });

  it.each([
    ['empty', ''],
    ['absent', undefined],
  ])('may have %s associated data', async (associatedData, given) => {
    await pull(simulator, '/notices/settings', { associatedData });
    const number = await paidOrder();
    await deliverDue();
    const { resource } = JSON.parse(merchant.received[0]!.body) as { resource: { associated_data?: string } };
    expect(resource.associated_data).toBe(given);
    expect(open(merchant.received[0]!)).toMatchObject({ out_trade_no: number });
  });
});

describe('a notice that is not taken', () => {
  it('comes again after each of the documented waits, at most fifteen times, newly signed each time', async () => {
    merchant.answers.push(...Array.from({ length: 20 }, () => 500));
    await paidOrder();
    await advance(48 * HOUR);

    const { sends, state, nextAt } = await onlyNotice();
    const waits = sends.slice(1).map(({ at }, before) => (at - sends[before]!.at) / 1000);
    // prettier-ignore
    expect(waits).toEqual([
      15, 15, 30, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE,
      3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR,
    ]);
    expect([merchant.received.length, state, nextAt]).toEqual([15, 'given-up', null]);
    expect(new Set(merchant.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(merchant.received.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(15);
    expect(merchant.received.map(({ headers }) => Number(headers['wechatpay-timestamp']) * 1000)).toEqual(
      sends.map(({ at }) => Math.floor(at / 1000) * 1000),
    );
    for (const notice of merchant.received) expect(signerOf(notice)).toBe(simulator.world.kit.publicKey.id);
  });

  it('can be made to come a sixteenth time, after the last wait of the list', async () => {
    await pull(simulator, '/notices/settings', { maxSends: 16 });
    merchant.answers.push(...Array.from({ length: 20 }, () => 401));
    await paidOrder();
    await advance(48 * HOUR);
    const { sends } = await onlyNotice();
    expect(sends).toHaveLength(16);
    expect(sends[15]!.at - sends[14]!.at).toBe(6 * HOUR * 1000);
  });

  it.each([
    ['4xx', 401],
    ['5xx', 503],
    ['a redirect', 'redirect'],
    ['a cut connection', 'cut'],
    ['201', 201],
  ] as const)('counts %s as a failure', async (_what, answer) => {
    merchant.answers.push(answer);
    await paidOrder();
    await deliverDue();
    expect(await onlyNotice()).toMatchObject({ state: 'waiting' });
    await advance(15);
    expect(await onlyNotice()).toMatchObject({ state: 'delivered' });
    expect(merchant.received).toHaveLength(2);
  });

  it.each([200, 204])('counts %i as delivered', async (answer) => {
    merchant.answers.push(answer);
    await paidOrder();
    await advance(48 * HOUR);
    expect(await onlyNotice()).toMatchObject({
      state: 'delivered',
      sends: [expect.objectContaining({ status: answer })],
    });
  });

  it('waits five seconds for an answer, no longer', async () => {
    expect(simulator.world.pay.noticeSettings.answerLimitMs).toBe(5000);
    await pull(simulator, '/notices/settings', { answerLimitMs: 50 });
    merchant.answers.push('hang');
    await paidOrder();
    await deliverDue();
    expect(await onlyNotice()).toMatchObject({
      state: 'waiting',
      sends: [{ status: null, error: 'no answer in time' }],
    });
  });

  it('fails as well when nobody listens', async () => {
    await merchant.stop();
    await paidOrder();
    await deliverDue();
    expect(await onlyNotice()).toMatchObject({ state: 'waiting', sends: [{ status: null, error: 'ECONNREFUSED' }] });
  });
});

describe('notices in the hands of a test', () => {
  it('can be held back and let go', async () => {
    await pull(simulator, '/notices/settings', { mode: 'held' });
    await paidOrder();
    await advance(48 * HOUR);
    expect(merchant.received).toEqual([]);
    await pull(simulator, '/notices/settings', { mode: 'auto' });
    await deliverDue();
    expect(merchant.received).toHaveLength(1);
  });

  it('can be delivered while they are held, each wait by hand', async () => {
    await pull(simulator, '/notices/settings', { mode: 'held' });
    merchant.answers.push(500);
    await paidOrder();
    await deliverDue();
    await deliverDue();
    expect(merchant.received).toHaveLength(1);
    await advance(15);
    expect(merchant.received).toHaveLength(1);
    await deliverDue();
    expect(merchant.received).toHaveLength(2);
    expect(await onlyNotice()).toMatchObject({ state: 'delivered' });
  });

  it('can be doubled, one after the other or all at once, before and after they were taken', async () => {
    await pull(simulator, '/notices/settings', { mode: 'held' });
    await paidOrder();
    const { id } = await onlyNotice();
    expect((await send(id, { times: 3 })).map(({ status }) => status)).toEqual([204, 204, 204]);
    expect((await send(id, { times: 8, parallel: true })).map(({ status }) => status)).toEqual(Array(8).fill(204));
    expect(new Set(merchant.received.map(({ body }) => (JSON.parse(body) as { id: string }).id))).toEqual(
      new Set([id]),
    );
    expect(await onlyNotice()).toMatchObject({ state: 'delivered' });
  });

  it('can all come in copies at once', async () => {
    await pull(simulator, '/notices/settings', { copies: 8 });
    await paidOrder();
    await deliverDue();
    expect(merchant.received).toHaveLength(8);
  });

  it('can probe: first with a wrong signature, fifteen seconds later with a right one', async () => {
    await pull(simulator, '/notices/settings', { probing: true });
    await paidOrder();
    await deliverDue();
    expect(merchant.received[0]!.headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\//);
    expect(await onlyNotice()).toMatchObject({ state: 'waiting', sends: [{ status: 204, tamper: 'sign-test' }] });
    await advance(15);
    expect(merchant.received.map(signerOf)).toEqual([null, simulator.world.kit.publicKey.id]);
    expect(await onlyNotice()).toMatchObject({ state: 'delivered' });
  });

  it('are signed with the public key for the share that the merchant set', async () => {
    await pull(simulator, '/notices/settings', { mode: 'held' });
    await pull(simulator, '/pay/settings', { keyMode: 'switching', callbackShare: 25, certificateInUse: 'newer' });
    await paidOrder();
    await send((await onlyNotice()).id, { times: 8 });
    const { publicKey, platformCertificates } = simulator.world.kit;
    const signers = merchant.received.map(signerOf);
    expect(signers.filter((serial) => serial === publicKey.id)).toHaveLength(2);
    expect(signers.filter((serial) => serial === platformCertificates[1].serial)).toHaveLength(6);
  });

  it('are signed with a certificate in certificate mode', async () => {
    await pull(simulator, '/pay/settings', { keyMode: 'certificate' });
    await paidOrder();
    await deliverDue();
    expect(signerOf(merchant.received[0]!)).toBe(simulator.world.kit.platformCertificates[0].serial);
  });

  it('are asked for by names that exist', async () => {
    await paidOrder();
    const { id } = await onlyNotice();
    await expect(send(id, { tamper: 'coffee' })).rejects.toThrow('tamper is one of');
    await expect(send(id, { times: 0 })).rejects.toThrow('times is 1 to');
    await expect(send('EV-none')).rejects.toThrow('there is no notice');
    await expect(pull(simulator, '/notices/settings', { mode: 'lost' })).rejects.toThrow('mode is one of');
  });
});

describe('a notice that was tampered with', () => {
  const tampered = async (tamper: string): Promise<ReceivedNotice> => {
    await pull(simulator, '/notices/settings', { mode: 'held' });
    await paidOrder();
    await send((await onlyNotice()).id, { tamper });
    expect(await onlyNotice()).toMatchObject({ state: 'waiting', sends: [{ by: 'lever', tamper }] });
    return merchant.received[0]!;
  };

  it.each(['signature', 'sign-test', 'truncated', 'body', 'unsigned'])(
    '%s: the signature does not hold',
    async (tamper) => {
      expect(signerOf(await tampered(tamper))).toBeNull();
    },
  );

  it('serial: the signature holds, its name is unknown', async () => {
    const notice = await tampered('serial');
    expect(signerOf(notice)).toBe(simulator.world.kit.publicKey.id);
    expect(publicKeysOf(simulator.world.kit).map(({ serial }) => serial)).not.toContain(
      notice.headers['wechatpay-serial'],
    );
  });

  it('timestamp: rightly signed, 301 seconds old', async () => {
    const notice = await tampered('timestamp');
    expect(signerOf(notice)).not.toBeNull();
    expect(Number(notice.headers['wechatpay-timestamp'])).toBe(simulator.world.clock.seconds() - 301);
  });

  it.each<[string, (notice: ReceivedNotice) => void]>([
    ['ciphertext', (notice) => expect(() => open(notice)).toThrow(/authenticate/)],
    ['api-v3-key', (notice) => expect(() => open(notice)).toThrow(/authenticate/)],
    ['not-json', (notice) => expect(notice.body).toMatch(/^<xml>/)],
    ['truncated-signed', (notice) => expect(() => open(notice)).toThrow(/JSON/)],
    ['large', (notice) => expect(Buffer.byteLength(notice.body)).toBeGreaterThan(1_000_000)],
    ['algorithm', (notice) => expect(notice.body).toContain('AEAD_SM4_GCM')],
    ['event-type', (notice) => expect(notice.body).toContain('TRANSACTION.UNHEARD_OF')],
    ['appid', (notice) => expect(open(notice).appid).not.toBe(simulator.world.kit.miniProgram.appid)],
    ['mchid', (notice) => expect(open(notice).mchid).not.toBe(simulator.world.kit.mchid)],
    ['amount', (notice) => expect(open(notice).amount).toMatchObject({ total: 19901 })],
    ['currency', (notice) => expect(open(notice).amount).toMatchObject({ currency: 'USD' })],
    ['out-trade-no', (notice) => expect(open(notice).out_trade_no).toMatch(/^UNKNOWN/)],
    ['trade-state', (notice) => expect(open(notice).trade_state).toBe('CLOSED')],
    ['transaction-id', (notice) => expect(open(notice).transaction_id).not.toBe(transactionIdOf(notice))],
  ])('%s: rightly signed, wrong inside', async (tamper, check) => {
    const notice = await tampered(tamper);
    expect(signerOf(notice)).toBe(simulator.world.kit.publicKey.id);
    check(notice);
  });

  const transactionIdOf = (notice: ReceivedNotice): unknown =>
    simulator.world.pay.orders.get(String(open(notice).out_trade_no))!.payment!.transactionId;

  it('replay: the very bytes and headers of the last honest send', async () => {
    await pull(simulator, '/notices/settings', { mode: 'held' });
    await paidOrder();
    const { id } = await onlyNotice();
    await expect(send(id, { tamper: 'replay' })).rejects.toThrow('no honest send');
    await send(id);
    await advance(400);
    await send(id, { tamper: 'replay' });
    const [first, second] = merchant.received as [ReceivedNotice, ReceivedNotice];
    expect(second.body).toBe(first.body);
    for (const name of ['timestamp', 'nonce', 'signature', 'serial']) {
      expect(second.headers[`wechatpay-${name}`]).toBe(first.headers[`wechatpay-${name}`]);
    }
  });
});
