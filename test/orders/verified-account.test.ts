import { Account } from '../../entities/account.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { newId } from '../../src/platform/ids.ts';
import type { Phone } from '../support/phone.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const SERVICE = 'wechat-pay-application';
const DAY_MS = 24 * 3600_000;

let world: TestWorld;
let customer: Phone;
let customerId: string;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.stop());

beforeEach(async () => {
  customer = await world.person();
  await customer.signInMiniProgram();
  const [identity] = await world.world.desk.db.find(WechatIdentity, { order: { id: 'DESC' }, take: 1 });
  ({ customerId } = identity!);
});

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);
const account = (wanted: Partial<Account>, whose = customerId) =>
  world.world.desk.transaction((work) =>
    work.db.insert(
      Account,
      Object.assign(new Account(), {
        id: newId(),
        kind: 'service',
        name: '东方通信',
        customerId: whose,
        createdAt: work.now(),
        ...wanted,
      }),
    ),
  );
const granted = (days: number): Partial<Account> => ({ rights: 'granted', state: 'verified', expiresAt: inDays(days) });
const gone: Partial<Account> = { rights: 'none', state: 'expired', expiresAt: inDays(-1) };

/** The state of the order, or what the refusal says. */
const order = (packageCode = 'official_account') =>
  customer.order(SERVICE, { packageCode }).then(
    ({ state }) => state as string,
    (refusal: Error) => refusal.message,
  );

describe('A package that needs a verified service account', () => {
  it.each<[string, Partial<Account>[]]>([
    ['has none on the list', []],
    ['has one that is verified', [granted(30)]],
    ['has one of two that is', [gone, granted(30)]],
    ['has one of which nothing was heard', [{ rights: 'unknown' }]],
    ['has a mini-program only', [{ ...gone, kind: 'mini_program' }]],
  ])('is sold to a customer who %s', async (_, accounts) => {
    for (const one of accounts) await account(one);
    expect(await order()).toBe('awaiting_payment');
  });

  it.each<[string, Partial<Account>[]]>([
    ['has ended', [gone]],
    ['never was', [{ rights: 'none', state: 'unverified' }]],
    ['ended just now, though nobody has said so', [granted(-0.001)]],
    ['of none holds', [gone, gone, { ...granted(30), kind: 'mini_program' }]],
  ])('is not sold where the verification %s; the package with verification is', async (_, accounts) => {
    for (const one of accounts) await account(one);
    expect(await order()).toMatch(/order.account_not_verified.*请先办理微信认证/);
    expect(await order('official_account_with_verification')).toBe('awaiting_payment');
  });
});
