import { pages } from '../../miniprogram/src/addresses.ts';
import { Account } from '../../entities/account.ts';
import type {
  AccountChangeView,
  BadgeLinkView,
  BadgeView,
  CustomerAccountView,
  Page,
} from '../../src/contracts/index.ts';
import {
  buildAccount,
  buildCustomer,
  COMPANY,
  DAY_MS,
  enterFor,
  hear,
  inDays,
  verifiedUntil,
} from '../support/accounts.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let staff: StaffClient;
let second: StaffClient;
let owner: Phone;
let ownerId: string;
let stranger: Phone;
let strangerId: string;

beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  staff = await buildStaff(world, ['consultant'], { name: '陈顾问' });
  second = await buildStaff(world, ['supervisor'], { name: '王主管' });
  ({ phone: stranger, customerId: strangerId } = await buildCustomer(world));
}, 90_000);

beforeEach(async () => {
  ({ phone: owner, customerId: ownerId } = await buildCustomer(world));
});

afterAll(() => world.stop());

type Refusal = { error: { code: string; message: string } };
const codeOf = async (who: Phone, method: string, address: string): Promise<string | number> => {
  const { status, body } = await who.call<Refusal | ''>(method, address);
  return status < 300 || body === '' ? status : body.error.code;
};
const see = (id: string) => owner.get<CustomerAccountView>(`/app/accounts/${id}`);
const historyOf = async (id: string, query = '') =>
  (await owner.call<Page<AccountChangeView>>('GET', `/app/accounts/${id}/history${query}`)).body;
const putBadge = async (id: string) =>
  (await owner.call<{ data: BadgeLinkView }>('PUT', `/app/accounts/${id}/badge`)).body.data;
/** Somebody who was only given the code: no session, no cookie. */
const look = async (code: string) => {
  const answer = await fetch(`${world.origin}/app/badges/${code}`);
  return { status: answer.status, cache: answer.headers.get('cache-control'), text: await answer.text() };
};
const badgeAt = async (code: string): Promise<BadgeView> =>
  (JSON.parse((await look(code)).text) as { data: BadgeView }).data;

/** Time goes by and no job runs; staff come back to work. */
async function pass(ms: number): Promise<void> {
  world.clock.advance(ms);
  for (const client of [staff, second]) await client.signIn(world.clock.now());
}

async function verified(days = 200): Promise<string> {
  const { id } = await buildAccount(staff, ownerId);
  await hear(world, id, verifiedUntil(inDays(world, days)));
  return id;
}

describe('A customer’s accounts', () => {
  it('are the customer’s own, newest first, page by page; nobody else’s and not the agency’s', async () => {
    await buildAccount(staff, strangerId, { name: '别人的账号' });
    for (const name of ['第一个', '第二个', '第三个']) await buildAccount(staff, ownerId, { name });
    const names: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const { body }: { body: Page<CustomerAccountView> } = await owner.call(
        'GET',
        `/app/accounts?limit=2${after ? `&after=${after}` : ''}`,
      );
      names.push(...body.data.map(({ name }) => name));
      after = body.next;
    }
    expect(names).toEqual(['第三个', '第二个', '第一个']);
  });

  it('does not exist for whom it does not belong to, whatever is done to it', async () => {
    const id = await verified();
    const { code } = await putBadge(id);
    for (const [method, address] of [
      ['GET', `/app/accounts/${id}`],
      ['GET', `/app/accounts/${id}/history`],
      ['PUT', `/app/accounts/${id}/badge`],
      ['DELETE', `/app/accounts/${id}/badge`],
    ] as const)
      expect(await codeOf(stranger, method, address)).toBe('account.not_found');
    expect((await look(code)).status).toBe(200);
    const agency = await world.world.desk.db.findOneByOrFail(Account, { appid: world.config.OFFICIAL_ACCOUNT_APPID });
    expect(await codeOf(owner, 'GET', `/app/accounts/${agency.id}`)).toBe('account.not_found');
    expect(await codeOf(await world.person(), 'GET', `/app/accounts/${id}`)).toBe('session.required');
  });

  it('of which nothing is known say so, promise nothing, and offer nothing that is sold', async () => {
    const { id } = await buildAccount(staff, ownerId);
    expect(await see(id)).toMatchObject({
      state: 'unknown',
      rights: 'unknown',
      effects: [],
      daysLeft: null,
      offer: null,
      badge: null,
      canShowBadge: false,
    });
    expect(await historyOf(id)).toEqual({ data: [], next: null });
  });

  it('say how they stand, why they failed, and which service helps', async () => {
    const id = await verified(200);
    expect(await see(id)).toMatchObject({
      name: '测试服务号',
      subject: COMPANY,
      stateWords: '已认证',
      hasTick: true,
      daysLeft: 200,
      offer: null,
      canShowBadge: true,
    });
    await hear(world, id, { attempt: 'failed', reason: '营业执照不清晰' }, { source: 'event' });
    expect(await see(id)).toMatchObject({
      state: 'failed',
      failure: { part: 'qualification', reason: '营业执照不清晰' },
      offer: { serviceCode: 'service-account-verification' },
    });
    const program = await buildAccount(staff, ownerId, { kind: 'mini_program' });
    await hear(world, program.id, { isQualified: false, isNamed: false });
    expect(await see(program.id)).toMatchObject({ state: 'unverified', offer: { serviceCode: null } });
  });

  it('have expired at the very moment, though the clock has not turned them over yet', async () => {
    const id = await verified(1);
    await pass(2 * DAY_MS);
    expect(await world.world.desk.db.findOneByOrFail(Account, { id })).toMatchObject({ state: 'renewal_due' });
    expect(await see(id)).toMatchObject({ state: 'expired', rights: 'none', hasTick: false, canShowBadge: false });
  });

  it('tell nothing that only staff may know', async () => {
    const { id } = await buildAccount(staff, ownerId, { appid: 'wx00000000000000a1' });
    await hear(world, id, verifiedUntil(inDays(world, 100)));
    const entry = await enterFor(staff, id, {
      happenedAt: world.clock.now().toISOString(),
      isQualified: true,
      subject: '待复核的主体',
    });
    const answers = await Promise.all(
      [`/app/accounts/${id}`, '/app/accounts', `/app/accounts/${id}/history`].map((address) =>
        owner.call('GET', address),
      ),
    );
    const told = JSON.stringify(answers.map(({ body }) => body));
    for (const secret of ['wx00000000000000a1', 'raw-payload', '陈顾问', '截图', '待复核的主体', entry.id, ownerId])
      expect(told).not.toContain(secret);
  });
});

