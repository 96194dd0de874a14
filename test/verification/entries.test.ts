import type { StaffAccountView, TaskView } from '../../src/contracts/index.ts';
import { dayAfter, shanghaiDay } from '../../src/platform/calendar.ts';
import { askDue, turnAccounts } from '../../src/verification/index.ts';
import { refusing } from '../support/refusing-desk.ts';
import { AccountWorld, DAY_MS, PICTURE } from './account-world.ts';

let world: AccountWorld;
beforeAll(async () => {
  world = await AccountWorld.start();
}, 60_000);
afterAll(() => world.stop());

const today = () => shanghaiDay(world.test.clock.now());
const inDays = (days: number) => dayAfter(today(), days);
const tasks = async (about: string) =>
  (await world.maker.pages<TaskView>('/staff/tasks?limit=100&kind=attention')).filter(({ title }) => title === about);

describe('What staff enter', () => {
  it('counts once a second person agrees: the state, the history, the task', async () => {
    const account = await world.registered({ name: '东方通信' });
    expect(account).toMatchObject({
      state: 'unknown',
      stateWords: '尚未获知',
      rights: 'unknown',
      parts: [],
      waiting: 0,
    });
    const said = { isQualified: true, isNamed: true, attempt: 'passed' as const, expiryDay: inDays(200) };
    const entry = await world.enter(account.id, said);
    expect(entry).toMatchObject({
      source: 'staff',
      state: 'waiting',
      stateWords: '待复核',
      changes: [],
      note: '后台截图',
    });
    expect(await world.see(account.id)).toMatchObject({ state: 'unknown', waiting: 1 });
    expect(await tasks('复核认证状态：东方通信')).toHaveLength(1);

    expect(await world.decide(entry.id)).toBe(200);
    expect(await world.see(account.id)).toMatchObject({
      state: 'verified',
      rights: 'granted',
      hasTick: true,
      daysLeft: 200,
      waiting: 0,
      effects: ['可使用模板消息、网页授权、带参数二维码、用户信息等高级接口', '微信中显示认证标识'],
      advice: null,
    });
    const [decided] = await world.history(account.id);
    expect(decided).toMatchObject({ state: 'counted', setAside: null, proof: { name: '证明.png' } });
    expect(decided!.decidedBy).not.toBe(decided!.enteredBy);
    expect(decided!.changes.map(({ part, before, after }) => [part, before, after])).toEqual([
      ['state', '尚未获知', '已认证'],
      ['qualification', null, '已通过'],
      ['naming', null, '已通过'],
      ['attempt', null, '已通过'],
      ['expiry', null, inDays(200)],
    ]);
    expect(await tasks('复核认证状态：东方通信')).toEqual([]);
  });

  it('is not confirmed by who entered it, nor twice, nor refused without a word', async () => {
    const { id } = await world.registered();
    const entry = await world.enter(id, { isQualified: true });
    expect(await world.decide(entry.id, { agree: true }, world.maker)).toBe('account.second_person');
    expect(await world.decide(entry.id, { agree: false })).toBe('request.invalid');
    expect(await world.decide(entry.id, { agree: false, note: '截图是另一个账号' })).toBe(200);
    expect(await world.decide(entry.id)).toBe('account.entry_decided');
    expect(await world.see(id)).toMatchObject({ state: 'unknown', waiting: 0 });
    expect(await world.history(id)).toMatchObject([
      { state: 'refused', decisionNote: '截图是另一个账号', changes: [] },
    ]);
  });

  it.each([
    ['no proof', { proofId: undefined }, 'request.invalid'],
    ['a proof that there is not', { proofId: '01a2253e-c3c1-70fe-aa81-3c8f9d7f1be4' }, 'account.proof_missing'],
    ['no note', { note: ' ' }, 'request.invalid'],
    ['nothing', { isQualified: undefined }, 'account.entry_strange'],
    ['a time to come', { happenedAt: new Date(Date.now() + 2 * DAY_MS).toISOString() }, 'account.entry_strange'],
    ['an end that was over before', { expiryDay: '2020-01-01' }, 'account.entry_strange'],
    ['a day that there is not', { expiryDay: '2026-02-30' }, 'request.invalid'],
    ['a reason without a failure', { reason: '名称不符' }, 'request.invalid'],
    ['a name without the qualification', { isQualified: false, isNamed: true }, 'request.invalid'],
    ['passed, and not qualified', { attempt: 'passed', isQualified: false }, 'request.invalid'],
    ['a field that there is not', { verified: true }, 'request.invalid'],
  ])('with %s is refused', async (_, wrong, code) => {
    const { id } = await world.registered();
    const body = { ...(await world.entryBody({ isQualified: true })), ...wrong };
    expect(await world.maker.codeOf('POST', `/staff/accounts/${id}/entries`, body)).toBe(code);
    expect(await world.history(id)).toEqual([]);
  });

  it('with an end before the one that is known is refused, also when that became known meanwhile', async () => {
    const { id } = await world.registered();
    const [longer, shorter] = [
      await world.enter(id, { isQualified: true, expiryDay: inDays(300) }),
      await world.enter(id, { isQualified: true, expiryDay: inDays(100) }),
    ];
    expect(await world.decide(longer.id)).toBe(200);
    expect(await world.decide(shorter.id)).toBe('account.entry_strange');
    const body = await world.entryBody({ isQualified: true, expiryDay: inDays(100) });
    expect(await world.maker.codeOf('POST', `/staff/accounts/${id}/entries`, body)).toBe('account.entry_strange');
    expect(await world.see(id)).toMatchObject({ daysLeft: 300, waiting: 1 });
  });

  it('and was wrong is corrected by two people, or taken back; the history keeps all of it', async () => {
    const { id } = await world.registered();
    await world.confirmed(id, { isQualified: true, attempt: 'passed', expiryDay: inDays(500) });
    const [wrong] = await world.history(id);
    const right = { isQualified: true, attempt: 'passed' as const, expiryDay: inDays(50) };
    const correction = await world.enter(id, { ...right, corrects: wrong!.id });
    expect(await world.see(id)).toMatchObject({ daysLeft: 500, state: 'qualified_no_name' });
    expect(await world.decide(correction.id, { agree: true }, world.maker)).toBe('account.second_person');
    expect(await world.decide(correction.id)).toBe(200);
    expect(await world.see(id)).toMatchObject({ daysLeft: 50, state: 'renewal_due' });
    const [after, before] = await world.history(id);
    expect(before).toMatchObject({ state: 'counted', setAside: 'corrected', setAsideWords: '已被更正' });
    expect(after).toMatchObject({ setAside: null, corrects: wrong!.id });
    expect(after!.changes).toContainEqual({
      part: 'expiry',
      partWords: '有效期至',
      before: inDays(500),
      after: inDays(50),
    });

    await world.confirmed(id, { corrects: after!.id, note: '账号弄错了' });
    expect(await world.see(id)).toMatchObject({ state: 'unknown', parts: [], expiresAt: null });
    expect(await world.history(id)).toMatchObject([
      { setAside: null },
      { setAside: 'corrected' },
      { setAside: 'corrected' },
    ]);
    expect((await world.history(id))[0]!.changes.map(({ part, after: now }) => [part, now])).toEqual([
      ['state', '尚未获知'],
      ['qualification', '无'],
      ['attempt', '无'],
      ['expiry', '无'],
    ]);
  });

  it('cannot correct what WeChat says, what waits or was refused, or what was said of another account', async () => {
    const { id } = await world.registered();
    const other = await world.registered();
    await world.confirmed(other.id, { isQualified: true });
    const [waiting, elsewhere] = [await world.enter(id, { isQualified: true }), (await world.history(other.id))[0]!];
    const own = await world.own();
    await askDue(world.desk);
    const [answer] = await world.history(own.id);
    for (const [accountId, corrects] of [
      [id, waiting.id],
      [id, elsewhere.id],
      [own.id, answer!.id],
    ]) {
      const body = await world.entryBody({ isQualified: true, corrects });
      expect(await world.maker.codeOf('POST', `/staff/accounts/${accountId}/entries`, body)).toBe(
        'account.entry_not_found',
      );
    }
  });

  it('has a proof that is a picture or a PDF, and that others can look at', async () => {
    expect((await world.keepProof(new Uint8Array(Buffer.from('#!/bin/sh')))).status).toBe(415);
    expect((await world.keepProof(new Uint8Array(Buffer.from('%PDF-1.7')))).status).toBe(201);
    const { id } = await world.registered();
    const entry = await world.enter(id, { isNamed: false, reason: '名称为他人商标' });
    const answer = await fetch(`${world.test.origin}/staff/verification-entries/${entry.id}/proof`, {
      headers: { authorization: `Bearer ${world.checker.token}` },
    });
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(PICTURE);
  });
});

