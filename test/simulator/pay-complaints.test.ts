import { constants, createHash, privateDecrypt } from 'node:crypto';
import { OTHER_MCHID } from '../../simulator/src/pay/merchant.ts';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { startMerchant } from './merchant-server.ts';
import { orderBody, payClient, pull, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const COMPLAINTS = '/v3/merchant-service/complaints-v2';
const ADDRESS = '/v3/merchant-service/complaint-notifications';
const IMAGES = '/v3/merchant-service/images';
const PNG = Buffer.from('89504e470d0a1a0a0011223344', 'hex');

let simulator: RunningSimulator;
let client: PayClient;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
  client = payClient(simulator);
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/clock', { frozen: true });
});
afterAll(() => simulator.stop());

interface Raised {
  id: string;
  outTradeNo: string;
}

async function paid(): Promise<string> {
  const body = orderBody(simulator);
  await client.post('/v3/pay/transactions/jsapi', body);
  const number = String(body.out_trade_no);
  await pull(simulator, `/pay/orders/${number}/force-paid`, { notify: false });
  return number;
}
const raise = async (wanted: object = {}): Promise<Raised> =>
  pull<Raised>(simulator, `/pay/orders/${await paid()}/complaint`, wanted);
const lever = (id: string, what: string, body: object = {}) => pull(simulator, `/pay/complaints/${id}/${what}`, body);
const list = async (query: string) => client.get(`${COMPLAINTS}?${query}`);
const today = 'begin_date=2026-11-02&end_date=2026-11-02';
const detail = async (id: string) => (await client.get(`${COMPLAINTS}/${id}`)).json;
const types = async (id: string) => {
  const { json } = await client.get(`${COMPLAINTS}/${id}/negotiation-historys`);
  return (json.data as { operate_type: string }[]).map((entry) => entry.operate_type);
};
const answer = (id: string, more: object = {}) =>
  client.post(`${COMPLAINTS}/${id}/response`, {
    complainted_mchid: simulator.world.kit.mchid,
    response_content: '您好，我们正在核实',
    ...more,
  });
const complete = (id: string, mchid = simulator.world.kit.mchid) =>
  client.post(`${COMPLAINTS}/${id}/complete`, { complainted_mchid: mchid });
const decide = (id: string, body: object) => client.post(`${COMPLAINTS}/${id}/update-refund-progress`, body);

function upload(
  bytes: Buffer,
  wrong: { filename?: string; sha256?: string; signedBody?: string; contentType?: string } = {},
) {
  const sha256 = wrong.sha256 ?? createHash('sha256').update(bytes).digest('hex');
  const meta = JSON.stringify({ filename: wrong.filename ?? 'proof.png', sha256 });
  const head = `--B0\r\nContent-Disposition: form-data; name="meta"\r\n\r\n${meta}\r\n--B0\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n`;
  return client.post(`${IMAGES}/upload`, undefined, {
    raw: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--B0--\r\n')]),
    signedBody: wrong.signedBody ?? meta,
    headers: { 'content-type': wrong.contentType ?? 'multipart/form-data; boundary=B0' },
  });
}

