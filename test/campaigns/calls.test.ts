import { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Task } from '../../entities/task.ts';
import type { DeliveryView, TaskView } from '../../src/contracts/index.ts';
import { callUnreachable } from '../../src/campaigns/index.ts';
import { buildStaff } from '../support/staff.ts';
import { CampaignWorld } from './campaign-world.ts';

let world: CampaignWorld;
afterEach(() => world.stop());
const start = async (environment: Record<string, string> = {}) =>
  void (world = await CampaignWorld.start({ environment }));

const SEND = '/cgi-bin/message/template/send';
const done = (id: string) => world.test.until(() => world.desk.db.existsBy(Campaign, { id, state: 'done' }));
const tasks = (query: string) => world.supervisor.pages<TaskView>(`/staff/tasks?${query}`);
const FACTS = { materials: '营业执照副本', dueAt: '2027-01-31T10:00:00Z' };

describe('Whoever a campaign does not reach', () => {
  it('is called, once, by one of those who are named, with what the message would have said', async () => {
    await start();
    const callers = [await buildStaff(world.test, ['consultant']), await buildStaff(world.test, ['consultant'])];
    const people = await world.people(40, (at) => (at < 10 ? { follows: true } : {}));
    const calls = { withinHours: 48, owners: callers.map(({ username }) => username) };
    await world.test.lever('/faults', { path: SEND, kind: 'code', code: 48002, times: 2 });
    const { id } = await world.released({ calls });
    await done(id);
    await world.test.settle();
    const listed = await tasks(`campaignId=${id}`);
    expect(listed).toHaveLength(32);
    expect(new Set(listed.map(({ customer }) => customer!.id)).size).toBe(32);
    for (const { username } of callers)
      expect(listed.filter(({ owner }) => owner?.username === username).length).toBeGreaterThan(4);
    const reached = (await world.deliveries(id)).filter(({ state }) => state === 'accepted' || state === 'delivered');
    expect(reached).toHaveLength(8);
    for (const { customerId } of reached) expect(listed.map(({ customer }) => customer!.id)).not.toContain(customerId);
    const one = listed.find(({ customer }) => customer!.id === people[20]!.customerId)!;
    expect(one).toMatchObject({ kind: 'call', title: '致电客户：材料提交提醒', orderNumber: people[20]!.orderNumber });
    expect(one.note).toContain('所需材料：营业执照副本');
    expect(one.note).toContain('未关注服务号，且无可用订阅次数');
    const untilMs = Date.parse(one.dueAt) - world.test.clock.now().getTime();
    expect(untilMs).toBeGreaterThan(47 * 3600_000);
    expect(untilMs).toBeLessThanOrEqual(48 * 3600_000);

    await callUnreachable(world.desk, { campaignId: id });
    expect(await world.desk.db.countBy(Task, { campaignId: id })).toBe(32);
  });

  it('is called also when WeChat says only later that the message was blocked', async () => {
    await start();
    await world.test.lever('/official-account/settings', { finishEvents: 'held' });
    await world.people(3);
    const { id } = await world.released({ calls: { withinHours: 4, owners: [] } });
    await done(id);
    await world.test.settle();
    expect(await tasks(`campaignId=${id}`)).toEqual([]);
    const [first] = await world.deliveries(id);
    await world.test.lever(`/messages/${first!.msgid}/finish`, { status: 'failed:user block' });
    await world.test.lever('/pushes/settled', {});
    await world.test.settle();
    const [task, ...more] = await tasks(`campaignId=${id}`);
    expect(more).toEqual([]);
    expect(task).toMatchObject({ kind: 'call', customer: { id: first!.customerId }, messageId: first!.id });
    expect(task!.owner?.username).toBe(world.supervisor.username);
  });

  it('is not called when nobody asked for it, when the campaign was stopped, or by another team', async () => {
    await start();
    const consultant = await buildStaff(world.test, ['consultant']);
    await world.people(4, () => ({}));
    await world.people(2, () => ({ teamId: '00000000-0000-7000-8000-00000000000a' }));
    await world.people(1);
    const silent = await world.released();
    await done(silent.id);
    const { id } = await world.rehearsed({ calls: { withinHours: 4, owners: [] } }, consultant);
    await world.second.data('POST', `/staff/campaigns/${id}/release`);
    await done(id);
    await world.test.settle();
    expect(await tasks(`campaignId=${silent.id}`)).toEqual([]);
    expect(await tasks(`campaignId=${id}`)).toHaveLength(4);
  });

  it('is not called any more once the campaign was stopped', async () => {
    await start();
    await world.test.lever('/official-account/settings', { finishEvents: 'held' });
    await world.people(3);
    const { id } = await world.released({ calls: { withinHours: 4, owners: [] }, endAt: null });
    await world.test.until(async () => (await world.deliveries(id)).some(({ msgid }) => msgid !== null));
    const [first] = (await world.deliveries(id)).filter(({ msgid }) => msgid !== null);
    await world.desk.transaction((work) => work.db.update(Campaign, { id }, { state: 'stopped' }));
    await world.test.lever(`/messages/${first!.msgid}/finish`, { status: 'failed:user block' });
    await world.test.lever('/pushes/settled', {});
    await world.test.settle();
    expect(await world.desk.db.findOneByOrFail(MessageDelivery, { id: first!.id })).toMatchObject({ state: 'blocked' });
    expect(await tasks(`campaignId=${id}`)).toEqual([]);
  });

  it.each([
    ['by nobody that there is', { withinHours: 4, owners: ['nobody.here'] }, 'staff.member_not_found'],
    ['never', { withinHours: 0, owners: [] }, 'request.invalid'],
    ['much too late', { withinHours: 10_000, owners: [] }, 'request.invalid'],
  ])('cannot be called %s', async (_what, calls, code) => {
    await start();
    expect(await world.supervisor.codeOf('POST', '/staff/campaigns', world.body({ calls }))).toBe(code);
  });
});

