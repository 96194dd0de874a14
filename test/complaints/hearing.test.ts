import { Complaint, ComplaintEntry } from '../../entities/complaint.ts';
import { askForRegistration, pullComplaints } from '../../src/complaints/index.ts';
import { settleComplaint } from '../../src/complaints/settle-complaint.ts';
import { OTHER_MCHID } from '../../simulator/src/pay/merchant.ts';
import type { AuditEntryView, OrderView, TaskView } from '../../src/contracts/index.ts';
import { orderBody, payClient } from '../simulator/pay-client.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import type { TestWorld } from '../support/world.ts';
import {
  complain,
  HOUR_MS,
  listed,
  MERCHANT,
  newsArrive,
  paidOrder,
  pull,
  shown,
  startComplaintWorld,
} from './complaint-world.ts';

let world: TestWorld;
let customer: Phone;
let order: OrderView;
let consultant: StaffClient;

beforeEach(async () => {
  ({ world, customer } = await startComplaintWorld());
  order = await paidOrder(world, customer);
  consultant = await buildStaff(world, ['consultant']);
}, 60_000);
afterEach(() => world.stop());

const tasks = (state = 'open') => consultant.pages<TaskView>(`/staff/tasks?kind=complaint&state=${state}`);
const calls = async (path = MERCHANT) =>
  (await world.lever<unknown[]>(`/calls?path=${encodeURIComponent(path)}`)).length;
const count = () => world.world.desk.db.count(Complaint);
const isNear = (one: string, other: string, ms: number) => Math.abs(Date.parse(one) - Date.parse(other) - ms) < 2000;

describe('A complaint', () => {
  it('comes by a notice, stands by its order, and is a task that is due when WeChat wants the first answer', async () => {
    const raised = await complain(world, { type: 'REFUND', refundFen: 100, images: 1, phone: '13800000009' });
    const [row] = await listed(consultant);
    expect(row).toMatchObject({
      complaintId: raised.id,
      stateWords: '待处理',
      problemWords: '申请退款',
      content: '办理进度太慢，希望尽快处理',
      orderNumber: order.number,
      amountFen: order.amountFen,
      askedFen: 100,
      answeredAt: null,
      isOverdue: false,
    });
    expect(isNear(row!.dueAt!, row!.complainedAt, 24 * HOUR_MS)).toBe(true);
    expect(row!.waitingSince).toBe(row!.complainedAt);
    const view = await shown(consultant, raised);
    expect(view).toMatchObject({ phoneMasked: '138****0009', customer: { nickname: null }, deeds: [] });
    expect(view.history).toMatchObject([{ kind: 'user_complained', operator: '投诉人', images: view.images }]);
    expect(await tasks()).toMatchObject([
      { title: `消费者投诉：订单 ${order.number}`, orderNumber: order.number, dueAt: row!.dueAt, createdBy: null },
    ]);
    const image = await fetch(`${world.origin}/staff/complaints/${view.id}/images/${view.images[0]}`, {
      headers: { authorization: `Bearer ${consultant.token}` },
    });
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(await consultant.codeOf('GET', `/staff/complaints/${view.id}/images/${'0'.repeat(32)}`)).toBe(
      'complaint.image_not_found',
    );
  });

  it('is the same however often, and in whatever order, its notices come; an old word changes nothing', async () => {
    const raised = await complain(world);
    await world.lever(`/pay/complaints/${raised.id}/say`, { text: '请尽快' });
    await newsArrive(world);
    const notices = [...world.simulator.world.pay.notices.values()].filter(({ about }) => about === 'complaint');
    for (const { id } of notices.toReversed()) await world.lever(`/notices/${id}/send`, { times: 3, parallel: true });
    await world.settle();
    expect(await count()).toBe(1);
    expect((await shown(consultant, raised)).history.map(({ kind }) => kind)).toEqual(['user_complained', 'user_said']);
    expect(await tasks()).toHaveLength(1);

    const { desk } = world.world;
    const before = await desk.db.findOneByOrFail(Complaint, { complaintId: raised.id });
    const fact = (await desk.pay.findComplaint(raised.id))!;
    const late = {
      fact: { ...fact, state: 'processed' as const },
      entries: await desk.pay.listNegotiation(raised.id),
      phone: null,
      readAt: new Date(before.readAt.getTime() - 1),
    };
    await desk.transaction((work) => settleComplaint(work, late));
    expect(await desk.db.findOneByOrFail(Complaint, { complaintId: raised.id })).toEqual(before);
    expect(await desk.db.count(ComplaintEntry)).toBe(2);
  });

  it('that goes on after its end is a task anew, due by a time that runs from then', async () => {
    const raised = await complain(world);
    const { id } = await shown(consultant, raised);
    expect(await consultant.codeOf('POST', `/staff/complaints/${id}/completion`)).toBe(201);
    expect(await tasks('done')).toMatchObject([{ outcome: 'mended', endedBy: expect.stringContaining('员工') }]);
    await world.advance(100 * HOUR_MS);
    await consultant.signIn(world.clock.now());
    await world.lever(`/pay/complaints/${raised.id}/continue`, {});
    await newsArrive(world);
    const view = await shown(consultant, raised);
    expect(view).toMatchObject({ state: 'pending', times: 2, completedAt: null, answeredAt: null, isOverdue: false });
    expect(isNear(view.dueAt!, view.history.at(-1)!.at, 24 * HOUR_MS)).toBe(true);
    expect(await tasks()).toMatchObject([{ dueAt: view.dueAt }]);
    expect(await tasks('done')).toHaveLength(1);
  });

  it('about money that we know nothing of is kept and shown all the same', async () => {
    const client = payClient(world.simulator);
    const body = orderBody(world.simulator, { out_trade_no: 'ELSEWHERE00001' });
    await client.post('/v3/pay/transactions/jsapi', body);
    await world.lever('/pay/orders/ELSEWHERE00001/force-paid', { notify: false });
    const raised = await complain(world, {}, 'ELSEWHERE00001');
    const view = await shown(consultant, raised);
    expect(view).toMatchObject({ orderNumber: null, customer: null, amountFen: 19900 });
    expect(await tasks()).toMatchObject([{ title: `消费者投诉：${view.transactionId}`, orderNumber: null }]);
    const body2 = { amountFen: 100, reason: '协商退款', changeReason: '协商' };
    expect(await consultant.codeOf('POST', `/staff/complaints/${view.id}/refund-proposals`, body2)).toBe(
      'order.not_found',
    );
  });

  it('of another merchant is not ours', async () => {
    await complain(world, { mchid: OTHER_MCHID });
    expect(await count()).toBe(0);
    expect(world.logged.join()).toContain('a complaint that is not ours');
  });

  it('that is forged is refused, and nobody is asked', async () => {
    await world.lever('/notices/settings', { mode: 'held' });
    await world.lever(`/pay/orders/${[...world.simulator.world.pay.orders.keys()][0]}/complaint`, {});
    const notice = [...world.simulator.world.pay.notices.values()].at(-1)!;
    const before = await calls();
    for (const tamper of ['signature', 'unsigned', 'serial', 'timestamp', 'body']) {
      const sends = await world.lever<{ status: number }[]>(`/notices/${notice.id}/send`, { tamper });
      expect(sends).toMatchObject([{ status: 401 }]);
    }
    await world.settle();
    expect(await count()).toBe(0);
    expect(await calls()).toBe(before);
  });
});