describe('The list', () => {
  it('has an account once, whoever’s it is said to be', async () => {
    const appid = 'wx00000000000000aa';
    const { id } = await world.registered({ appid });
    const again = { kind: 'service', name: '冒领', customerId: await world.customer(), appid };
    expect(await world.maker.codeOf('POST', '/staff/accounts', again)).toBe('account.appid_taken');
    const other = await world.registered();
    const address = `/staff/accounts/${other.id}`;
    expect(await world.maker.codeOf('PATCH', address, { appid })).toBe('account.appid_taken');
    expect(await world.maker.codeOf('PATCH', address, { appid: 'wx00000000000000ab' })).toBe(200);
    expect(await world.maker.codeOf('PATCH', address, { appid: 'wx00000000000000ac' })).toBe('account.appid_fixed');
    expect(await world.see(id)).toMatchObject({ appid, name: '测试科技' });
    const { officialAccount } = world.appids;
    expect(await world.maker.codeOf('POST', '/staff/accounts', { ...again, appid: officialAccount })).toBe(
      'account.appid_taken',
    );
  });

  it('is found by state, kind, owner, consultant, days left and words, page by page, and exported', async () => {
    const mine = await world.registered({ name: '百分之百%有限', subject: '北京百分之百有限公司' });
    await world.confirmed(mine.id, { isQualified: true, expiryDay: inDays(20) });
    const listed = async (query: string) =>
      (await world.maker.pages<{ id: string }>(`/staff/accounts?limit=2&${query}`)).map(({ id }) => id);
    for (const query of [
      'state=renewal_due',
      `owner=${mine.customer!.id}`,
      'within=20',
      'search=之百%25有',
      'search=北京百分',
    ])
      expect(await listed(query)).toEqual([mine.id]);
    for (const query of ['within=19', 'search=没有', 'state=expired', 'kind=subscription'])
      expect(await listed(query)).toEqual([]);
    expect(await listed('owner=own')).toHaveLength(2);
    const everything = await listed('');
    expect(new Set(everything).size).toBe(everything.length);
    expect(await listed('consultant=me')).toHaveLength(everything.length - 2);
    expect(await listed('consultant=none')).toHaveLength(2);
    expect(await world.maker.codeOf('GET', '/staff/accounts?consultant=nobody1')).toBe('staff.member_not_found');
    const counts = await world.maker.data<{ state: string; count: number }[]>('GET', '/staff/accounts/summary');
    expect(counts.find(({ state }) => state === 'renewal_due')).toMatchObject({ count: 1, stateWords: '待年审' });
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(everything.length);
    const sheet = await world.maker.call<string>('GET', '/staff/accounts/export?format=csv&state=renewal_due');
    expect(sheet.body).toContain('百分之百%有限');
    expect(sheet.body.trim().split('\n')).toHaveLength(2);
  });

  it('has those that end first at the top, page by page, and leaves out those whose end nobody knows', async () => {
    const customerId = await world.customer();
    const ends = [120, 40, 40, 200, 80];
    for (const days of ends) {
      const { id } = await world.registered({ customerId });
      await world.confirmed(id, { isQualified: true, expiryDay: inDays(days) });
    }
    await world.registered({ customerId });
    const listed = await world.maker.pages<StaffAccountView>(`/staff/accounts?limit=2&order=end&owner=${customerId}`);
    expect(listed.map(({ daysLeft }) => daysLeft)).toEqual([40, 40, 80, 120, 200]);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(ends.length);
    expect(await world.maker.codeOf('GET', '/staff/accounts?order=end&after=abc')).toBe('request.invalid');
  });

  it('is read by all who look after customers, and written by those who may', async () => {
    expect(await world.maker.codeOf('POST', '/staff/accounts', {})).toBe('request.invalid');
    expect(await world.maker.codeOf('GET', '/staff/accounts/01a2253e-c3c1-70fe-aa81-3c8f9d7f1be4')).toBe(
      'account.not_found',
    );
    const nobody = world.maker.withToken(null);
    expect(await nobody.codeOf('GET', '/staff/accounts')).toBe('staff.session_required');
  });
});

