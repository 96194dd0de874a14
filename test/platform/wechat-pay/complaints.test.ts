import type { RunningSimulator } from '../../../simulator/src/simulator.ts';
import { OTHER_MCHID } from '../../../simulator/src/pay/merchant.ts';
import { startMerchant } from '../../simulator/merchant-server.ts';
import { orderBody, payClient, pull as pullLever } from '../../simulator/pay-client.ts';
import { startTestSimulator } from '../../simulator/support.ts';
import { findComplaintFact, findEntry, findListed } from '../../../src/platform/wechat-pay/complaint.ts';
import { type Counter, openOn } from './counter.ts';

const PNG = Buffer.from('89504e470d0a1a0a0011223344', 'hex');

let simulator: RunningSimulator;
let merchant: Awaited<ReturnType<typeof startMerchant>>;
let counter: Counter;

beforeAll(async () => {
  simulator = await startTestSimulator({ payPort: 0, now: Date.parse('2026-03-02T02:00:00Z') });
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull('/clock', { frozen: true });
  await pull('/notices/settings', { mode: 'held' });
  merchant = await startMerchant();
  counter = openOn(simulator);
});
afterEach(async () => {
  await counter.pay.stop();
  await merchant.stop();
});
afterAll(() => simulator.stop());

const pull = <T>(path: string, body: object = {}) => pullLever<T>(simulator, path, body);
const sent = (path = '/v3/') => simulator.world.calls.all().filter((call) => call.path.startsWith(path)).length;

async function raise(wanted: object = {}): Promise<{ id: string; outTradeNo: string }> {
  const body = orderBody(simulator);
  await payClient(simulator).post('/v3/pay/transactions/jsapi', body);
  const address = `/pay/orders/${String(body.out_trade_no)}`;
  await pull(`${address}/force-paid`, { notify: false });
  return pull(`${address}/complaint`, wanted);
}
const answer = (complaintId: string, more: object = {}) =>
  counter.pay.answerComplaint({ complaintId, content: '您好，正在核实', mediaIds: [], ...more });