describe('The pull', () => {
  it('makes up for lost notices, page by page, and asks about nothing that was read just now', async () => {
    const payment = [...world.simulator.world.pay.orders.keys()][0]!;
    for (let n = 0; n < 55; n += 1) await world.lever(`/pay/orders/${payment}/complaint`, { notify: false });
    expect(await count()).toBe(0);
    await pull(world);
    expect(await count()).toBe(55);
    expect(await listed(consultant, '&open=true')).toHaveLength(55);
    const before = await calls();
    await pull(world);
    // The list alone, of two pages.
    expect(await calls()).toBe(before + 2);

    const [one] = await listed(consultant);
    await world.lever(`/pay/complaints/${one!.complaintId}/say`, { notify: false, text: '没有通知的留言' });
    await world.advance(30 * 60_000);
    await pull(world);
    const view = await shown(consultant, { id: one!.complaintId });
    expect(view.history.at(-1)).toMatchObject({ kind: 'user_said', content: '没有通知的留言' });
  }, 120_000);

  it('asks about open ones that are too old to be listed', async () => {
    const raised = await complain(world);
    await world.advance(40 * 24 * HOUR_MS);
    await consultant.signIn(world.clock.now());
    const { mchid } = world.simulator.world.kit;
    const address = `${MERCHANT}/complaints-v2/${raised.id}/complete`;
    expect((await payClient(world.simulator).post(address, { complainted_mchid: mchid })).status).toBe(204);
    await pull(world);
    expect(await shown(consultant, raised)).toMatchObject({ state: 'processed', dueAt: null });
    expect(await tasks()).toEqual([]);
    expect(await tasks('done')).toMatchObject([{ endedBy: null }]);
  });

  it('bears that WeChat does not list them, and goes on another time', async () => {
    await world.lever('/faults', { path: MERCHANT, kind: 'code', status: 403, code: 'NO_AUTH' });
    await pull(world);
    expect(world.logged.join()).toContain('WeChat does not list complaints');
    await world.lever('/faults', { path: MERCHANT, kind: 'error-before', times: 5 });
    await expect(pull(world)).rejects.toMatchObject({ kind: 'unknown' });
  });
});

