import type { VerificationEntryView } from '../../src/contracts/index.ts';
import { askDue, learnOfEvent } from '../../src/verification/index.ts';
import { AccountWorld } from '../verification/account-world.ts';

let world: AccountWorld;
let id: string;
beforeEach(async () => {
  world = await AccountWorld.start();
  await world.lever('/official-account/verification', { step: 'open' });
  await askDue(world.desk);
  ({ id } = await world.own());
}, 60_000);
afterEach(() => world.stop());

/** WeChat, or the owner, takes a step; its push has come and was worked on. */
async function step(name: string, more: object = {}): Promise<void> {
  await world.lever('/official-account/verification', { step: name, ...more });
  await world.lever('/pushes/settled', {});
  await world.test.settle();
}

const state = async () => {
  const { state: now, rights, hasTick } = await world.see(id);
  return [now, rights, hasTick];
};
const states = (entries: VerificationEntryView[]) =>
  entries
    .toReversed()
    .flatMap(({ source, changes }) =>
      changes.filter(({ part }) => part === 'state').map(({ before, after }) => [source, before, after]),
    );

/** From opening to renewal; what is asked in between is asked after each step. */
async function live(afterEach: (expected: [string, string, boolean]) => Promise<void>): Promise<void> {
  await step('submit');
  await step('qualification_fail', { reason: '营业执照不清晰' });
  await afterEach(['failed', 'none', false]);
  await world.later(3);
  await step('submit');
  await step('qualification_fail', { reason: '法定代表人与执照不符' });
  await afterEach(['failed', 'none', false]);
  await world.later(3);
  await step('submit');
  await step('qualification_success');
  await afterEach(['qualified_no_name', 'granted', false]);
  await world.later(1);
  await step('naming_fail', { reason: '名称为他人商标' });
  await afterEach(['qualified_no_name', 'granted', false]);
  await world.later(1);
  await step('naming_success');
  await afterEach(['verified', 'granted', true]);
  await world.until((await world.see(id)).reviewFrom!);
  await afterEach(['renewal_due', 'granted', true]);
  await world.until((await world.see(id)).expiresAt!);
  await afterEach(['expired', 'none', false]);
  await step('submit');
  await step('qualification_success');
  await step('naming_success');
  await afterEach(['verified', 'granted', true]);
}