describe('The history of an account', () => {
  it('tells what changed, when and by whom, latest first; also the second refusal, which changed no state', async () => {
    const { id } = await buildAccount(staff, ownerId);
    const days = [-30, -20, -10, -5].map((day) => inDays(world, day));
    await hear(world, id, { attempt: 'failed', reason: '营业执照不清晰' }, { source: 'event', at: days[0]! });
    await hear(world, id, { attempt: 'failed', reason: '对公账户不符' }, { source: 'event', at: days[1]! });
    await hear(
      world,
      id,
      { ...verifiedUntil(inDays(world, 355)), attempt: 'passed' },
      { source: 'event', at: days[2]! },
    );
    // Says what is known: no change.
    await hear(world, id, { isQualified: true }, { source: 'staff', at: days[3]! });
    const { data } = await historyOf(id);
    expect(data.map(({ sourceWords, happenedAt, reason }) => [sourceWords, happenedAt, reason])).toEqual([
      ['微信推送', days[2]!.toISOString(), null],
      ['微信推送', days[1]!.toISOString(), '对公账户不符'],
      ['微信推送', days[0]!.toISOString(), '营业执照不清晰'],
    ]);
    expect(data[0]!.changes).toEqual(
      expect.arrayContaining([
        { part: 'state', partWords: '状态', before: '认证未通过', after: '已认证' },
        { part: 'qualification', partWords: '资质认证', before: null, after: '已通过' },
      ]),
    );
    expect(data[1]!.changes).toEqual([{ part: 'attempt', partWords: '最近一次申请', before: null, after: '未通过' }]);

    const first = await historyOf(id, '?limit=2');
    expect(first.data).toEqual(data.slice(0, 2));
    expect(await historyOf(id, `?limit=2&after=${first.next}`)).toEqual({ data: data.slice(2), next: null });
  });

  it('knows what staff entered from the day a second person agreed, and never what was refused or set aside', async () => {
    const { id } = await buildAccount(staff, ownerId);
    const happenedAt = inDays(world, -3).toISOString();
    const entered = await enterFor(staff, id, { happenedAt, attempt: 'failed', reason: '材料不全' });
    const wrong = await enterFor(staff, id, { happenedAt, attempt: 'failed', reason: '看错了账号' });
    await hear(world, id, { attempt: 'failed', reason: '来自未来' }, { source: 'event', at: inDays(world, 9) });
    expect((await historyOf(id)).data).toEqual([]);

    await pass(DAY_MS);
    const decide = (entryId: string, body: object) =>
      second.data('POST', `/staff/verification-entries/${entryId}/decision`, body);
    await decide(entered.id, { agree: true });
    await decide(wrong.id, { agree: false, note: '不是这个账号' });
    const { data } = await historyOf(id);
    expect(data).toMatchObject([{ sourceWords: '人工录入', reason: '材料不全', happenedAt }]);
    expect(Date.parse(data[0]!.knownAt) - Date.parse(happenedAt)).toBeGreaterThan(3.9 * DAY_MS);
    expect(JSON.stringify(data)).not.toMatch(/王主管|陈顾问|看错|来自未来/);
  });
});