describe('a complaint', () => {
  it('is listed on its day, shown with its order, and its phone number is for the merchant alone', async () => {
    const { id, outTradeNo } = await raise({ type: 'REFUND', refundFen: 5000, images: 2, phone: '13800000009' });
    const { json } = await list(today);
    expect(json).toMatchObject({ total_count: 1, limit: 10, offset: 0, data: [{ complaint_id: id }] });
    expect((json.data as object[])[0]).not.toHaveProperty('payer_openid');
    expect((await list('begin_date=2026-11-01&end_date=2026-11-01')).json.data).toEqual([]);
    const shown = await detail(id);
    expect(shown).toMatchObject({
      complaint_time: '2026-11-02T10:00:00+08:00',
      complaint_state: 'PENDING',
      complainted_mchid: simulator.world.kit.mchid,
      complaint_order_info: [{ out_trade_no: outTradeNo, amount: 19900 }],
      problem_type: 'REFUND',
      apply_refund_amount: 5000,
      incoming_user_response: true,
      payer_openid: expect.any(String),
    });
    const key = simulator.world.kit.merchant.privateKeyPem;
    const how = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    expect(privateDecrypt(how, Buffer.from(String(shown.payer_phone), 'base64')).toString()).toBe('13800000009');
  });

  it('is answered, completed, and goes on when the payer is not content', async () => {
    const { id } = await raise();
    expect((await answer(id)).status).toBe(204);
    expect(await detail(id)).toMatchObject({ complaint_state: 'PROCESSING', incoming_user_response: false });
    await lever(id, 'say', { text: '还没有解决', images: 1 });
    expect(await detail(id)).toMatchObject({ incoming_user_response: true });
    expect((await complete(id)).status).toBe(204);
    expect(await detail(id)).toMatchObject({ complaint_state: 'PROCESSED' });
    expect((await complete(id)).json).toMatchObject({ code: 'INVALID_REQUEST' });
    await lever(id, 'continue');
    expect(await detail(id)).toMatchObject({ complaint_state: 'PENDING', user_complaint_times: 2 });
    expect(await types(id)).toEqual([
      'USER_CREATE_COMPLAINT',
      'MERCHANT_RESPONSE',
      'USER_RESPONSE',
      'MERCHANT_CONFIRM_COMPLETE',
      'USER_CONTINUE_COMPLAINT',
    ]);
  });

  it('that wants a refund is over once it was granted and the money is back, or once it was declined', async () => {
    const granted = await raise({ type: 'REFUND' });
    expect((await decide(granted.id, { action: 'APPROVE', launch_refund_day: 0 })).status).toBe(204);
    expect((await decide(granted.id, { action: 'APPROVE', launch_refund_day: 0 })).json.code).toBe('INVALID_REQUEST');
    const { complaint_order_info: orders } = await detail(granted.id);
    await client.post('/v3/refund/domestic/refunds', {
      transaction_id: (orders as { transaction_id: string }[])[0]!.transaction_id,
      out_refund_no: 'R26110200000001',
      amount: { refund: 19900, total: 19900, currency: 'CNY' },
    });
    expect(await detail(granted.id)).toMatchObject({ complaint_state: 'PROCESSING', complaint_full_refunded: true });
    await pull(simulator, '/clock', { advanceMs: 5000 });
    expect(await detail(granted.id)).toMatchObject({ complaint_state: 'PROCESSED' });
    const declined = await raise({ type: 'REFUND' });
    expect((await decide(declined.id, { action: 'REJECT', reject_reason: '服务已完成' })).status).toBe(204);
    expect(await detail(declined.id)).toMatchObject({ complaint_state: 'PROCESSED' });
    const other = await raise();
    expect((await decide(other.id, { action: 'APPROVE' })).json.code).toBe('INVALID_REQUEST');
  });
});

describe('what is wrong is refused', () => {
  it.each([
    ['without days', 'limit=5'],
    ['over more than thirty days', 'begin_date=2026-10-01&end_date=2026-10-31'],
    ['backwards', 'begin_date=2026-11-03&end_date=2026-11-02'],
    ['on a day that there is not', 'begin_date=2026-02-30&end_date=2026-03-01'],
    ['in pages of 51', `${today}&limit=51`],
    ['from before the beginning', `${today}&offset=-1`],
  ])('a list %s', async (_what, query) => {
    expect(await list(query)).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  });

  it.each([
    ['of more than 500 characters', { response_content: '字'.repeat(501) }],
    ['of nothing', { response_content: ' ' }],
    ['with a field that there is not', { colour: 'red' }],
    ['with an image that nobody uploaded', { response_images: ['B0000000000'] }],
    ['with five images', { response_images: ['1', '2', '3', '4', '5'] }],
  ])('an answer %s', async (_what, wrong) => {
    const { id } = await raise();
    expect(await answer(id, wrong)).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
    expect(await detail(id)).toMatchObject({ complaint_state: 'PENDING' });
  });

  it('an answer for another merchant, to nobody’s complaint, with a link, or after the end', async () => {
    const { id } = await raise();
    expect((await answer(id, { complainted_mchid: OTHER_MCHID })).json.code).toBe('NO_AUTH');
    expect((await answer('200000020261102100000000000')).json.code).toBe('RESOURCE_NOT_EXISTS');
    const link = { jump_url: 'https://desk.example.com', jump_url_text: '查看' };
    expect((await answer(id, link)).json.code).toBe('NO_AUTH');
    const foreign = await raise({ mchid: OTHER_MCHID });
    expect((await answer(foreign.id)).json.code).toBe('NO_AUTH');
    expect((await complete(foreign.id)).json.code).toBe('NO_AUTH');
    await complete(id);
    expect((await answer(id)).json.code).toBe('INVALID_REQUEST');
  });

  it('a decision that says no without saying why', async () => {
    const { id } = await raise({ type: 'REFUND' });
    expect((await decide(id, { action: 'REJECT' })).json.code).toBe('PARAM_ERROR');
    expect((await decide(id, { action: 'MAYBE' })).json.code).toBe('PARAM_ERROR');
  });
});