describe('What the clock brings', () => {
  it('is the review and the end, though nobody said so', async () => {
    const { id } = await world.registered();
    await world.confirmed(id, { isQualified: true, isNamed: true, expiryDay: inDays(100) });
    expect(await world.see(id)).toMatchObject({ state: 'verified' });
    await world.later(12);
    expect(await world.see(id)).toMatchObject({ state: 'renewal_due', daysLeft: 88 });
    await world.later(90);
    await turnAccounts(world.desk);
    expect(await world.see(id)).toMatchObject({ state: 'expired', rights: 'none', hasTick: false, daysLeft: -2 });
    const changes = (await world.history(id)).map(({ source, changes: [first] }) => [
      source,
      first!.before,
      first!.after,
    ]);
    expect(changes).toEqual([
      ['clock', '待年审', '认证已过期'],
      ['clock', '已认证', '待年审'],
      ['staff', '尚未获知', '已认证'],
    ]);
  });

  it('comes to an account though another one could not be looked at', async () => {
    const accounts = [await world.registered(), await world.registered()];
    for (const { id } of accounts)
      await world.confirmed(id, { isQualified: true, isNamed: true, expiryDay: inDays(100) });
    await world.later(99);
    await world.test.advance(2 * DAY_MS);
    await turnAccounts(refusing(world.desk));
    await world.maker.signIn(world.test.clock.now());
    const states = async () => (await Promise.all(accounts.map(({ id }) => world.see(id)))).map(({ state }) => state);
    expect((await states()).toSorted()).toEqual(['expired', 'renewal_due']);
    await turnAccounts(world.desk);
    expect(await states()).toEqual(['expired', 'expired']);
  });
});
