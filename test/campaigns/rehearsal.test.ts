import { MessageBinding } from '../../entities/message-binding.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Order } from '../../entities/order.ts';
import { Milestone } from '../../entities/order-parts.ts';
import { Team } from '../../entities/team.ts';
import { newId } from '../../src/platform/ids.ts';
import { buildStaff } from '../support/staff.ts';
import { CampaignWorld } from './campaign-world.ts';

let world: CampaignWorld;
beforeEach(async () => void (world = await CampaignWorld.start()), 60_000);
afterEach(() => world.stop());

const counts = (rows: readonly { people: number }[], key: string) =>
  Object.fromEntries(rows.filter(({ people }) => people > 0).map((row) => [(row as never)[key], row.people]));

describe('A rehearsal', () => {
  it('says how many are reached, by which way, who not and why, and shows three cards; nothing is sent', async () => {
    const team = newId();
    await world.desk.transaction((work) => work.db.insert(Team, { id: team, name: '华南组', createdAt: work.now() }));
    const people = await world.people(40, (at) => {
      if (at < 20) return { follows: true };
      if (at < 27) return { consents: 1 };
      if (at < 32) return {};
      if (at < 35) return { isStranger: true };
      // Ours cannot be shown in a field: the facts of these people do not fit.
      if (at < 37) return { follows: true, order: { serviceName: '有\n换行' } };
      return { follows: true, order: { serviceCode: 'another-service' } };
    });
    // A second order of somebody is no second message.
    const [first] = people;
    await world.desk.transaction((work) => work.db.insert('orders', world.order(first!.customerId) as never));
    const { rehearsal } = await world.rehearsed();
    expect(rehearsal).toMatchObject({
      people: 37,
      duplicates: 1,
      needsSecondPerson: false,
      waitsUntil: null,
      violations: { people: 2 },
    });
    expect(counts(rehearsal!.reachable, 'app')).toEqual({ 'official-account': 20, 'mini-program': 7 });
    expect(counts(rehearsal!.unreachable, 'reason')).toEqual({
      not_following_and_no_consent: 5,
      no_wechat_identity: 3,
      facts_invalid: 2,
    });
    for (const { words } of rehearsal!.unreachable) expect(words).toMatch(/\p{Script=Han}/u);
    expect(rehearsal!.violations.first.map(({ fields }) => fields)).toEqual([['serviceName'], ['serviceName']]);
    expect(rehearsal!.budget).toEqual([
      { app: 'official-account', limit: 100_000, used: 0, needed: 20, days: 1, countedBy: 'wechat' },
      { app: 'mini-program', limit: 10_000_000, used: 0, needed: 7, days: 1, countedBy: 'wechat' },
    ]);
    expect(rehearsal!.samples).toHaveLength(3);
    expect(rehearsal!.samples[0]!.rows).toContainEqual({ label: '所需材料', value: '营业执照副本' });
    expect(world.received().size).toBe(0);
    expect(await world.desk.db.countBy(MessageDelivery, {})).toBe(0);
  });

  it('knows who blocked us before, templates that are blocked, and the customers of other teams', async () => {
    const [south, north] = [newId(), newId()];
    await world.desk.transaction(async (work) => {
      await work.db.insert(Team, { id: south, name: '华南组', createdAt: work.now() });
      await work.db.insert(Team, { id: north, name: '华北组', createdAt: work.now() });
    });
    const people = await world.people(6, (at) => ({ follows: true, teamId: [south, north, null][at % 3]! }));
    const blocked = {
      id: newId(),
      message: 'order-paid',
      about: 'x',
      facts: {},
      customerId: people[0]!.customerId,
      channel: 'official-account',
      state: 'blocked',
      createdAt: world.desk.now(),
      endedAt: world.desk.now(),
    };
    await world.desk.transaction((work) => work.db.insert(MessageDelivery, blocked as never));
    const consultant = await buildStaff(world.test, ['consultant'], { teamId: south });
    const { rehearsal } = await world.rehearsed({}, consultant);
    expect(counts(rehearsal!.unreachable, 'reason')).toEqual({ foreign_team: 2, blocked_before: 1 });
    expect(counts(rehearsal!.reachable, 'app')).toEqual({ 'official-account': 3 });
    await world.desk.transaction((work) =>
      work.db.update(MessageBinding, { message: 'materials-wanted' }, { stoppedAt: work.now(), stopReason: 'x' }),
    );
    const stopped = await world.rehearsed();
    expect(counts(stopped.rehearsal!.unreachable, 'reason')).toEqual({ template_blocked: 6 });
    expect(await world.second.codeOf('POST', `/staff/campaigns/${stopped.id}/release`)).toBe(
      'campaign.nobody_to_reach',
    );
  });

  it('finds people by every filter', async () => {
    const old = new Date('2026-01-15T00:00:00Z');
    const orders: Partial<Order>[] = [
      { packageCode: 'express' },
      { state: 'completed' },
      { province: '福建省' },
      { companyName: '厦门某某科技有限公司', buyerKind: 'company' },
      { placedAt: old },
    ];
    const people = await world.people(8, (at) => ({ follows: at % 2 === 0, order: orders[at] ?? {} }));
    const found = async (query: object) =>
      (await world.rehearsed({ audience: { kind: 'query', query } })).rehearsal!.people;
    expect(await found({ packages: ['express'] })).toBe(1);
    expect(await found({ orderStates: ['completed'] })).toBe(1);
    expect(await found({ services: ['sim-review'], provinces: ['福建省'] })).toBe(1);
    expect(await found({ services: ['sim-review'], company: '某某科技' })).toBe(1);
    expect(await found({ services: ['sim-review'], orderedTo: '2026-01-15' })).toBe(1);
    expect(await found({ services: ['sim-review'], orderedFrom: '2026-01-16' })).toBe(7);
    expect(await found({ services: ['sim-review'], follow: ['following'] })).toBe(4);
    expect(await found({ services: ['sim-review'], follow: ['not_following', 'unknown'] })).toBe(4);
    expect(await found({ services: ['sim-review', 'other'], orderStates: ['paid', 'completed'] })).toBe(8);
    const [tagged] = await world.supervisor.data<{ id: string }[]>('GET', '/staff/customers?limit=1');
    await world.supervisor.data('PUT', `/staff/customers/${tagged!.id}/tags`, { tags: ['急件'] });
    expect(await found({ services: ['sim-review'], tags: ['急件', '别的'] })).toBe(1);
    for (const [at, reachedAt] of [old, null, null].entries()) {
      const { id: orderId } = await world.desk.db.findOneByOrFail(Order, { number: people[at]!.orderNumber });
      const step = { id: newId(), orderId, position: 1, code: 'submitted', name: '已提交', reachedAt };
      await world.desk.transaction((work) => work.db.insert(Milestone, step));
    }
    expect(await found({ milestone: 'submitted' })).toBe(1);
    expect(await found({ milestonePending: 'submitted' })).toBe(2);
    const nobody = await world.draft({ audience: { kind: 'query', query: { services: ['none'] } } });
    expect(await world.supervisor.codeOf('POST', `/staff/campaigns/${nobody.id}/rehearsal`)).toBe(
      'campaign.nobody_to_reach',
    );
  });
});

