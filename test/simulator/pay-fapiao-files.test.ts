import { createHash } from 'node:crypto';
import { APPLICATIONS, BUYER, FAPIAO, Shop } from './fapiao-support.ts';
import { startMerchant } from './merchant-server.ts';
import { pull } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const OPTIONS = `${FAPIAO}/merchant/development-config`;

let shop: Shop;

beforeAll(async () => {
  shop = new Shop(await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') }));
});
beforeEach(() => shop.open());
afterAll(() => shop.simulator.stop());

describe('a file', () => {
  const address = async (applyId: string) => {
    const { json } = await shop.client.get(`${APPLICATIONS}/${applyId}/fapiao-files`);
    return (json.fapiao_download_info_list as { download_url: string }[])[0]?.download_url;
  };
  async function fetched(applyId: string, changes: Record<string, string> = {}) {
    const url = new URL((await address(applyId))!);
    const { blue_fapiao: blue, card_information: card } = await shop.shown(applyId, 'F1');
    const asked = {
      mchid: shop.simulator.world.kit.mchid,
      openid: card.card_openid,
      invoice_no: blue.fapiao_number,
      fapiao_id: 'F1',
      ...changes,
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return fetch(url);
  }

  it('is a PDF with its digest, for whoever has the address and knows the fapiao', async () => {
    const applyId = await shop.issued('F1');
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
    const applyId = await shop.issued('F1');
    expect((await fetched(applyId, { invoice_no: '0'.repeat(20) })).status).toBe(400);
    const late = (await address(applyId))!;
    await shop.later(30_001);
    expect((await (await fetch(late)).json()) as object).toMatchObject({ code: 'INVALID_REQUEST' });
    await shop.settings({ fapiaoOutcome: 'held' });
    expect(await address(await shop.issued('F2'))).toBeUndefined();
  });

  it('may be cut, or come with another digest', async () => {
    const applyId = await shop.issued('F1');
    for (const kind of ['fapiao-cut', 'fapiao-wrong-digest']) {
      await pull(shop.simulator, '/faults', { kind, path: '/invoicing/' });
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
    return shop.client.post(`${APPLICATIONS}/upload-fapiao-file`, undefined, {
      raw: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--B0--\r\n')]),
      signedBody: meta,
      headers: { 'content-type': 'multipart/form-data; boundary=B0' },
    });
  }
  const insert = (applyId: string, mediaId: unknown, changes: object = {}) =>
    shop.client.post(`${APPLICATIONS}/${applyId}/insert-cards`, {
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
    const applyId = await shop.paid();
    const { fapiao_media_id: mediaId } = (await upload(PDF)).json;
    expect((await insert(applyId, mediaId)).status).toBe(202);
    expect((await insert(applyId, mediaId)).status).toBe(202);
    expect((await insert(applyId, mediaId, { fapiao_number: '26112000000012345679' })).json.code).toBe(
      'INVALID_REQUEST',
    );
    await shop.later(5000);
    const { json } = await shop.query(applyId);
    expect(json).toMatchObject({
      total_count: 1,
      fapiao_information: [{ status: 'ISSUED', card_information: { card_status: 'INSERTED' } }],
    });
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    expect((await shop.client.get(`${APPLICATIONS}/${applyId}/fapiao-files`)).json.fapiao_download_info_list).toEqual(
      [],
    );
  });

  it('whose file is none, is not what it says, or is four days old is refused', async () => {
    expect((await upload(Buffer.from('<html>'))).json.code).toBe('PARAM_ERROR');
    expect((await upload(PDF, '0'.repeat(64))).json.code).toBe('PARAM_ERROR');
    const { fapiao_media_id: mediaId } = (await upload(PDF)).json;
    await shop.later(4 * 86_400_000);
    expect((await insert(await shop.paid(), mediaId)).json.code).toBe('INVALID_REQUEST');
  });
});

describe('titles', () => {
  const TITLE = `${FAPIAO}/user-title`;
  const urlQuery = () => {
    const { miniProgram } = shop.simulator.world.kit;
    const openid = shop.simulator.world.people.get('lin').openids[miniProgram.appid]!;
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
    expect((await shop.client.get(`${TITLE}/title-url?${urlQuery().toString()}`)).json).toHaveProperty(
      'miniprogram_path',
    );
    expect((await shop.client.get(asked)).status).toBe(404);
    expect((await shop.issue('A1', 'F1', { scene: 'WITHOUT_WECHATPAY' })).json.code).toBe('INVALID_REQUEST');
    await shop.later(31 * 60_000);
    await expect(pull(shop.simulator, '/pay/fapiao-titles/A1')).rejects.toThrow('thirty minutes');
    const web = urlQuery();
    web.set('source', 'WEB');
    expect((await shop.client.get(`${TITLE}/title-url?${web.toString()}`)).json).toHaveProperty('title_url');
    await pull(shop.simulator, '/pay/fapiao-titles/A1', { name: '甲公司' });
    expect((await shop.client.get(asked)).json).toMatchObject({ name: '甲公司', amount: 500 });
    expect((await shop.issue('A1', 'F1', { scene: 'WITHOUT_WECHATPAY' })).status).toBe(202);
    web.set('openid', 'nobody');
    expect((await shop.client.get(`${TITLE}/title-url?${web.toString()}`)).json.code).toBe('PARAM_ERROR');
  });

  it('are filled in on the bill of a payment that shows the entry', async () => {
    const applyId = await shop.paid({ support_fapiao: true });
    const { outTradeNo } = [...shop.simulator.world.pay.orders.values()].at(-1)!;
    await pull(shop.simulator, `/pay/orders/${outTradeNo}/fapiao-title`, { phone: '13800000009' });
    const { json } = await shop.client.get(`${TITLE}?fapiao_apply_id=${applyId}&scene=WITH_WECHATPAY`);
    expect(json).toMatchObject({ type: 'ORGANIZATION', out_trade_no: outTradeNo, amount: 19900 });
    expect(json.phone).not.toBe('13800000009');
    await shop.paid();
    const without = [...shop.simulator.world.pay.orders.values()].at(-1)!.outTradeNo;
    await expect(pull(shop.simulator, `/pay/orders/${without}/fapiao-title`)).rejects.toThrow('no fapiao entry');
  });
});

describe('news of fapiao', () => {
  it('goes to the address among the merchant’s options, and says nothing of failures', async () => {
    const merchant = await startMerchant();
    expect((await shop.client.get(OPTIONS)).json).toEqual({ show_fapiao_cell: false, support_vat_fapiao: false });
    await shop.settings({ fapiaoOptionsAbsence: 'RESOURCE_NOT_EXISTS' });
    expect((await shop.client.get(OPTIONS)).status).toBe(404);
    expect((await shop.client.patch(OPTIONS, { callback_url: 'http://desk.example.com/x' })).json.code).toBe(
      'PARAM_ERROR',
    );
    expect((await shop.client.patch(OPTIONS, { callback_url: merchant.url })).json.callback_url).toBe(merchant.url);
    expect((await shop.client.patch(OPTIONS, { show_fapiao_cell: true })).json.callback_url).toBe(merchant.url);

    const applyId = await shop.issued('F1');
    await shop.later(5000);
    await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' });
    await shop.later(10_000);
    await shop.settings({ fapiaoOutcome: 'FAILED' });
    await shop.issued('F2');
    await pull(shop.simulator, '/notices/deliver-due');
    const { mchid } = shop.simulator.world.kit;
    const told = [...shop.simulator.world.pay.notices.values()].map(({ eventType, content }) => [eventType, content]);
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
    await shop.client.patch(OPTIONS, { callback_url: 'http://127.0.0.1:9/notices', show_fapiao_cell: true });
    const applyId = await shop.paid();
    const { outTradeNo } = [...shop.simulator.world.pay.orders.values()].at(-1)!;
    await pull(shop.simulator, `/pay/orders/${outTradeNo}/fapiao-title`);
    await shop.settings({ fapiaoOutcome: 'held', fapiaoCards: 'held' });
    await shop.issue(applyId, 'F1');
    await pull(shop.simulator, '/pay/fapiao/F1/issue', { notify: false });
    await pull(shop.simulator, '/pay/fapiao/F1/insert-card', { notify: false });
    const told = [...shop.simulator.world.pay.notices.values()].map(({ eventType, content }) => [eventType, content]);
    expect(told).toEqual([
      [
        'FAPIAO.USER_APPLIED',
        { mchid: shop.simulator.world.kit.mchid, fapiao_apply_id: applyId, apply_time: '2026-11-02T10:00:00+08:00' },
      ],
    ]);
  });
});

it('tells who sells and what is sold', async () => {
  expect((await shop.client.get(`${FAPIAO}/merchant/base-information`)).json).toHaveProperty('seller_information.name');
  const { json } = await shop.client.get(`${FAPIAO}/merchant/tax-codes?offset=0&limit=5`);
  expect(json).toMatchObject({ offset: 0, limit: 5, total_count: 1, data: [{ tax_code: '3010101020203000000' }] });
  expect((await shop.client.get(`${FAPIAO}/merchant/tax-codes?offset=0&limit=500`)).json.code).toBe('PARAM_ERROR');
});
