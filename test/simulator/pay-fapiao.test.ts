import { constants, createHash, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { startMerchant } from './merchant-server.ts';
import { orderBody, payClient, pull, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const FAPIAO = '/v3/new-tax-control-fapiao';
const APPLICATIONS = `${FAPIAO}/fapiao-applications`;
const OPTIONS = `${FAPIAO}/merchant/development-config`;

let simulator: RunningSimulator;
let client: PayClient;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
  client = payClient(simulator);
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/clock', { frozen: true });
  await makeTemplate();
});
afterAll(() => simulator.stop());

const settings = (changes: object) => pull(simulator, '/pay/settings', changes);
const later = (advanceMs: number) => pull(simulator, '/clock', { advanceMs });

const makeTemplate = (changes: object = {}) =>
  client.post(`${FAPIAO}/card-template`, {
    card_appid: simulator.world.kit.officialAccount.appid,
    card_template_information: { logo_url: 'http://mmbiz.qpic.cn/mmbiz/logo/0' },
    ...changes,
  });

/** @returns WeChat's number of the payment, which is that of the application too */
async function paid(changes: Record<string, unknown> = {}): Promise<string> {
  const body = orderBody(simulator, changes);
  await client.post('/v3/pay/transactions/jsapi', body);
  const number = String(body.out_trade_no);
  await pull(simulator, `/pay/orders/${number}/force-paid`, { notify: false });
  return simulator.world.pay.orders.get(number)!.payment!.transactionId;
}

const ROW = {
  tax_code: '3010101020203000000',
  goods_name: '咨询服务',
  quantity: 100_000_000,
  total_amount: 19900,
  tax_rate: 600,
  discount: false,
};
const one = (id: string, changes: object = {}) => ({ fapiao_id: id, total_amount: 19900, items: [ROW], ...changes });
const BUYER = { type: 'ORGANIZATION', name: '示例科技有限公司', taxpayer_id: '91000000MA00000001' };

const issue = (applyId: string, id: string, changes: object = {}, serial?: string) =>
  client.post(
    APPLICATIONS,
    {
      scene: 'WITH_WECHATPAY',
      fapiao_apply_id: applyId,
      buyer_information: BUYER,
      fapiao_information: [one(id)],
      ...changes,
    },
    { headers: serial === undefined ? {} : { 'wechatpay-serial': serial } },
  );
const query = (applyId: string, more = '') => client.get(`${APPLICATIONS}/${applyId}${more}`);
const shown = async (applyId: string, id: string) =>
  ((await query(applyId, `?fapiao_id=${id}`)).json.fapiao_information as Shown[])[0]!;
const reverse = (applyId: string, body: object) => client.post(`${APPLICATIONS}/${applyId}/reverse`, body);

interface Shown {
  status: string;
  blue_fapiao: { fapiao_code?: string; fapiao_number: string; fapiao_time: string };
  red_fapiao?: { fapiao_number: string };
  card_information: { card_openid: string; card_status: string };
  [more: string]: unknown;
}

async function issued(id: string): Promise<string> {
  const applyId = await paid();
  await issue(applyId, id);
  await later(5000);
  return applyId;
}

const sealed = (text: string, key = simulator.world.kit.publicKey.publicKeyPem) =>
  publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(text)).toString(
    'base64',
  );