describe('Where news goes', () => {
  const address = () => world.simulator.world.pay.complaintUrl;
  const register = async (COMPLAINTS: 'off' | 'pull' | 'notices') => {
    const desk = { ...world.world.desk, config: { ...world.config, COMPLAINTS } };
    await askForRegistration(desk);
    await world.settle();
    return desk;
  };

  it('is said to WeChat once, and takes the place of another address, which is logged', async () => {
    expect(address()).toBe(`${world.origin}/wechat/pay/notices`);
    const before = await calls(`${MERCHANT}/complaint-notifications`);
    await register('notices');
    expect(await calls(`${MERCHANT}/complaint-notifications`)).toBe(before + 1);
    world.simulator.world.pay.complaintUrl = 'https://other.example.com/complaints';
    await register('notices');
    expect(address()).toBe(`${world.origin}/wechat/pay/notices`);
    expect(world.logged.join()).toContain('other.example.com');
  });

  it('is left as it is unless we are told to, and off asks for nothing', async () => {
    world.simulator.world.pay.complaintUrl = 'https://other.example.com/complaints';
    await register('pull');
    expect(address()).toBe('https://other.example.com/complaints');
    const before = await calls();
    await pullComplaints(await register('off'));
    expect(await calls()).toBe(before);
  });
});

describe('Staff', () => {
  it('find complaints by state, order and lateness, in pages and as a table', async () => {
    const first = await complain(world);
    const { id } = await shown(consultant, first);
    await consultant.codeOf('POST', `/staff/complaints/${id}/completion`);
    await complain(world, { detail: '=1+1 重复扣费' });
    expect(await listed(consultant, '&state=processed')).toMatchObject([{ complaintId: first.id }]);
    expect(await listed(consultant, '&open=true')).toHaveLength(1);
    expect(await listed(consultant, `&orderNumber=${order.number}`)).toHaveLength(2);
    expect(await consultant.codeOf('GET', '/staff/complaints?orderNumber=TB26112299999999')).toBe('order.not_found');
    expect(await listed(consultant, '&overdue=true')).toEqual([]);
    expect(await consultant.pages('/staff/complaints?limit=1')).toHaveLength(2);
    await world.advance(25 * HOUR_MS);
    await consultant.signIn(world.clock.now());
    expect(await listed(consultant, '&overdue=true')).toMatchObject([{ isOverdue: true }]);
    const csv = await consultant.call<string>('GET', '/staff/complaints/export?format=csv&open=true');
    const [, line] = csv.body.trim().split('\r\n');
    expect(line).toContain("'=1+1 重复扣费");
    expect(line).toContain('是');
    expect((await consultant.call('GET', '/staff/complaints/export')).headers.get('content-type')).toContain('sheet');
  });

  it('see the phone number in full only when they say why, and the trail has the reason but not the number', async () => {
    const raised = await complain(world, { phone: '13800000009' });
    const { id } = await shown(consultant, raised);
    const address = `/staff/complaints/${id}/phone`;
    expect(await consultant.data('POST', address, { reason: '回电核实' })).toEqual({ phone: '13800000009' });
    expect(await consultant.codeOf('POST', address, {})).toBe('request.invalid');
    const auditor = await buildStaff(world, ['auditor']);
    expect(await auditor.codeOf('POST', address, { reason: '看看' })).toBe('staff.not_allowed');
    const trail = await auditor.data<AuditEntryView[]>('GET', '/staff/audit?deed=complaint-unmasked');
    expect(trail).toMatchObject([
      { subject: { kind: 'complaint', id }, after: { field: 'phone', reason: '回电核实' } },
    ]);
    expect(JSON.stringify(trail) + world.logged.join()).not.toContain('13800000009');
    const stored = await world.world.desk.db.query('SELECT * FROM complaints');
    expect(JSON.stringify(stored)).not.toContain('13800000009');
  });

  it('can have WeChat asked at once', async () => {
    const raised = await complain(world);
    await world.lever(`/pay/complaints/${raised.id}/say`, {
      notify: false,
      by: 'platform',
      text: '请商家尽快联系用户',
    });
    const { id } = await shown(consultant, raised);
    const view = await consultant.data<{ history: unknown[] }>('POST', `/staff/complaints/${id}/look`);
    expect(view.history.at(-1)).toMatchObject({ kind: 'platform_said', operator: '微信支付客服' });
    await world.lever('/faults', { path: MERCHANT, kind: 'error-before', times: 5 });
    expect(await consultant.codeOf('POST', `/staff/complaints/${id}/look`)).toBe('upstream.unavailable');
  });
});