describe('One message of staff', () => {
  it('that does not arrive becomes a call of who sent it', async () => {
    await start();
    const [person] = await world.people(1, () => ({}));
    const to = { orderNumber: person!.orderNumber };
    await world.supervisor.data('POST', '/staff/messages', { message: 'materials-wanted', to, facts: FACTS });
    await world.test.settle();
    const listed = await tasks(`customerId=${person!.customerId}`);
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({ kind: 'call', owner: { username: world.supervisor.username } });
  });

  it('that arrives does not', async () => {
    await start();
    const [person] = await world.people(1);
    const to = { orderNumber: person!.orderNumber };
    await world.supervisor.data('POST', '/staff/messages', { message: 'materials-wanted', to, facts: FACTS });
    await world.test.advance(10_000);
    expect(world.received().size).toBe(1);
    expect(await tasks(`customerId=${person!.customerId}`)).toEqual([]);
  });
});

describe('A message of which nobody knows whether it arrived', () => {
  async function lost(): Promise<DeliveryView> {
    const [person] = await world.people(1, () => ({ consents: 2 }));
    await world.test.lever('/faults', {
      path: '/cgi-bin/message/subscribe/send',
      kind: 'reset-after-effect',
      times: 1,
    });
    const { id } = await world.released();
    await done(id);
    await world.test.settle();
    const [row] = await world.supervisor.pages<DeliveryView>('/staff/messages?state=unknown&decided=false');
    expect(row).toMatchObject({ customerId: person!.customerId, decision: null });
    return row!;
  }
  const decide = (id: string, decision: string, who = world.supervisor) =>
    who.codeOf('POST', `/staff/messages/${id}/decision`, { decision });

  it('stays so until staff decide; they are asked', async () => {
    await start();
    const { id } = await lost();
    const [asked] = await tasks('kind=attention');
    expect(asked).toMatchObject({ title: '1 条消息结果不明：十一月材料催收' });
    await world.test.advance(3 * 24 * 3600_000);
    expect([...world.received().values()]).toEqual([1]);
    expect(await world.desk.db.findOneByOrFail(MessageDelivery, { id })).toMatchObject({ state: 'unknown' });
  });

  it('is said once more when they say so, and once only', async () => {
    await start();
    const { id } = await lost();
    const codes = await Promise.all(Array.from({ length: 6 }, () => decide(id, 'resend')));
    expect(codes.toSorted()).toEqual([200, ...Array<string>(5).fill('message.nothing_to_decide')].toSorted());
    await world.test.settle();
    expect([...world.received().values()]).toEqual([2]);
    expect(await world.supervisor.pages('/staff/messages?state=unknown&decided=false')).toEqual([]);
    expect(await world.supervisor.data('GET', `/staff/messages/${id}`)).toMatchObject({ decision: 'resend' });
  });

  it('is a call when they say so', async () => {
    await start();
    const { id, customerId } = await lost();
    expect(await decide(id, 'call')).toBe(200);
    expect(await tasks(`customerId=${customerId}`)).toMatchObject([{ kind: 'call', messageId: id }]);
    await world.test.settle();
    expect([...world.received().values()]).toEqual([1]);
  });

  it('that was sent by itself is asked about on the sender’s list, until it is decided', async () => {
    await start();
    const [person] = await world.people(1, () => ({ consents: 1 }));
    await world.test.lever('/faults', {
      path: '/cgi-bin/message/subscribe/send',
      kind: 'reset-after-effect',
      times: 1,
    });
    const body = { message: 'materials-wanted', to: { orderNumber: person!.orderNumber }, facts: FACTS };
    const { id } = await world.supervisor.data<DeliveryView>('POST', '/staff/messages', body);
    await world.test.settle();
    await world.test.advance(10 * 60_000);
    const [asked, ...more] = await tasks('owner=me&kind=attention');
    expect(more).toEqual([]);
    expect(asked).toMatchObject({ title: '是否重发：材料提交提醒', messageId: id });
    expect(await decide(id, 'leave')).toBe(200);
    expect(await tasks('owner=me')).toEqual([]);
    expect(await tasks('owner=me&state=done')).toMatchObject([{ id: asked!.id, outcome: 'mended' }]);
  });

  it('is left as it is when they say so', async () => {
    await start();
    const { id, customerId } = await lost();
    expect(await decide(id, 'leave')).toBe(200);
    await world.test.settle();
    expect([...world.received().values()]).toEqual([1]);
    expect(await tasks(`customerId=${customerId}`)).toEqual([]);
  });

  it('is not decided about by another team, by who may not send, or when it is known how it ended', async () => {
    await start();
    const { id, customerId } = await lost();
    const finance = await buildStaff(world.test, ['finance']);
    expect(await decide(id, 'resend', finance)).toBe('staff.not_allowed');
    const consultant = await buildStaff(world.test, ['consultant']);
    const admin = await buildStaff(world.test, ['administrator']);
    const { id: teamId } = await admin.data<{ id: string }>('POST', '/staff/teams', { name: '华北组' });
    await world.supervisor.data('PUT', `/staff/customers/${customerId}/team`, { teamId });
    expect(await decide(id, 'resend', consultant)).toBe('staff.not_allowed');
    expect(await decide(id, 'perhaps')).toBe('request.invalid');
    const [person] = await world.people(1);
    const body = { message: 'materials-wanted', to: { orderNumber: person!.orderNumber }, facts: FACTS };
    const sent = await world.supervisor.data<DeliveryView>('POST', '/staff/messages', body);
    await world.test.settle();
    expect(await decide(sent.id, 'resend')).toBe('message.nothing_to_decide');
    expect(await decide(customerId, 'resend')).toBe('message.not_found');
  });
});

it('What stands still until staff look is on their list', async () => {
  await start();
  await world.people(3);
  await world.test.lever('/faults', { path: SEND, kind: 'code', code: 43116, times: 1 });
  const { id } = await world.released();
  await world.test.until(() => world.desk.db.existsBy(Campaign, { id, state: 'paused' }));
  await world.test.settle();
  const listed = await tasks('kind=attention');
  expect(listed).toHaveLength(2);
  expect(listed.find(({ campaignId }) => campaignId === id)).toMatchObject({
    title: '群发任务已暂停：十一月材料催收',
    note: expect.stringContaining('模板被微信封禁'),
    owner: { username: world.supervisor.username },
  });
  expect(listed.find(({ campaignId }) => campaignId === null)).toMatchObject({
    title: '模板不可用：材料提交提醒',
    owner: null,
  });
});