describe('a fapiao for a payment', () => {
  it('is accepted without a word, issued later, and its card arrives after that', async () => {
    const applyId = await paid();
    const answer = await issue(applyId, 'F1');
    expect([answer.status, answer.text, answer.signedBy]).toEqual([202, '', simulator.world.kit.publicKey.id]);
    expect(await shown(applyId, 'F1')).toMatchObject({ status: 'ISSUE_ACCEPTED', total_amount: 19900 });
    await later(5000);
    const fapiao = await shown(applyId, 'F1');
    expect(fapiao).toMatchObject({
      status: 'ISSUED',
      tax_amount: 1126,
      amount: 18774,
      buyer_information: BUYER,
      blue_fapiao: { fapiao_time: '2026-11-02T10:00:05+08:00' },
      card_information: { card_status: 'INSERT_ACCEPTED' },
    });
    expect(fapiao.blue_fapiao.fapiao_number).toMatch(/^\d{20}$/);
    expect(fapiao.blue_fapiao).not.toHaveProperty('fapiao_code');
    await later(5000);
    expect(await shown(applyId, 'F1')).toMatchObject({ card_information: { card_status: 'INSERTED' } });
  });

  it('of the older kind has a code and a check code', async () => {
    await settings({ fapiaoKind: 'blockchain' });
    const { blue_fapiao: numbers } = await shown(await issued('F1'), 'F1');
    expect(numbers).toMatchObject({
      fapiao_code: expect.stringMatching(/^\d{12}$/),
      fapiao_number: expect.stringMatching(/^\d{8}$/),
      check_code: expect.stringMatching(/^\d{20}$/),
    });
  });

  it('that fails says why, whatever status it shows, and another number may be tried four times', async () => {
    await settings({ fapiaoOutcome: 'FAILED' });
    const applyId = await issued('F1');
    const why = { fapiao_error_code: 'BIZ_ERROR', fapiao_error_message: expect.stringContaining('授信额度不足') };
    expect(await shown(applyId, 'F1')).toMatchObject({ status: 'ISSUE_FAILED', ...why });
    await settings({ fapiaoFailureStatus: 'before' });
    expect(await shown(applyId, 'F1')).toMatchObject({ status: 'ISSUE_ACCEPTED', ...why });
    for (const id of ['F2', 'F3', 'F4', 'F5']) {
      expect((await issue(applyId, id)).status).toBe(202);
      await later(5000);
    }
    expect((await issue(applyId, 'F6')).json.code).toBe('INVALID_REQUEST');
  });

  it('is the same one under the same number: refused or accepted again, never issued twice', async () => {
    const applyId = await issued('F1');
    expect((await issue(applyId, 'F1')).json.code).toBe('INVALID_REQUEST');
    await settings({ repeatedFapiao: 'accepted' });
    expect((await issue(applyId, 'F1')).status).toBe(202);
    expect((await issue(applyId, 'F1', { fapiao_information: [one('F1', { remark: '别的' })] })).json.code).toBe(
      'INVALID_REQUEST',
    );
    expect((await issue(await paid(), 'F1')).json.code).toBe('INVALID_REQUEST');
    expect((await query(applyId)).json.total_count).toBe(1);
  });

  it('takes phone and email encrypted for WeChat, and shows them to the merchant alone', async () => {
    const applyId = await paid();
    const buyer = { ...BUYER, phone: sealed('13800000009'), email: sealed('a@example.com') };
    expect((await issue(applyId, 'F1', { buyer_information: buyer })).json.code).toBe('PARAM_ERROR');
    const { id } = simulator.world.kit.publicKey;
    expect((await issue(applyId, 'F1', { buyer_information: { ...BUYER, phone: '13800000009' } }, id)).json.code).toBe(
      'PARAM_ERROR',
    );
    expect((await issue(applyId, 'F1', { buyer_information: buyer }, id)).status).toBe(202);
    const { buyer_information: back } = await shown(applyId, 'F1');
    const key = simulator.world.kit.merchant.privateKeyPem;
    const how = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    const phone = privateDecrypt(how, Buffer.from((back as { phone: string }).phone, 'base64')).toString();
    expect(phone).toBe('13800000009');
  });

  it.each([
    ['a payment that there is not', { fapiao_apply_id: '4200000000000000000000000000' }, 'INVALID_REQUEST'],
    ['more than was paid', { fapiao_information: [one('F1', more(19901))] }, 'INVALID_REQUEST'],
    ['rows that do not add up', { fapiao_information: [one('F1', { total_amount: 19899 })] }, 'PARAM_ERROR'],
    ['a company without its tax number', { buyer_information: { type: 'ORGANIZATION', name: '甲' } }, 'PARAM_ERROR'],
    ['a tax code of ten digits', { fapiao_information: [one('F1', row({ tax_code: '3010101020' }))] }, 'PARAM_ERROR'],
    ['a number of 33 characters', { fapiao_information: [one('F'.repeat(33))] }, 'PARAM_ERROR'],
    ['nothing', { fapiao_information: [] }, 'PARAM_ERROR'],
    ['a partner’s field', { sub_mchid: '1900000110' }, 'PARAM_ERROR'],
  ])('is refused for %s', async (_what, wrong, code) => {
    expect((await issue(await paid(), 'F1', wrong)).json.code).toBe(code);
    expect(simulator.world.pay.fapiao.applications.size).toBe(0);
  });

  it('needs the product and a template of the card', async () => {
    const applyId = await paid();
    await settings({ fapiaoOpened: false });
    expect(await issue(applyId, 'F1')).toMatchObject({ status: 403, json: { code: 'NO_AUTH' } });
    await settings({ fapiaoOpened: true });
    simulator.world.pay.fapiao.cardTemplate = null;
    expect((await issue(applyId, 'F1')).json.code).toBe('INVALID_REQUEST');
    const { appid } = simulator.world.kit.miniProgram;
    expect((await makeTemplate({ card_appid: appid })).json.code).toBe('PARAM_ERROR');
    expect((await makeTemplate()).json).toMatchObject({ card_id: expect.stringMatching(/^p/) });
    expect((await issue(applyId, 'F1')).status).toBe(202);
  });
});