describe('A draft is refused', () => {
  it.each<[string, object, string, string]>([
    ['an unknown message', { message: 'no-such' }, 'request.invalid', 'message'],
    ['a fact that is missing', { facts: { materials: '执照' } }, 'request.invalid', 'facts.dueAt'],
    [
      'a fact too many',
      { facts: { materials: '执照', dueAt: '2027-01-31T10:00:00Z', price: 1 } },
      'request.invalid',
      'facts.price',
    ],
    [
      'a text too long for its kind',
      { facts: { materials: '一'.repeat(21), dueAt: '2027-01-31T10:00:00Z' } },
      'request.invalid',
      'facts.materials',
    ],
    ['a foreign link', { link: 'https://evil.example.com/x' }, 'request.invalid', 'link'],
    ['a link that only looks like ours', { link: 'http://127.0.0.1@evil.example.com/' }, 'request.invalid', 'link'],
    ['a script for a link', { link: 'javascript:alert(1)' }, 'request.invalid', 'link'],
    ['a start in the past', { startAt: '2020-01-01T00:00:00Z' }, 'campaign.starts_in_past', ''],
    [
      'an end before the start',
      { startAt: '2099-01-02T00:00:00Z', endAt: '2099-01-01T00:00:00Z' },
      'request.invalid',
      'endAt',
    ],
    [
      'advertising',
      { facts: { materials: '限时优惠办理', dueAt: '2027-01-31T10:00:00Z' } },
      'message.marketing_refused',
      'materials',
    ],
    ['advertising in the event', { event: '双十一促销' }, 'message.marketing_refused', 'event'],
    ['no event', { event: '' }, 'request.invalid', 'event'],
    ['everybody', { audience: { kind: 'query', query: {} } }, 'request.invalid', 'audience.query'],
    [
      'people whom nothing concerns',
      { audience: { kind: 'query', query: { tags: ['老客户'] } } },
      'request.invalid',
      'audience.query',
    ],
    [
      'a filter that there is not',
      { audience: { kind: 'query', query: { services: ['a'], sex: 'f' } } },
      'request.invalid',
      'audience.query.sex',
    ],
  ])('for %s', async (_what, wrong, code, field) => {
    const { body } = await world.supervisor.call<{ error: { code: string; detail?: { fields: { field: string }[] } } }>(
      'POST',
      '/staff/campaigns',
      { ...world.body(), ...wrong },
    );
    expect([body.error.code, body.error.detail?.fields[0]?.field ?? '']).toEqual([code, field]);
  });

  it('and one with a link of ours, or to a host that is allowed, is not', async () => {
    await world.draft({ link: `${world.test.origin}/#/desk/order/index` });
  });

  it('from who may not prepare campaigns', async () => {
    for (const role of ['finance', 'auditor', 'quality_inspector', 'reviewer'] as const) {
      const who = await buildStaff(world.test, [role]);
      expect([role, await who.codeOf('POST', '/staff/campaigns', world.body())]).toEqual([role, 'staff.not_allowed']);
    }
  });
});
