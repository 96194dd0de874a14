import { MessageDelivery } from '../../entities/message-delivery.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { Task } from '../../entities/task.ts';
import { dayAfter, shanghaiDay } from '../../src/platform/calendar.ts';
import { askDue } from '../../src/verification/index.ts';
import { findTemplate, fieldsOf } from '../../templates/messages/index.ts';
import { accountKinds } from '../../src/contracts/accounts.ts';
import { effectsOf, lossOf, reviewAdviceFor } from '../../src/verification/effects.ts';
import { AccountWorld, DAY_MS } from './account-world.ts';

let world: AccountWorld;
beforeEach(async () => {
  world = await AccountWorld.start();
}, 60_000);
afterEach(() => world.stop());

const inDays = (days: number) => dayAfter(shanghaiDay(world.test.clock.now()), days);
const tasks = async (about: string, id: string) =>
  (await world.desk.db.find(Task, { order: { id: 'ASC' } })).filter((task) => task.about.startsWith(`${about}:${id}`));
const said = (customerId: string) => world.desk.db.findBy(MessageDelivery, { customerId });

describe('A verification that has ended', () => {
  it('is told once to every contact and is one task that says what stops working, until it is renewed', async () => {
    const account = await world.registered({ name: '东方通信' });
    const { id, customer } = account;
    const further = await world.customer();
    await world.maker.data('PUT', `/staff/accounts/${id}/contacts`, { customerIds: [further] });
    const endDay = inDays(3);
    await world.confirmed(id, { isQualified: true, isNamed: true, expiryDay: endDay });
    await world.later(5);
    // Somebody who looks says the same once more.
    await world.confirmed(id, { isQualified: false });
    for (const customerId of [customer!.id, further])
      expect(await said(customerId)).toMatchObject([
        {
          message: 'verification-expired',
          facts: { accountName: '东方通信', expiredDay: endDay, effect: '模板消息、网页授权等接口停用' },
        },
      ]);
    const [task, ...more] = await tasks('verification-expired', id);
    expect(more).toEqual([]);
    expect(task).toMatchObject({ state: 'open', title: '认证已过期：东方通信', customerId: customer!.id });
    expect(task!.ownerId).not.toBeNull();
    expect(task!.note).toBe(
      `认证于 ${endDay} 失效：模板消息、网页授权、用户信息等高级接口停用，发送会被微信拒绝；认证标识消失。请尽快重新认证，通过后恢复权限`,
    );
    await world.confirmed(id, { isQualified: true, attempt: 'passed', expiryDay: inDays(365) });
    expect(await tasks('verification-expired', id)).toMatchObject([{ state: 'done', outcome: 'mended' }]);

    // The next end is told anew.
    await world.later(367);
    expect(await said(further)).toHaveLength(2);
    expect(await tasks('verification-expired', id)).toMatchObject([{ state: 'done' }, { state: 'open' }]);
  });

  it('wakes nobody up: in the quiet hours the message waits for the morning', async () => {
    await world.stop();
    const hour = (new Date().getUTCHours() + 8) % 24;
    const clock = (at: number) => `${String((at + 24) % 24).padStart(2, '0')}:00`;
    world = await AccountWorld.start({ environment: { QUIET_HOURS: `${clock(hour - 1)}-${clock(hour + 2)}` } });
    const { id, customer } = await world.registered();
    await world.confirmed(id, { isQualified: true, expiryDay: inDays(40) });
    await world.test.advance(1000);
    await world.confirmed(id, { isQualified: false });
    expect(await said(customer!.id)).toMatchObject([{ message: 'verification-expired', state: 'waiting' }]);
    expect(await tasks('verification-expired', id)).toHaveLength(1);
    await world.test.advance(3 * 3600_000);
    expect(await said(customer!.id)).toMatchObject([{ reason: 'no_wechat_identity' }]);
  });

  it('by WeChat’s word before its time is told by the day on which it was said, and not again at its time', async () => {
    const { id, customer } = await world.registered();
    await world.confirmed(id, { isQualified: true, expiryDay: inDays(40) });
    await world.test.advance(DAY_MS / 2);
    const today = inDays(0);
    for (const who of [world.maker, world.checker]) await who.signIn(world.test.clock.now());
    await world.confirmed(id, { isQualified: false });
    expect(await said(customer!.id)).toMatchObject([{ facts: { expiredDay: today } }]);
    await world.later(45);
    expect(await said(customer!.id)).toHaveLength(1);
    expect(await tasks('verification-expired', id)).toHaveLength(1);
  });

  it('of a mini-program says when it loses more', async () => {
    const { id } = await world.registered({ kind: 'mini_program' });
    const endDay = inDays(1);
    await world.confirmed(id, { isQualified: true, expiryDay: endDay });
    await world.later(2);
    const [task] = await tasks('verification-expired', id);
    for (const words of [
      '不再被搜索展示',
      `${dayAfter(endDay, 30)} 起分享受限`,
      `${dayAfter(endDay, 60)} 起新用户与支付受限`,
    ])
      expect(task!.note).toContain(words);
  });

  it('of our own account, told by clock, event and answer, is one task, and is told to no customer', async () => {
    const { id } = await world.own();
    const until = world.test.clock.now().getTime() + 2 * DAY_MS;
    await world.lever('/official-account/verification', { step: 'reset', until });
    await askDue(world.desk);
    await world.later(3);
    await askDue(world.desk);
    await world.test.settle();
    expect(await tasks('verification-expired', id)).toMatchObject([{ state: 'open', ownerId: null }]);
    expect(await world.desk.db.count(MessageDelivery)).toBe(0);
  });
});