describe('an image', () => {
  it('is signed by its meta, and can be used in an answer; the payer’s is downloaded unsigned', async () => {
    const { id } = await raise({ images: 1 });
    const { json } = await upload(PNG);
    expect((await answer(id, { response_images: [json.media_id] })).status).toBe(204);
    const media = (await detail(id)).complaint_media_list as { media_url: string[] }[];
    const path = new URL(media[0]!.media_url[0]!).pathname;
    expect(path).toMatch(/%3D%3D$/);
    const file = await client.get(path);
    expect([file.status, file.signedBy, file.headers.get('content-type')]).toEqual([200, null, 'image/png']);
    const own = await client.get(`${IMAGES}/${encodeURIComponent(String(json.media_id))}`);
    expect(own.status).toBe(400);
  });

  it.each([
    ['of 2 MB and a byte', () => upload(Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]))],
    ['that is none', () => upload(Buffer.from('<html>'))],
    ['with another digest', () => upload(PNG, { sha256: '0'.repeat(64) })],
    ['with another ending', () => upload(PNG, { filename: 'proof.exe' })],
    ['that is not multipart', () => upload(PNG, { contentType: 'application/json' })],
  ])('%s is refused', async (_what, send) => {
    expect(await send()).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  });

  it('whose body is signed instead of its meta is not believed', async () => {
    expect(await upload(PNG, { signedBody: 'all of it' })).toMatchObject({ status: 401, json: { code: 'SIGN_ERROR' } });
  });
});

describe('news of complaints', () => {
  it('goes to one address, which is created, read, changed and removed', async () => {
    const first = { url: 'https://desk.example.com/wechat/pay/notices' };
    expect(await client.get(ADDRESS)).toMatchObject({ status: 400, json: { code: 'RESOURCE_NOT_EXISTS' } });
    expect((await client.put(ADDRESS, first)).json.code).toBe('RESOURCE_NOT_EXISTS');
    expect((await client.post(ADDRESS, { url: 'http://desk.example.com/x' })).json.code).toBe('PARAM_ERROR');
    expect((await client.post(ADDRESS, { url: 'https://desk.example.com/x?y=1' })).json.code).toBe('PARAM_ERROR');
    expect(await client.post(ADDRESS, first)).toMatchObject({
      status: 200,
      json: { mchid: simulator.world.kit.mchid, ...first },
    });
    expect((await client.post(ADDRESS, first)).json.code).toBe('RESOURCE_ALREADY_EXISTS');
    const other = { url: 'https://other.example.com/complaints' };
    expect((await client.put(ADDRESS, other)).json).toMatchObject(other);
    expect((await client.get(ADDRESS)).json).toMatchObject(other);
    expect((await client.delete(ADDRESS)).status).toBe(204);
    expect((await client.get(ADDRESS)).json.code).toBe('RESOURCE_NOT_EXISTS');
  });

  it('says what happened and nothing else, and not what the merchant did unless that is wanted', async () => {
    const merchant = await startMerchant();
    await client.post(ADDRESS, { url: merchant.url });
    const { id } = await raise();
    await answer(id);
    await lever(id, 'say');
    await pull(simulator, '/pay/settings', { complaintOwnDeedsTold: true });
    await complete(id);
    await lever(id, 'continue', { notify: false });
    await pull(simulator, '/notices/deliver-due');
    const told = [...simulator.world.pay.notices.values()];
    expect(told.map(({ eventType, about, content }) => [eventType, about, content])).toEqual([
      ['COMPLAINT.CREATE', 'complaint', { complaint_id: id, action_type: 'CREATE_COMPLAINT' }],
      ['COMPLAINT.STATE_CHANGE', 'complaint', { complaint_id: id, action_type: 'USER_RESPONSE' }],
      ['COMPLAINT.STATE_CHANGE', 'complaint', { complaint_id: id, action_type: 'MERCHANT_CONFIRM_COMPLETE' }],
    ]);
    expect(merchant.received).toHaveLength(3);
    await merchant.stop();
  });
});