function more(fen: number) {
  return { total_amount: fen, items: [{ ...ROW, total_amount: fen }] };
}
function row(changes: object) {
  return { items: [{ ...ROW, ...changes }] };
}

describe('reversing', () => {
  it('brings a red one, takes the card back, and makes room for another', async () => {
    const applyId = await issued('F1');
    const { fapiao_number } = (await shown(applyId, 'F1')).blue_fapiao;
    const which = [{ fapiao_id: 'F1', fapiao_number }];
    expect((await reverse(applyId, { reverse_reason: '退款', fapiao_information: which })).json.code).toBe(
      'PARAM_ERROR',
    );
    const other = [{ fapiao_id: 'F1', fapiao_number: '0'.repeat(20) }];
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN', fapiao_information: other })).json.code).toBe(
      'INVALID_REQUEST',
    );
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN', fapiao_information: which })).status).toBe(202);
    expect(await shown(applyId, 'F1')).toMatchObject({ status: 'REVERSE_ACCEPTED' });
    await later(5000);
    expect(await shown(applyId, 'F1')).toMatchObject({
      status: 'REVERSED',
      red_fapiao: { fapiao_number: expect.stringMatching(/^\d{20}$/) },
      card_information: { card_status: 'DISCARD_ACCEPTED' },
    });
    await later(5000);
    expect(await shown(applyId, 'F1')).toMatchObject({ card_information: { card_status: 'DISCARDED' } });
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    await settings({ repeatedReverse: 'accepted' });
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN' })).status).toBe(202);
    expect((await issue(applyId, 'F2')).status).toBe(202);
  });

  it('that fails leaves it issued, to be tried again after five minutes', async () => {
    await settings({ fapiaoReverseOutcome: 'FAILED' });
    const applyId = await issued('F1');
    await reverse(applyId, { reverse_reason: 'SALES_RETURN' });
    await later(5000);
    expect(await shown(applyId, 'F1')).toMatchObject({ status: 'REVERSE_FAILED', fapiao_error_code: 'BIZ_ERROR' });
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    await later(5 * 60_000);
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN' })).status).toBe(202);
  });

  it('is not for what is not issued, or nobody applied for', async () => {
    await settings({ fapiaoOutcome: 'held' });
    const applyId = await issued('F1');
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    expect((await reverse('4200000000000000000000000000', { reverse_reason: 'SALES_RETURN' })).status).toBe(404);
    await pull(simulator, '/pay/fapiao/F1/issue');
    expect(await shown(applyId, 'F1')).toMatchObject({ status: 'ISSUED' });
  });
});