describe('Complaints', () => {
  it('are listed, read, and negotiated about; the phone number opens by the merchant’s key', async () => {
    const { id, outTradeNo } = await raise({ type: 'REFUND', refundFen: 5000, phone: '13800000009', images: 1 });
    const days = { from: '2026-03-01', until: '2026-03-02', offset: 0 };
    expect(await counter.pay.listComplaints(days)).toEqual({
      complaints: [{ complaintId: id, state: 'pending', isWaiting: true, isFullyRefunded: false, times: 1 }],
      rows: 1,
      total: 1,
    });
    const fact = await counter.pay.findComplaint(id);
    expect(fact).toMatchObject({
      state: 'pending',
      problemType: 'refund',
      askedFen: 5000,
      complainedAt: new Date('2026-03-02T02:00:00Z'),
      orders: [{ outTradeNo, amountFen: 19900 }],
    });
    expect(counter.pay.openPhone(fact!)).toBe('13800000009');
    expect(counter.pay.openPhone({ sealedPhone: 'bm90IGl0' })).toBeNull();
    expect(counter.logged.join()).not.toContain('13800000009');
    const [mediaId] = fact!.mediaIds;
    expect(await counter.pay.downloadComplaintImage(mediaId!)).toMatchObject({ kind: 'png' });

    const uploaded = await counter.pay.uploadComplaintImage({ bytes: PNG, kind: 'png' });
    await answer(id, { mediaIds: [uploaded] });
    await counter.pay.decideComplaintRefund({ complaintId: id, grants: true, withinDays: 0 });
    const entries = await counter.pay.listNegotiation(id);
    expect(entries.map(({ kind, content }) => [kind, content])).toEqual([
      ['user_complained', '办理进度太慢，希望尽快处理'],
      ['merchant_said', '您好，正在核实'],
      ['merchant_granted', '商户同意退款，预计0个工作日内发起'],
    ]);
    expect(entries[1]!.mediaIds).toHaveLength(1);
    await counter.pay.completeComplaint(id);
    expect(await counter.pay.findComplaint(id)).toMatchObject({ state: 'processed', isWaiting: false });
    expect(await counter.pay.findComplaint('20000002026030210000000000')).toBeNull();
  });

  it.each(['oldest-first', 'newest-first'])(
    'that are negotiated about at length are read to the end (%s)',
    async (negotiationOrder) => {
      await pull('/pay/settings', { negotiationOrder });
      const { id } = await raise();
      await pull('/clock', { advanceMs: 1000 });
      for (let n = 0; n < 205; n += 1) await pull(`/pay/complaints/${id}/say`, { text: `第${n}次` });
      const entries = await counter.pay.listNegotiation(id);
      expect(entries).toHaveLength(206);
      expect(new Set(entries.map(({ logId }) => logId)).size).toBe(206);
      expect(
        entries
          .slice(0, 3)
          .map(({ content }) => content)
          .slice(1),
      ).toEqual(['第0次', '第1次']);
    },
  );

  it('have their news at one address, ours', async () => {
    expect(await counter.pay.findComplaintUrl()).toBeNull();
    await counter.pay.setComplaintUrl(merchant.url, true);
    await counter.pay.setComplaintUrl(`${merchant.url}/2`, false);
    expect(await counter.pay.findComplaintUrl()).toBe(`${merchant.url}/2`);
    await counter.pay.setComplaintUrl(merchant.url, false);
    const { id } = await raise();
    const [notice] = [...simulator.world.pay.notices.values()];
    await pull(`/notices/${notice!.id}/send`);
    const { headers, body } = merchant.received.at(-1)!;
    expect(counter.pay.openNotice(Buffer.from(body), headers)).toMatchObject({
      opened: true,
      notice: { eventType: 'COMPLAINT.CREATE', kind: 'complaint', complaint: { complaintId: id } },
    });
    await pull(`/notices/${notice!.id}/send`, { tamper: 'signature' });
    const forged = merchant.received.at(-1)!;
    expect(counter.pay.openNotice(Buffer.from(forged.body), forged.headers)).toMatchObject({ opened: false });
  });

  it.each([
    ['an answer of more than 500 characters', () => answer('2000', { content: '字'.repeat(501) })],
    ['an answer of nothing', () => answer('2000', { content: ' \n' })],
    ['an answer with five images', () => answer('2000', { mediaIds: ['1', '2', '3', '4', '5'] })],
    ['an answer to what cannot be a complaint', () => answer('../certificates')],
    [
      'a no without a reason',
      () => counter.pay.decideComplaintRefund({ complaintId: '2000', grants: false, reason: '', mediaIds: [] }),
    ],
  ])('%s is never sent', async (_what, call) => {
    await expect(call()).rejects.toMatchObject({ kind: 'refused', code: 'param_error' });
    expect(sent()).toBe(0);
  });

  it('of others, over, or with somebody else’s image are refused', async () => {
    const foreign = await raise({ mchid: OTHER_MCHID });
    await expect(answer(foreign.id)).rejects.toMatchObject({ kind: 'refused', code: 'no_auth' });
    const { id } = await raise();
    await expect(answer(id, { mediaIds: ['B1234'] })).rejects.toMatchObject({ code: 'param_error' });
    await counter.pay.completeComplaint(id);
    await expect(counter.pay.completeComplaint(id)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it.each(['error-after-effect', 'html-502'])(
    'whose answer is broken (%s) are not answered a second time at the other domain',
    async (kind) => {
      const { id } = await raise();
      await pull('/faults', { path: '/v3/merchant-service', method: 'POST', kind, times: 1 });
      await expect(answer(id)).rejects.toMatchObject({ kind: 'unknown' });
      expect(sent(`/v3/merchant-service/complaints-v2/${id}/response`)).toBe(1);
    },
  );

  it('go to the other domain when the first was certainly not reached', async () => {
    const { id } = await raise();
    await pull('/pay/settings', { primaryDown: true });
    await answer(id);
    expect(await counter.pay.listNegotiation(id)).toHaveLength(2);
  });
});

describe('What WeChat says of a complaint', () => {
  const right = {
    complaint_id: '2000',
    complaint_time: '2026-03-02T10:00:00.120+08:00',
    complainted_mchid: '1900000109',
    complaint_state: 'PENDING',
  };

  it('is read though much of it is missing, of a new kind, or not of its kind', () => {
    expect(findComplaintFact(right)).toMatchObject({ state: 'pending', problemType: 'other', content: '', orders: [] });
    const odd = { complaint_state: 'ESCALATED', problem_type: 'NEW', complaint_media_list: 'none', payer_phone: '' };
    expect(findComplaintFact({ ...right, ...odd })).toMatchObject({
      // Nobody says that it is over.
      state: 'processing',
      problemType: 'other',
      mediaIds: [],
      sealedPhone: null,
    });
    const media = [
      {
        media_url: [
          'https://elsewhere.example.com/evil',
          'https://api2.mch.weixin.qq.com/v3/merchant-service/images/Ab%3D',
        ],
      },
    ];
    expect(findComplaintFact({ ...right, complaint_media_list: media })!.mediaIds).toEqual(['Ab%3D']);
    expect(
      findEntry({ log_id: '1', operate_time: '2026-03-02T10:00:00+08:00', operate_type: 'UNHEARD_OF' }),
    ).toMatchObject({
      kind: 'other',
      content: '',
    });
  });

  it.each([
    ['of which complaint it speaks', { complaint_id: undefined }],
    ['with an id that is none', { complaint_id: '../2000' }],
    ['when', { complaint_time: 'yesterday' }],
    ['whose', { complainted_mchid: undefined }],
    ['how it stands', { complaint_state: undefined }],
  ])('is not taken when it does not say %s', (_what, wrong) => {
    expect(findComplaintFact({ ...right, ...wrong })).toBeNull();
  });

  it('is not taken when it is nothing at all', () => {
    for (const value of [null, undefined, 'x', [], 7]) {
      expect(findComplaintFact(value)).toBeNull();
      expect(findListed(value)).toBeNull();
      expect(findEntry(value)).toBeNull();
    }
  });
});