it('An account’s whole life is known from what WeChat pushes, with its exact history', async () => {
  expect(await state()).toEqual(['pending', 'none', false]);
  await live(async (expected) => {
    expect(await state()).toEqual(expected);
  });
  const history = await world.history(id);
  expect(states(history).map(([, before, after]) => [before, after])).toEqual([
    ['尚未获知', '审核中'],
    ['审核中', '认证未通过'],
    ['认证未通过', '资质已认证，名称未认证'],
    ['资质已认证，名称未认证', '已认证'],
    ['已认证', '待年审'],
    ['待年审', '认证已过期'],
    ['认证已过期', '资质已认证，名称未认证'],
    ['资质已认证，名称未认证', '已认证'],
  ]);
  expect(history.toReversed().flatMap(({ event, reason }) => (event ? [[event, reason]] : []))).toEqual([
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
  expect(history.every(({ setAside }) => setAside === null)).toBe(true);
  expect((await world.see(id)).contradictions).toEqual([]);
});

it('And when every event is lost, the daily question finds it', async () => {
  await world.lever('/official-account/settings', { verificationEvents: 'drop' });
  await live(async ([expected, ...rights]) => {
    await world.later(2);
    await askDue(world.desk);
    await world.test.settle();
    // No answer says of an application that it failed.
    if (expected === 'failed') expect((await state())[0]).not.toBe('verified');
    else expect(await state()).toEqual([expected, ...rights]);
  });
  const history = await world.history(id);
  expect(new Set(history.map(({ source }) => source))).toEqual(new Set(['query', 'clock']));
});

describe('What WeChat answers', () => {
  beforeEach(async () => {
    await world.lever('/official-account/verification', { step: 'reset' });
    await world.later(2);
    await askDue(world.desk);
  });

  it('is written down when it is new, and counts from when it was said again', async () => {
    const [before, { answeredAt }] = [await world.history(id), await world.see(id)];
    for (let day = 1; day <= 3; day += 1) {
      await world.later(2);
      await askDue(world.desk);
    }
    expect(await world.history(id)).toEqual(before);
    expect(Date.parse((await world.see(id)).answeredAt!)).toBeGreaterThan(Date.parse(answeredAt!));
  });

  it('outweighs an event of before that comes late', async () => {
    const at = world.test.clock.now().toISOString();
    await world.later(2);
    await askDue(world.desk);
    const content = { type: 'verification', step: 'expired', until: null, failedAt: null, reason: null } as const;
    const { officialAccount: appid } = world.appids;
    await learnOfEvent(world.desk, { appid, dedupeKey: 'event:late', event: 'verify_expired', at, content });
    await world.test.settle();
    expect(await state()).toEqual(['verified', 'granted', true]);
    const history = await world.history(id);
    expect(history.find(({ event }) => event === 'verify_expired')).toMatchObject({ changes: [], setAside: null });
    expect((await world.see(id)).contradictions).toMatchObject([
      { part: 'qualification', counts: { source: 'query' }, other: { source: 'event', words: '未通过' } },
    ]);
  });
});

describe('Where WeChat does not let us ask', () => {
  beforeEach(async () => {
    await world.lever('/official-account/settings', { basicInfo: 'not_available', pushes: 'held' });
    await askDue(world.desk);
  });

  /** What was pushed and held back since, and a way to let it come. */
  async function heldPushes() {
    const pushes = await world.lever<{ id: string; what: string; state: string }[]>('/pushes');
    return pushes.filter(({ state: held }) => held === 'held');
  }
  const send = (push: { id: string }, more: object = {}) => world.lever(`/pushes/${push.id}/send`, more);

  it('that is said, and events alone count: in any order, however often', async () => {
    await world.later(2);
    await askDue(world.desk);
    expect(await world.see(id)).toMatchObject({
      askFailure: 'not_available',
      askFailureWords: '微信未向本账号开放查询，以微信推送和人工录入为准',
    });
    const before = (await world.history(id)).length;
    for (const name of ['submit', 'qualification_fail', 'submit', 'qualification_success', 'naming_success']) {
      await world.lever('/official-account/verification', { step: name });
      await world.pass(10_000);
    }
    const held = await heldPushes();
    expect(held.map(({ what }) => what)).toEqual([
      'qualification_verify_fail',
      'qualification_verify_success',
      'naming_verify_success',
    ]);
    for (const push of held.toReversed()) {
      await send(push, { times: 4, parallel: true });
      await world.test.settle();
    }
    expect(await state()).toEqual(['verified', 'granted', true]);
    const history = (await world.history(id)).slice(0, -before);
    expect(history.map(({ event }) => event)).toEqual([
      'qualification_verify_fail',
      'qualification_verify_success',
      'naming_verify_success',
    ]);
    // What comes late says nothing new.
    expect(history.map(({ changes }) => changes.length > 0)).toEqual([false, false, true]);
  });

  it('work on an event that is done twice, because nobody knew that it was done, is done once', async () => {
    const told = {
      appid: world.appids.officialAccount,
      dedupeKey: 'event:once',
      event: 'qualification_verify_fail',
      at: world.test.clock.now().toISOString(),
      content: { type: 'verification', step: 'qualification_failed', until: null, failedAt: null, reason: '不清晰' },
    } as const;
    for (let time = 1; time <= 3; time += 1) await learnOfEvent(world.desk, told);
    expect((await world.history(id)).filter(({ event }) => event === told.event)).toHaveLength(1);
  });

  it('what is forged, or another account’s, is refused, and nothing is written down', async () => {
    await world.lever('/official-account/verification', { step: 'submit' });
    await world.lever('/official-account/verification', { step: 'qualification_fail' });
    const [push] = await heldPushes();
    const before = await world.history(id);
    for (const tamper of ['msg-signature', 'appid', 'old-timestamp'])
      expect(await send(push!, { tamper })).toMatchObject([{ status: 403 }]);
    await world.test.settle();
    expect(await world.history(id)).toEqual(before);
  });
});