describe('A verification that failed', () => {
  it('is a task with the reason, each time anew, until it passes', async () => {
    const { id } = await world.registered({ name: '东方通信' });
    await world.confirmed(id, { attempt: 'failed', reason: '营业执照不清晰' });
    const [first] = await tasks('verification-failed', id);
    expect(first).toMatchObject({
      state: 'open',
      title: '认证未通过：东方通信',
      note: '资质认证未通过。原因：营业执照不清晰',
    });
    await world.test.advance(1000);
    await world.confirmed(id, { attempt: 'failed', reason: '名称与主体不符' });
    expect(await tasks('verification-failed', id)).toMatchObject([
      { state: 'done', outcome: 'mended' },
      { state: 'open', note: '资质认证未通过。原因：名称与主体不符' },
    ]);
    await world.test.advance(1000);
    await world.confirmed(id, { isQualified: true, attempt: 'passed', expiryDay: inDays(365) });
    await world.test.advance(1000);
    await world.confirmed(id, { isNamed: false, reason: '名称为他人商标' });
    const states = (await tasks('verification-failed', id)).map(({ state, note }) => [state, note]);
    expect(states.slice(2)).toEqual([['open', '名称认证未通过，接口权限不受影响。原因：名称为他人商标']]);
    expect(states[1]![0]).toBe('done');
  });

  it('is with the account’s consultant, also when that is another one from now on; what somebody else took over stays there', async () => {
    const [maker, checker, supervisor] = await Promise.all(
      [world.maker, world.checker, world.supervisor].map(async (who) => {
        const { username } = await who.data<{ username: string }>('GET', '/staff/me');
        return world.desk.db.findOneByOrFail(StaffMember, { username });
      }),
    );
    const { id } = await world.registered({ name: '东方通信' });
    await world.confirmed(id, { attempt: 'failed', reason: '营业执照不清晰' });
    const owner = async () => (await tasks('verification-failed', id))[0]!.ownerId;
    expect(await owner()).toBe(maker!.id);
    const change = (consultant: string | null) => world.maker.data('PATCH', `/staff/accounts/${id}`, { consultant });
    await change(checker!.username);
    expect(await owner()).toBe(checker!.id);
    await change(null);
    expect(await owner()).toBeNull();
    await change(maker!.username);
    expect(await owner()).toBe(maker!.id);
    const [task] = await tasks('verification-failed', id);
    await world.supervisor.data('PATCH', `/staff/tasks/${task!.id}`, { owner: supervisor!.username });
    await change(checker!.username);
    expect(await owner()).toBe(supervisor!.id);
  });

  it('while the old one still holds keeps its reason, though WeChat answers every day that the account is qualified', async () => {
    const until = world.test.clock.now().getTime() + 60 * DAY_MS;
    const step = (name: string, more: object = {}) =>
      world.lever('/official-account/verification', { step: name, ...more });
    await step('reset', { until });
    await askDue(world.desk);
    await step('submit');
    await step('qualification_fail', { reason: '营业执照不清晰' });
    await world.pass(60_000);
    for (let day = 0; day < 2; day += 1) {
      await askDue(world.desk);
      const { state, rights, failure, answeredAt } = await world.own();
      expect({ state, rights, failure }).toMatchObject({
        state: 'failed',
        rights: 'granted',
        failure: { part: 'qualification', reason: '营业执照不清晰' },
      });
      expect(Date.parse(answeredAt!)).toBeGreaterThan(Date.parse(failure!.at));
      await world.later(2);
    }
  });
});

describe('An event that contradicts what is known', () => {
  const step = (name: string, more: object = {}) =>
    world.lever('/official-account/verification', { step: name, ...more });
  const strange = async () => tasks('verification-strange', (await world.own()).id);
  const title = '认证推送异常：通办服务号';

  it('is a task for a person as long as WeChat cannot be asked, and none once it has answered', async () => {
    await step('reset', { until: world.test.clock.now().getTime() + 200 * DAY_MS });
    await askDue(world.desk);
    await world.lever('/official-account/settings', { basicInfo: 'not_available' });
    await step('expire');
    await world.pass(60_000);
    await askDue(world.desk);
    expect(await strange()).toMatchObject([{ state: 'open', title }]);
    expect(await world.own()).toMatchObject({ state: 'verified', askFailure: 'not_available' });

    await world.lever('/official-account/settings', { basicInfo: 'available' });
    await world.later(2);
    await askDue(world.desk);
    expect(await strange()).toMatchObject([{ state: 'done', outcome: 'mended' }]);
    expect(await world.own()).toMatchObject({ state: 'expired' });
  });
});

describe('The words', () => {
  it.each(Object.keys(accountKinds) as (keyof typeof accountKinds)[])('of a card for a %s fit it', (kind) => {
    const states = ['renewal_due', 'pending', 'failed'] as const;
    for (const advice of states.flatMap((state) => [90, 1, 0].map((days) => reviewAdviceFor(state, days)))) {
      const template = findTemplate('verification-due')!;
      const facts = template.facts.parse({ accountName: '东方通信', dueDay: '2026-12-31', advice });
      expect(Object.values(fieldsOf(template, facts))).toContain(advice);
    }
    const template = findTemplate('verification-expired')!;
    const facts = template.facts.parse({ accountName: '东方通信', expiredDay: '2026-12-31', effect: lossOf(kind) });
    expect(Object.values(fieldsOf(template, facts))).toContain(lossOf(kind));
    const expired = { kind, state: 'expired', rights: 'none', tick: '', expiresAt: null, reviewFrom: null } as const;
    expect(effectsOf(expired).length).toBeGreaterThan(1);
  });
});