describe('The public page of an account', () => {
  it('shows everybody who has the code how the account stands, and nothing else; nobody keeps the answer', async () => {
    const id = await verified(200);
    const { code, address } = await putBadge(id);
    expect(code).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(address).toBe(`${world.origin}/#${pages.badge(code)}`);
    const { status, cache, text } = await look(code);
    expect([status, cache]).toEqual([200, 'no-store']);
    const { expiresAt } = await see(id);
    expect(JSON.parse(text)).toEqual({
      data: {
        name: '测试服务号',
        subject: COMPANY,
        kind: 'service',
        kindWords: '服务号',
        state: 'verified',
        stateWords: '已认证',
        isValid: true,
        hasTick: true,
        expiresAt,
        asOf: expect.any(String),
        sourceWords: '以微信查询为准',
      },
    });
    expect((await see(id)).badge).toEqual({ code, address });
  });

  it('is gone when it is switched off, like one that never was; switched on again it has another code', async () => {
    const id = await verified();
    const { code } = await putBadge(id);
    expect(await putBadge(id)).toMatchObject({ code });
    expect(await codeOf(owner, 'DELETE', `/app/accounts/${id}/badge`)).toBe(204);
    expect(await codeOf(owner, 'DELETE', `/app/accounts/${id}/badge`)).toBe(204);
    const withoutId = (text: string) => text.replace(/"requestId":"[^"]*"/, '');
    const [off, never] = [await look(code), await look('A'.repeat(22))];
    expect(off.status).toBe(404);
    expect(withoutId(off.text)).toBe(withoutId(never.text));
    for (const odd of [`${code}%20`, 'x', '%00', 'a'.repeat(500)])
      expect(withoutId((await look(odd)).text)).toBe(withoutId(never.text));
    expect((await see(id)).badge).toBeNull();

    const again = await putBadge(id);
    expect(again.code).not.toBe(code);
    expect((await look(again.code)).status).toBe(200);
    expect((await look(code)).status).toBe(404);
    expect((await look(again.code.toUpperCase())).status).toBe(404);
  });

  it('has one code, however many times it is switched on at once', async () => {
    const id = await verified();
    const links = await Promise.all(Array.from({ length: 8 }, () => putBadge(id)));
    expect(new Set(links.map(({ code }) => code)).size).toBe(1);
  });

  it('cannot be switched on while there is nothing to show', async () => {
    const { id } = await buildAccount(staff, ownerId);
    const refusal = async () => (await owner.call<Refusal>('PUT', `/app/accounts/${id}/badge`)).body.error;
    const unfit = { code: 'account.badge_unfit', message: '账号目前没有有效的认证，认证通过后才能公示' };
    expect(await refusal()).toMatchObject(unfit);
    await hear(world, id, { isQualified: false, isNamed: false });
    expect(await refusal()).toMatchObject(unfit);
    await hear(world, id, { isQualified: true, isNamed: false, expiresAt: inDays(world, 300).toISOString() });
    expect(await badgeAt((await putBadge(id)).code)).toMatchObject({ state: 'qualified_no_name', hasTick: false });
  });

  it('cannot lie: it says expired from the first moment, on the clock’s word, until WeChat says it is renewed', async () => {
    const id = await verified(2);
    const { code } = await putBadge(id);
    expect(await badgeAt(code)).toMatchObject({ state: 'renewal_due', isValid: true });
    const { expiresAt } = await badgeAt(code);
    // No job runs meanwhile.
    await pass(2 * DAY_MS + 60_000);
    expect(await badgeAt(code)).toMatchObject({
      state: 'expired',
      stateWords: '认证已过期',
      isValid: false,
      hasTick: false,
      expiresAt,
      asOf: expiresAt,
      sourceWords: '按有效期推算，以微信为准',
    });
    expect(await codeOf(owner, 'PUT', `/app/accounts/${id}/badge`)).toBe(200);
    await hear(world, id, verifiedUntil(inDays(world, 365)));
    expect(await badgeAt(code)).toMatchObject({ state: 'verified', isValid: true, sourceWords: '以微信查询为准' });
  });

  it('says since when it is known: when WeChat last answered, or what was said last', async () => {
    const id = await verified(300);
    const { code } = await putBadge(id);
    const answeredAt = inDays(world, 1);
    await pass(2 * DAY_MS);
    await world.world.desk.transaction((work) => work.db.update(Account, { id }, { answeredAt }).then(() => undefined));
    expect(await badgeAt(code)).toMatchObject({ asOf: answeredAt.toISOString(), sourceWords: '以微信查询为准' });
    const toldAt = world.clock.now();
    await hear(world, id, { attempt: 'failed', reason: '年审材料过期' }, { source: 'event', at: toldAt });
    expect(await badgeAt(code)).toMatchObject({
      state: 'failed',
      isValid: true,
      hasTick: true,
      asOf: toldAt.toISOString(),
      sourceWords: '以微信推送为准',
    });
    expect((await look(code)).text).not.toContain('年审材料过期');
  });
});