describe('a file', () => {
  const address = async (applyId: string) => {
    const { json } = await client.get(`${APPLICATIONS}/${applyId}/fapiao-files`);
    return (json.fapiao_download_info_list as { download_url: string }[])[0]?.download_url;
  };
  async function fetched(applyId: string, changes: Record<string, string> = {}) {
    const url = new URL((await address(applyId))!);
    const { blue_fapiao: blue, card_information: card } = await shown(applyId, 'F1');
    const asked = {
      mchid: simulator.world.kit.mchid,
      openid: card.card_openid,
      invoice_no: blue.fapiao_number,
      fapiao_id: 'F1',
      ...changes,
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return fetch(url);
  }

  it('is a PDF with its digest, for whoever has the address and knows the fapiao', async () => {
    const applyId = await issued('F1');
    const answer = await fetched(applyId);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('wechatpay-signature')).toBeNull();
    expect(answer.headers.get('sm3-digest')?.toLowerCase()).toBe(createHash('sm3').update(bytes).digest('hex'));
    const text = bytes.toString('latin1');
    expect([text.slice(0, 8), text.endsWith('%%EOF\n')]).toEqual(['%PDF-1.4', true]);
    const table = Number(/startxref\n(\d+)/.exec(text)![1]);
    expect(text.slice(table, table + 4)).toBe('xref');
    const begins = [...text.matchAll(/^(\d{10}) 00000 n/gm)].map(([, at]) => Number(at));
    expect(begins.map((at) => text.slice(at, at + 7))).toEqual([1, 2, 3, 4, 5].map((number) => `${number} 0 obj`));
  });

  it('is not given after thirty seconds, for another fapiao, or before it is issued', async () => {
    const applyId = await issued('F1');
    expect((await fetched(applyId, { invoice_no: '0'.repeat(20) })).status).toBe(400);
    const late = (await address(applyId))!;
    await later(30_001);
    expect((await (await fetch(late)).json()) as object).toMatchObject({ code: 'INVALID_REQUEST' });
    await settings({ fapiaoOutcome: 'held' });
    expect(await address(await issued('F2'))).toBeUndefined();
  });

  it('may be cut, or come with another digest', async () => {
    const applyId = await issued('F1');
    for (const kind of ['fapiao-cut', 'fapiao-wrong-digest']) {
      await pull(simulator, '/faults', { kind, path: '/invoicing/' });
      const answer = await fetched(applyId);
      const digest = createHash('sm3').update(Buffer.from(await answer.arrayBuffer()));
      expect(answer.headers.get('sm3-digest')!.toLowerCase()).not.toBe(digest.digest('hex'));
    }
  });
});

