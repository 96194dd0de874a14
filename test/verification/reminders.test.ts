import { Account } from '../../entities/account.ts';
import { VerificationReminder } from '../../entities/account-reminder.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Task } from '../../entities/task.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { dayAfter, shanghaiDay, startOfDay } from '../../src/platform/calendar.ts';
import { newId } from '../../src/platform/ids.ts';
import { timedWork } from '../../src/schedule.ts';
import { remindOfReviews } from '../../src/verification/index.ts';
import type { Card } from '../messages/message-world.ts';
import { refusing } from '../support/refusing-desk.ts';
import { AccountWorld, DAY_MS } from './account-world.ts';

const STEPS = [90, 60, 30, 14, 7, 3, 1];

let world: AccountWorld;
beforeEach(async () => {
  world = await AccountWorld.start();
}, 60_000);
afterEach(() => world.stop());

const today = () => shanghaiDay(world.test.clock.now());
const inDays = (days: number) => dayAfter(today(), days);

/** A customer's account that holds for so many days, as staff have seen. */
async function verified(days: number, more: object = {}) {
  const account = await world.registered(more);
  await world.confirmed(account.id, { isQualified: true, isNamed: true, expiryDay: inDays(days) });
  return { id: account.id, customerId: account.customer!.id, endDay: inDays(days) };
}

/** Days pass; on each the reminders are due, and are asked for by more than one. */
async function pass(days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    await world.test.advance(DAY_MS);
    await Promise.all([remindOfReviews(world.desk), remindOfReviews(world.desk)]);
  }
  await remindOfReviews(world.desk);
  await world.test.settle();
  if (days === 0) return;
  for (const who of [world.maker, world.checker]) await who.signIn(world.test.clock.now());
}

const said = async (customerId: string) => {
  const rows = await world.desk.db.find(MessageDelivery, { where: { customerId }, order: { id: 'ASC' } });
  return rows.map(({ message, facts: { dueDay, advice } }) => [message, dueDay, advice]);
};
const stepsOf = async (accountId: string) => {
  const rows = await world.desk.db.find(VerificationReminder, { where: { accountId }, order: { id: 'ASC' } });
  return rows.map(({ days }) => days);
};

