import { setTimeout as pause } from 'node:timers/promises';
import { CustomerSession } from '../../entities/customer-session.ts';
import { Payment } from '../../entities/payment.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { WechatToken } from '../../entities/wechat-token.ts';
import type { Person } from '../../simulator/src/people.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.stop());

const PHONE = '13912345678';
const CONTACT = '18887654321';

/** Everything that happened: two sign-ins, a phone number, an order, trouble, a payment, messages, pushes, faults of ours. */
async function journey() {
  const customer = await world.person({ nickname: '欧阳慕容雪', phone: PHONE, follows: false });
  const session = await customer.signInMiniProgram();
  const { code } = await world.lever<{ code: string }>(`/people/${customer.personId}/mini-program/phone-code`, {});
  await customer.post('/app/me/phone', { code });
  const order = await customer.order(undefined, {
    buyer: { kind: 'person', contactName: '司马青衫', contactPhone: CONTACT },
    note: '请打电话给我的秘书',
  });
  const templates = [world.config.MINI_PROGRAM_TEMPLATES['order-paid']!];
  await world.lever(`/people/${customer.personId}/mini-program/subscribe`, { templateIds: templates });
  await customer.call('POST', '/app/message-consents', {
    answers: templates.map((templateId) => ({ templateId, answer: 'accept' })),
  });
  await customer.call('POST', '/app/orders', { buyer: { contactPhone: CONTACT } }, { 'idempotency-key': 'abcdefgh' });
  await world.lever('/faults', { path: '/v3/pay/transactions/jsapi', kind: 'error-before', times: 1 });
  await customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' });
  const started = await customer.startPayment(order.number);
  await customer.pay(started);
  await world.until(async () => (await customer.seeOrder(order.number)).state === 'paid');
  await world.lever('/faults', { path: '/cgi-bin/message', kind: 'code', code: 47003, times: 1 });
  await world.advance(60_000);
  await world.lever(`/people/${customer.personId}/follow`, {});
  await world.lever(`/people/${customer.personId}/text`, { content: `我的电话是${PHONE}` });
  await world.lever('/pushes/settled', {});
  await customer.signInOfficialAccount();
  await customer.get('/app/me');
  await world.advance(60_000);
  // A fault of ours: the database refuses a row that is full of personal things.
  const { desk } = world.world;
  const identity = await desk.db.findOneByOrFail(WechatIdentity, { appKind: 'mini-program' });
  const fault = await desk
    .transaction((work) => work.db.insert(WechatIdentity, identity))
    .catch((error: unknown) => error);
  desk.log.error({ err: fault }, 'as a deed would log it');
  await pause(50);
  return { customer, session };
}

it('a whole journey is told in the log, and nothing of it that is secret or personal', async () => {
  const { customer, session } = await journey();
  const { desk, database } = world.world;
  const person = (await world.lever<Person[]>('/people')).find(({ id }) => id === customer.personId)!;
  const { config } = world;
  const identities = await desk.db.find(WechatIdentity);
  const pem = (text: string) => text.split('\n').filter((line) => line.length > 40);
  const secret: Record<string, string[]> = {
    'session tokens': [session.token],
    'hashes of them': (await desk.db.find(CustomerSession)).map(({ tokenHash }) => tokenHash),
    openids: Object.values(person.openids),
    unionid: [person.unionid],
    'phone numbers': [PHONE, CONTACT],
    names: ['欧阳慕容雪', '司马青衫', '秘书'],
    'session keys': identities.flatMap(({ id, sessionKeySealed }) =>
      sessionKeySealed
        ? [desk.vault.open(sessionKeySealed, `wechat_identity.session_key:${id}`), sessionKeySealed]
        : [],
    ),
    'access tokens': (await desk.db.find(WechatToken)).map(({ name, valueSealed }) =>
      desk.vault.open(valueSealed!, name),
    ),
    'prepay ids': (await desk.db.find(Payment)).flatMap(({ prepayId }) => prepayId ?? []),
    keys: [
      config.SECRET_KEY,
      config.WECHAT_PAY_API_V3_KEY,
      config.OFFICIAL_ACCOUNT_SECRET,
      config.OFFICIAL_ACCOUNT_PUSH_KEY,
      config.OFFICIAL_ACCOUNT_PUSH_TOKEN,
      config.MINI_PROGRAM_SECRET,
      config.MINI_PROGRAM_PUSH_KEY,
      config.MINI_PROGRAM_PUSH_TOKEN,
      ...pem(config.WECHAT_PAY_MERCHANT_KEY),
    ],
    'the text of a message': ['我的电话'],
  };
  expect(database.kind).toBeDefined();
  const log = world.logged.join('');
  expect(world.logged.length).toBeGreaterThan(30);
  for (const said of ['"msg":"request"', 'wechat', '/app/orders/:number', 'database error'])
    expect(log).toContain(said);
  for (const [what, values] of Object.entries(secret)) {
    expect([what, values.length > 0]).toEqual([what, true]);
    for (const value of values) {
      expect([what, value.length > 1]).toEqual([what, true]);
      const line = world.logged.find((each) => each.includes(value));
      // The value itself stays out of the test's own words too.
      expect([what, line?.replaceAll(value, '…')]).toEqual([what, undefined]);
    }
  }
}, 60_000);
