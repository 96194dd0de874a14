import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Task } from '../../entities/task.ts';
import { shanghaiDay } from '../../src/platform/calendar.ts';
import { askDue, remindOfReviews, turnAccounts } from '../../src/verification/index.ts';
import { AccountWorld, DAY_MS } from '../verification/account-world.ts';

const STEPS = [90, 60, 30, 14, 7, 3, 1];
const LONG_MS = 300_000;

let world: AccountWorld;
let appid: string;
let id: string;
let customerId: string;

beforeAll(async () => {
  world = await AccountWorld.start();
  await world.lever('/pushes/settled', {});
  customerId = await world.customer('李女士');
  ({ appid } = await platform<{ appid: string }>('/accounts', {
    nickname: '东方通信',
    qualified: false,
    named: false,
  }));
  await platform(`/accounts/${appid}/authorise`);
  await settle();
  ({ id } = await world.registered({ appid, name: '东方通信', customerId }));
}, 60_000);
afterAll(() => world.stop());

const platform = <T>(path: string, body: object = {}) => world.lever<T>(`/open-platform${path}`, body);

async function settle(): Promise<void> {
  await world.lever('/pushes/settled', {});
  await world.test.settle();
}

/** WeChat decides, and pushes it. */
async function decide(event: string, more: object = {}): Promise<void> {
  await platform(`/accounts/${appid}/verification`, { event, ...more });
  await settle();
}

/** A day passes; what the clock does is done twice over, as two servers would. */
async function passDay(): Promise<void> {
  await world.test.advance(DAY_MS);
  for (const work of [turnAccounts, askDue, remindOfReviews]) await Promise.all([work(world.desk), work(world.desk)]);
  await settle();
}

const inDays = (days: number): number => world.test.clock.now().getTime() + days * DAY_MS;
const messages = async () => {
  const rows = await world.desk.db.find(MessageDelivery, { where: { customerId }, order: { id: 'ASC' } });
  return rows.map(({ message, facts: { dueDay, expiredDay } }) => [message, dueDay ?? expiredDay]);
};
const tasks = async (state: 'open' | 'done') =>
  (await world.desk.db.find(Task, { where: { customerId, state }, order: { id: 'ASC' } })).map(({ title }) => title);

it(
  'A customer’s account, from opening to renewal: its history, every reminder and every message, each once',
  async () => {
    await decide('qualification_verify_fail', { reason: '营业执照不清晰' });
    await passDay();
    await decide('qualification_verify_fail', { reason: '法定代表人与执照不符' });
    expect(await tasks('open')).toEqual(['认证未通过：东方通信']);
    await passDay();
    const until = inDays(92);
    const from = until - 90 * DAY_MS;
    await decide('qualification_verify_success', { qualified: true, until, from });
    await decide('naming_verify_fail', { reason: '名称为他人商标' });
    await passDay();
    await decide('naming_verify_success', { named: true });
    expect(await tasks('open')).toEqual([]);
    expect(await messages()).toEqual([]);

    const endDay = shanghaiDay(new Date(until));
    for (let day = 1; day <= 95; day += 1) await passDay();
    expect(await messages()).toEqual([
      ...STEPS.map(() => ['verification-due', endDay]),
      ['verification-expired', endDay],
    ]);
    expect(await tasks('open')).toEqual(['认证已过期：东方通信']);

    const renewed = inDays(365);
    const since = renewed - 90 * DAY_MS;
    await decide('qualification_verify_success', { named: false, until: renewed, from: since });
    await decide('naming_verify_success', { named: true });
    await passDay();
    expect(await tasks('open')).toEqual([]);
    expect(await messages()).toHaveLength(STEPS.length + 1);

    await world.maker.signIn(world.test.clock.now());
    expect(await world.see(id)).toMatchObject({
      state: 'verified',
      rights: 'granted',
      hasTick: true,
      contradictions: [],
    });
    const history = (await world.history(id)).toReversed();
    expect(history.flatMap(({ event, reason }) => (event ? [[event, reason]] : []))).toEqual([
      ['qualification_verify_fail', '营业执照不清晰'],
      ['qualification_verify_fail', '法定代表人与执照不符'],
      ['qualification_verify_success', null],
      ['naming_verify_fail', '名称为他人商标'],
      ['naming_verify_success', null],
      ['annual_renew', null],
      ['verify_expired', null],
      ['qualification_verify_success', null],
      ['naming_verify_success', null],
    ]);
    const states = history.flatMap(({ changes }) => changes.filter(({ part }) => part === 'state'));
    expect(states.map(({ after }) => after)).toEqual([
      '认证未通过',
      '资质已认证，名称未认证',
      '已认证',
      '待年审',
      '认证已过期',
      '资质已认证，名称未认证',
      '已认证',
    ]);
  },
  LONG_MS,
);