describe('a fapiao that was issued elsewhere', () => {
  const PDF = Buffer.from('%PDF-1.4 of another system');

  function upload(bytes: Buffer, digest = createHash('sm3').update(bytes).digest('hex')) {
    const meta = JSON.stringify({ file_type: 'PDF', digest_alogrithm: 'SM3', digest });
    const head = `--B0\r\nContent-Disposition: form-data; name="meta"\r\n\r\n${meta}\r\n--B0\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n`;
    return client.post(`${APPLICATIONS}/upload-fapiao-file`, undefined, {
      raw: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--B0--\r\n')]),
      signedBody: meta,
      headers: { 'content-type': 'multipart/form-data; boundary=B0' },
    });
  }
  const insert = (applyId: string, mediaId: unknown, changes: object = {}) =>
    client.post(`${APPLICATIONS}/${applyId}/insert-cards`, {
      scene: 'WITH_WECHATPAY',
      buyer_information: BUYER,
      fapiao_card_information: [
        {
          fapiao_media_id: mediaId,
          fapiao_number: '26112000000012345678',
          fapiao_time: '2026-11-02T09:30:00+08:00',
          total_amount: 19900,
          tax_amount: 1126,
          amount: 18774,
          seller_information: { name: '示例企业服务有限公司', taxpayer_id: '91000000MA00000000' },
          ...changes,
        },
      ],
    });

  it('goes into the card pack once, and cannot be reversed here', async () => {
    const applyId = await paid();
    const { fapiao_media_id: mediaId } = (await upload(PDF)).json;
    expect((await insert(applyId, mediaId)).status).toBe(202);
    expect((await insert(applyId, mediaId)).status).toBe(202);
    expect((await insert(applyId, mediaId, { fapiao_number: '26112000000012345679' })).json.code).toBe(
      'INVALID_REQUEST',
    );
    await later(5000);
    const { json } = await query(applyId);
    expect(json).toMatchObject({
      total_count: 1,
      fapiao_information: [{ status: 'ISSUED', card_information: { card_status: 'INSERTED' } }],
    });
    expect((await reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    expect((await client.get(`${APPLICATIONS}/${applyId}/fapiao-files`)).json.fapiao_download_info_list).toEqual([]);
  });

  it('whose file is none, is not what it says, or is four days old is refused', async () => {
    expect((await upload(Buffer.from('<html>'))).json.code).toBe('PARAM_ERROR');
    expect((await upload(PDF, '0'.repeat(64))).json.code).toBe('PARAM_ERROR');
    const { fapiao_media_id: mediaId } = (await upload(PDF)).json;
    await later(4 * 86_400_000);
    expect((await insert(await paid(), mediaId)).json.code).toBe('INVALID_REQUEST');
  });
});

describe('titles', () => {
  const TITLE = `${FAPIAO}/user-title`;
  const urlQuery = () => {
    const { miniProgram } = simulator.world.kit;
    const openid = simulator.world.people.get('lin').openids[miniProgram.appid]!;
    return new URLSearchParams({
      fapiao_apply_id: 'A1',
      source: 'MINIPROGRAM',
      total_amount: '500',
      appid: miniProgram.appid,
      openid,
    });
  };

  it('are filled in through a link for what was not paid here, within thirty minutes', async () => {
    const asked = `${TITLE}?fapiao_apply_id=A1&scene=WITHOUT_WECHATPAY`;
    expect((await client.get(`${TITLE}/title-url?${urlQuery()}`)).json).toHaveProperty('miniprogram_path');
    expect((await client.get(asked)).status).toBe(404);
    expect((await issue('A1', 'F1', { scene: 'WITHOUT_WECHATPAY' })).json.code).toBe('INVALID_REQUEST');
    await later(31 * 60_000);
    await expect(pull(simulator, '/pay/fapiao-titles/A1')).rejects.toThrow('thirty minutes');
    const web = urlQuery();
    web.set('source', 'WEB');
    expect((await client.get(`${TITLE}/title-url?${web}`)).json).toHaveProperty('title_url');
    await pull(simulator, '/pay/fapiao-titles/A1', { name: '甲公司' });
    expect((await client.get(asked)).json).toMatchObject({ name: '甲公司', amount: 500 });
    expect((await issue('A1', 'F1', { scene: 'WITHOUT_WECHATPAY' })).status).toBe(202);
    web.set('openid', 'nobody');
    expect((await client.get(`${TITLE}/title-url?${web}`)).json.code).toBe('PARAM_ERROR');
  });

  it('are filled in on the bill of a payment that shows the entry', async () => {
    const applyId = await paid({ support_fapiao: true });
    const { outTradeNo } = [...simulator.world.pay.orders.values()].at(-1)!;
    await pull(simulator, `/pay/orders/${outTradeNo}/fapiao-title`, { phone: '13800000009' });
    const { json } = await client.get(`${TITLE}?fapiao_apply_id=${applyId}&scene=WITH_WECHATPAY`);
    expect(json).toMatchObject({ type: 'ORGANIZATION', out_trade_no: outTradeNo, amount: 19900 });
    expect(json.phone).not.toBe('13800000009');
    await paid();
    const without = [...simulator.world.pay.orders.values()].at(-1)!.outTradeNo;
    await expect(pull(simulator, `/pay/orders/${without}/fapiao-title`)).rejects.toThrow('no fapiao entry');
  });
});

describe('news of fapiao', () => {
  it('goes to the address among the merchant’s options, and says nothing of failures', async () => {
    const merchant = await startMerchant();
    expect((await client.get(OPTIONS)).json).toEqual({ show_fapiao_cell: false, support_vat_fapiao: false });
    await settings({ fapiaoOptionsAbsence: 'RESOURCE_NOT_EXISTS' });
    expect((await client.get(OPTIONS)).status).toBe(404);
    expect((await client.patch(OPTIONS, { callback_url: 'http://desk.example.com/x' })).json.code).toBe('PARAM_ERROR');
    expect((await client.patch(OPTIONS, { callback_url: merchant.url })).json.callback_url).toBe(merchant.url);
    expect((await client.patch(OPTIONS, { show_fapiao_cell: true })).json.callback_url).toBe(merchant.url);

    const applyId = await issued('F1');
    await later(5000);
    await reverse(applyId, { reverse_reason: 'SALES_RETURN' });
    await later(10_000);
    await settings({ fapiaoOutcome: 'FAILED' });
    await issued('F2');
    await pull(simulator, '/notices/deliver-due');
    const { mchid } = simulator.world.kit;
    const told = [...simulator.world.pay.notices.values()].map(({ eventType, content }) => [eventType, content]);
    const about = (fapiao_status: string, card_status: string) => ({
      mchid,
      fapiao_apply_id: applyId,
      fapiao_information: [{ fapiao_id: 'F1', fapiao_status, card_status }],
    });
    expect(told).toEqual([
      ['FAPIAO.ISSUED', about('ISSUED', 'INSERT_ACCEPTED')],
      ['FAPIAO.CARD_INSERTED', about('ISSUED', 'INSERTED')],
      ['FAPIAO.REVERSED', about('REVERSED', 'DISCARD_ACCEPTED')],
      ['FAPIAO.CARD_DISCARDED', about('REVERSED', 'DISCARDED')],
    ]);
    expect(merchant.received).toHaveLength(4);
    await merchant.stop();
  });

  it('is told of a title, and not of what a lever keeps back', async () => {
    await client.patch(OPTIONS, { callback_url: 'http://127.0.0.1:9/notices', show_fapiao_cell: true });
    const applyId = await paid();
    const { outTradeNo } = [...simulator.world.pay.orders.values()].at(-1)!;
    await pull(simulator, `/pay/orders/${outTradeNo}/fapiao-title`);
    await settings({ fapiaoOutcome: 'held', fapiaoCards: 'held' });
    await issue(applyId, 'F1');
    await pull(simulator, '/pay/fapiao/F1/issue', { notify: false });
    await pull(simulator, '/pay/fapiao/F1/insert-card', { notify: false });
    const told = [...simulator.world.pay.notices.values()].map(({ eventType, content }) => [eventType, content]);
    expect(told).toEqual([
      [
        'FAPIAO.USER_APPLIED',
        { mchid: simulator.world.kit.mchid, fapiao_apply_id: applyId, apply_time: '2026-11-02T10:00:00+08:00' },
      ],
    ]);
  });
});

it('tells who sells and what is sold', async () => {
  expect((await client.get(`${FAPIAO}/merchant/base-information`)).json).toHaveProperty('seller_information.name');
  const { json } = await client.get(`${FAPIAO}/merchant/tax-codes?offset=0&limit=5`);
  expect(json).toMatchObject({ offset: 0, limit: 5, total_count: 1, data: [{ tax_code: '3010101020203000000' }] });
  expect((await client.get(`${FAPIAO}/merchant/tax-codes?offset=0&limit=500`)).json.code).toBe('PARAM_ERROR');
});