describe('A yearly review', () => {
  it('is called to mind of every account of a long list, though that of the first could not be just then', async () => {
    const { id, endDay } = await verified(10);
    const account = await world.desk.db.findOneByOrFail(Account, { id });
    const more = Array.from({ length: 500 }, (_, at) => ({ ...account, id: newId(), appid: null, name: `账号${at}` }));
    await world.desk.transaction((work) => work.db.insert(Account, more));
    await expect(remindOfReviews(refusing(world.desk))).rejects.toThrow('the database was away');
    const told = () => world.desk.db.countBy(VerificationReminder, { endDay });
    expect(await told()).toBe(500);
    await remindOfReviews(world.desk);
    expect(await told()).toBe(501);
  });

  it('is called to mind at 90, 60, 30, 14, 7, 3 and 1 days, each once, to every contact and on one task', async () => {
    const further = await world.customer('行政');
    const { id, customerId, endDay } = await verified(92, { name: '东方通信' });
    const who = await world.maker.data<{ contacts: unknown[] }>('PUT', `/staff/accounts/${id}/contacts`, {
      customerIds: [further, customerId],
    });
    expect(who.contacts).toHaveLength(2);
    await pass(1);
    expect(await said(customerId)).toEqual([]);
    await pass(1);
    const about = `verification-due:${id}:${endDay}`;
    const first = await world.desk.db.findOneByOrFail(Task, { about });
    const { consultantId } = await world.desk.db.findOneByOrFail(Account, { id });
    expect(first).toMatchObject({
      state: 'open',
      title: '认证年审还剩 90 天：东方通信',
      ownerId: consultantId,
      dueAt: startOfDay(dayAfter(endDay, -60)),
    });
    await pass(92);
    const expected = STEPS.map((days) => ['verification-due', endDay, `还剩 ${days} 天，请尽快办理年审`]);
    for (const contact of [customerId, further]) expect(await said(contact)).toEqual(expected);
    expect(await stepsOf(id)).toEqual(STEPS);
    const tasks = await world.desk.db.findBy(Task, { about });
    expect(tasks).toMatchObject([{ id: first.id, state: 'open', title: '认证年审还剩 1 天：东方通信' }]);
    expect(shanghaiDay(tasks[0]!.dueAt)).toBe(endDay);
  }, 120_000);

  it('after a sleep over several steps is called to mind once, by the latest', async () => {
    const { id, customerId, endDay } = await verified(95);
    await world.test.advance(85 * DAY_MS);
    await remindOfReviews(world.desk);
    await remindOfReviews(world.desk);
    expect(await said(customerId)).toEqual([['verification-due', endDay, '还剩 10 天，请尽快办理年审']]);
    expect(await stepsOf(id)).toEqual([14]);
  });

  it('that is made ends the task, and the new year has reminders of its own', async () => {
    const { id, customerId, endDay } = await verified(31);
    await pass(1);
    expect(await stepsOf(id)).toEqual([30]);
    const later = dayAfter(endDay, 365);
    await world.confirmed(id, { isQualified: true, attempt: 'passed', expiryDay: later });
    expect(await world.desk.db.findBy(Task, { about: `verification-due:${id}:${endDay}` })).toMatchObject([
      { state: 'done', outcome: 'mended' },
    ]);
    await pass(40);
    expect(await stepsOf(id)).toEqual([30]);
    await world.test.advance((365 - 9 - 90) * DAY_MS);
    await remindOfReviews(world.desk);
    expect((await said(customerId)).map(([, day]) => day)).toEqual([endDay, later]);
    expect(await world.desk.db.findBy(Task, { about: `verification-due:${id}:${later}`, state: 'open' })).toHaveLength(
      1,
    );
  });

  it('whose task was ended by its owner is not put on the list again', async () => {
    const { id, endDay } = await verified(14);
    await pass(0);
    const task = await world.desk.db.findOneByOrFail(Task, { about: `verification-due:${id}:${endDay}` });
    await world.maker.data('POST', `/staff/tasks/${task.id}/outcome`, { outcome: 'mended' });
    await pass(7);
    expect(await stepsOf(id)).toEqual([14, 7]);
    expect(await world.desk.db.findBy(Task, { about: task.about })).toMatchObject([{ state: 'done' }]);
  });

  it('of our own account is on the list, for nobody in particular', async () => {
    const { id } = await world.own();
    await world.confirmed(id, { isQualified: true, expiryDay: inDays(60) });
    await pass(0);
    const about = `verification-due:${id}:${inDays(60)}`;
    expect(await world.desk.db.findOneByOrFail(Task, { about })).toMatchObject({ ownerId: null, state: 'open' });
    expect(await world.desk.db.countBy(MessageDelivery, { message: 'verification-due' })).toBe(0);
  });

  it('is not called to mind when nothing is known, when it is over, or when it is far away', async () => {
    await world.registered();
    await verified(91);
    const over = await verified(1);
    await world.later(3);
    await pass(0);
    expect(await stepsOf(over.id)).toEqual([]);
    expect(await world.desk.db.countBy(VerificationReminder, {})).toBe(1);
  });

  it('reaches the chat with a card that opens the order of a renewal', async () => {
    const phone = await world.test.person();
    await phone.signInMiniProgram();
    await world.lever(`/people/${phone.personId}/follow`, {});
    await world.lever('/pushes/settled', {});
    await world.test.settle();
    const [identity] = await world.desk.db.findBy(WechatIdentity, { appKind: 'mini-program' });
    await verified(7, { name: '东方通信', customerId: identity!.customerId });
    await pass(0);
    const cards = await world.lever<Card[]>(`/messages?person=${phone.personId}`);
    expect(cards).toMatchObject([
      {
        rows: [
          { label: '账号名称', value: '东方通信' },
          { label: '截止日期' },
          { label: '温馨提示', value: '还剩 7 天，请尽快办理年审' },
        ],
        url: `${world.test.origin}/#/desk/service/index?code=service-account-verification`,
      },
    ]);
    await expect(phone.get('/app/services/service-account-verification')).resolves.toMatchObject({
      name: '服务号微信认证',
    });
  });

  it('is thought of in the daytime', () => {
    expect(timedWork.find(({ name }) => name === 'accounts.remind')).toMatchObject({ pattern: '0 10 9 * * *' });
  });
});

describe('Who is told of an account', () => {
  it('is said by staff, and of customers who are there', async () => {
    const { id } = await world.registered();
    const address = `/staff/accounts/${id}/contacts`;
    const [one, other] = [await world.customer('甲'), await world.customer('乙')];
    const put = (customerIds: string[]) => world.maker.data<{ contacts: unknown }>('PUT', address, { customerIds });
    expect(await put([one, other, one])).toMatchObject({ contacts: [{ nickname: '甲' }, { nickname: '乙' }] });
    expect(await put([other])).toMatchObject({ contacts: [{ id: other }] });
    const nobody = { customerIds: ['01a2253e-c3c1-70fe-aa81-3c8f9d7f1be4'] };
    expect(await world.maker.codeOf('PUT', address, nobody)).toBe('customer.not_found');
    expect(await world.see(id)).toMatchObject({ contacts: [{ id: other }] });
    const none = '/staff/accounts/01a2253e-c3c1-70fe-aa81-3c8f9d7f1be4/contacts';
    expect(await world.maker.codeOf('PUT', none, { customerIds: [] })).toBe('account.not_found');
    expect(await put([])).toMatchObject({ contacts: [] });
  });
});
