import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { BUYER, one, ROW, Shop } from './fapiao-support.ts';
import { pull } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

let shop: Shop;

beforeAll(async () => {
  shop = new Shop(await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') }));
});
beforeEach(() => shop.open());
afterAll(() => shop.simulator.stop());

const sealed = (text: string) => {
  const key = shop.simulator.world.kit.publicKey.publicKeyPem;
  const how = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  return publicEncrypt(how, Buffer.from(text)).toString('base64');
};

describe('a fapiao for a payment', () => {
  it('is accepted without a word, issued later, and its card arrives after that', async () => {
    const applyId = await shop.paid();
    const answer = await shop.issue(applyId, 'F1');
    expect([answer.status, answer.text, answer.signedBy]).toEqual([202, '', shop.simulator.world.kit.publicKey.id]);
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ status: 'ISSUE_ACCEPTED', total_amount: 19900 });
    await shop.later(5000);
    const fapiao = await shop.shown(applyId, 'F1');
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
    await shop.later(5000);
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ card_information: { card_status: 'INSERTED' } });
  });

  it('of the older kind has a code and a check code', async () => {
    await shop.settings({ fapiaoKind: 'blockchain' });
    const { blue_fapiao: numbers } = await shop.shown(await shop.issued('F1'), 'F1');
    expect(numbers).toMatchObject({
      fapiao_code: expect.stringMatching(/^\d{12}$/),
      fapiao_number: expect.stringMatching(/^\d{8}$/),
      check_code: expect.stringMatching(/^\d{20}$/),
    });
  });

  it('that fails says why, whatever status it shows, and another number may be tried four times', async () => {
    await shop.settings({ fapiaoOutcome: 'FAILED' });
    const applyId = await shop.issued('F1');
    const why = { fapiao_error_code: 'BIZ_ERROR', fapiao_error_message: expect.stringContaining('授信额度不足') };
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ status: 'ISSUE_FAILED', ...why });
    await shop.settings({ fapiaoFailureStatus: 'before' });
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ status: 'ISSUE_ACCEPTED', ...why });
    for (const id of ['F2', 'F3', 'F4', 'F5']) {
      expect((await shop.issue(applyId, id)).status).toBe(202);
      await shop.later(5000);
    }
    expect((await shop.issue(applyId, 'F6')).json.code).toBe('INVALID_REQUEST');
  });

  it('is the same one under the same number: refused or accepted again, never issued twice', async () => {
    const applyId = await shop.issued('F1');
    expect((await shop.issue(applyId, 'F1')).json.code).toBe('INVALID_REQUEST');
    await shop.settings({ repeatedFapiao: 'accepted' });
    expect((await shop.issue(applyId, 'F1')).status).toBe(202);
    expect((await shop.issue(applyId, 'F1', { fapiao_information: [one('F1', { remark: '别的' })] })).json.code).toBe(
      'INVALID_REQUEST',
    );
    expect((await shop.issue(await shop.paid(), 'F1')).json.code).toBe('INVALID_REQUEST');
    expect((await shop.query(applyId)).json.total_count).toBe(1);
  });

  it('takes phone and email encrypted for WeChat, and shows them to the merchant alone', async () => {
    const applyId = await shop.paid();
    const buyer = { ...BUYER, phone: sealed('13800000009'), email: sealed('a@example.com') };
    expect((await shop.issue(applyId, 'F1', { buyer_information: buyer })).json.code).toBe('PARAM_ERROR');
    const { id } = shop.simulator.world.kit.publicKey;
    expect(
      (await shop.issue(applyId, 'F1', { buyer_information: { ...BUYER, phone: '13800000009' } }, id)).json.code,
    ).toBe('PARAM_ERROR');
    expect((await shop.issue(applyId, 'F1', { buyer_information: buyer }, id)).status).toBe(202);
    const { buyer_information: back } = await shop.shown(applyId, 'F1');
    const key = shop.simulator.world.kit.merchant.privateKeyPem;
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
    expect((await shop.issue(await shop.paid(), 'F1', wrong)).json.code).toBe(code);
    expect(shop.simulator.world.pay.fapiao.applications.size).toBe(0);
  });

  it('needs the product and a template of the card', async () => {
    const applyId = await shop.paid();
    await shop.settings({ fapiaoOpened: false });
    expect(await shop.issue(applyId, 'F1')).toMatchObject({ status: 403, json: { code: 'NO_AUTH' } });
    await shop.settings({ fapiaoOpened: true });
    shop.simulator.world.pay.fapiao.cardTemplate = null;
    expect((await shop.issue(applyId, 'F1')).json.code).toBe('INVALID_REQUEST');
    const { appid } = shop.simulator.world.kit.miniProgram;
    expect((await shop.makeTemplate({ card_appid: appid })).json.code).toBe('PARAM_ERROR');
    expect((await shop.makeTemplate()).json).toMatchObject({ card_id: expect.stringMatching(/^p/) });
    expect((await shop.issue(applyId, 'F1')).status).toBe(202);
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
    const applyId = await shop.issued('F1');
    const { fapiao_number } = (await shop.shown(applyId, 'F1')).blue_fapiao;
    const which = [{ fapiao_id: 'F1', fapiao_number }];
    expect((await shop.reverse(applyId, { reverse_reason: '退款', fapiao_information: which })).json.code).toBe(
      'PARAM_ERROR',
    );
    const other = [{ fapiao_id: 'F1', fapiao_number: '0'.repeat(20) }];
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN', fapiao_information: other })).json.code).toBe(
      'INVALID_REQUEST',
    );
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN', fapiao_information: which })).status).toBe(
      202,
    );
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ status: 'REVERSE_ACCEPTED' });
    await shop.later(5000);
    expect(await shop.shown(applyId, 'F1')).toMatchObject({
      status: 'REVERSED',
      red_fapiao: { fapiao_number: expect.stringMatching(/^\d{20}$/) },
      card_information: { card_status: 'DISCARD_ACCEPTED' },
    });
    await shop.later(5000);
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ card_information: { card_status: 'DISCARDED' } });
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    await shop.settings({ repeatedReverse: 'accepted' });
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' })).status).toBe(202);
    expect((await shop.issue(applyId, 'F2')).status).toBe(202);
  });

  it('that fails leaves it issued, to be tried again after five minutes', async () => {
    await shop.settings({ fapiaoReverseOutcome: 'FAILED' });
    const applyId = await shop.issued('F1');
    await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' });
    await shop.later(5000);
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ status: 'REVERSE_FAILED', fapiao_error_code: 'BIZ_ERROR' });
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    await shop.later(5 * 60_000);
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' })).status).toBe(202);
  });

  it('is not for what is not issued, or nobody applied for', async () => {
    await shop.settings({ fapiaoOutcome: 'held' });
    const applyId = await shop.issued('F1');
    expect((await shop.reverse(applyId, { reverse_reason: 'SALES_RETURN' })).json.code).toBe('INVALID_REQUEST');
    expect((await shop.reverse('4200000000000000000000000000', { reverse_reason: 'SALES_RETURN' })).status).toBe(404);
    await pull(shop.simulator, '/pay/fapiao/F1/issue');
    expect(await shop.shown(applyId, 'F1')).toMatchObject({ status: 'ISSUED' });
  });
});
