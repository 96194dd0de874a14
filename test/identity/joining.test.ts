import type { FindOptionsWhere } from 'typeorm';
import { ConsentEntry } from '../../entities/consent-entry.ts';
import { Customer } from '../../entities/customer.ts';
import { CustomerMerge } from '../../entities/customer-merge.ts';
import { CustomerSession } from '../../entities/customer-session.ts';
import { IdempotencyRecord } from '../../entities/idempotency-record.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Person } from '../../simulator/src/people.ts';
import { findWechatContacts, undoMerge } from '../../src/identity/index.ts';
import { findSession } from '../../src/identity/find-session.ts';
import { holdings } from '../../src/identity/holdings.ts';
import { mergeCustomers } from '../../src/identity/merge-customers.ts';
import { newId } from '../../src/platform/ids.ts';
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts';

let world: IdentityWorld;
beforeAll(async () => void (world = await startIdentityWorld()));
afterAll(() => world.stop());
afterEach(() => void (world.wechat.world.platform.settings.openPlatformBound = true));

const bound = (isBound: boolean) => void (world.wechat.world.platform.settings.openPlatformBound = isBound);
const identities = (person: Person) =>
  Promise.all(Object.values(person.openids).map(async (openid) => (await world.rows(WechatIdentity, { openid }))[0]));
const customersOf = async (person: Person) =>
  new Set((await identities(person)).flatMap((identity) => (identity ? [identity.customerId] : [])));
const mergesOf = async (...ids: string[]) =>
  (await world.rows(CustomerMerge)).filter((merge) => ids.includes(merge.fromCustomerId));
const rowOf = async <Row extends { id: string }>(entity: new () => Row, id: string): Promise<Row> =>
  (await world.rows(entity, { id } as FindOptionsWhere<Row>))[0]!;
const me = (token: string) => world.call(token, 'GET', '/app/me');

/** Known in both apps as two customers: WeChat gave no unionid then. */
async function twoCustomers() {
  bound(false);
  const person = world.person();
  const phone = (await world.signInPhone(person)).body.data.token as string;
  await world.advance(10);
  const browser = world.browser(person);
  await browser.signIn('/app/oauth/start?scope=userinfo');
  await world.doJobs();
  bound(true);
  const [account, program] = await Promise.all(
    [world.wechat.world.kit.officialAccount, world.wechat.world.kit.miniProgram].map(
      async ({ appid }) => (await world.rows(WechatIdentity, { openid: person.openids[appid]! }))[0]!,
    ),
  );
  return { person, phone, browser, elder: program!.customerId, younger: account!.customerId };
}

describe('one person, one customer, whichever app came first', () => {
  it('joins the service account to the mini-program', async () => {
    const person = world.person();
    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    expect((await customersOf(person)).size).toBe(1);
    expect(await identities(person)).toHaveLength(2);
    expect(await mergesOf(...(await customersOf(person)))).toEqual([]);
  });

  it('joins the mini-program to the service account', async () => {
    const person = world.person();
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    await world.signInPhone(person);
    expect((await customersOf(person)).size).toBe(1);
  });

  it('joins a silent sign-in once WeChat has told the unionid: both sessions are the elder customer’s', async () => {
    const person = world.person({ follows: true });
    const phone = (await world.signInPhone(person)).body.data.token as string;
    const browser = world.browser(person);
    await browser.signIn();
    expect((await customersOf(person)).size).toBe(2);
    await world.doJobs();
    expect((await customersOf(person)).size).toBe(1);
    for (const answer of [await me(phone), { body: await (await browser.call('GET', '/app/me')).json() }])
      expect(answer.body.data.follows).toBe(true);
    expect((await world.call(phone, 'GET', '/app/sessions')).body.data).toHaveLength(2);
  });

  it('keeps two people apart who have no unionid', async () => {
    bound(false);
    const [one, two] = [world.person(), world.person()];
    await world.signInPhone(one);
    await world.signInPhone(two);
    expect(await customersOf(one)).not.toEqual(await customersOf(two));
  });
});

describe('many logins at the same instant', () => {
  it.each([1, 2, 3])('twenty of one new person from both apps make one customer (%i)', async () => {
    const person = world.person();
    const callbacks = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const browser = world.browser(person);
        return { browser, callback: await browser.goToWechat('/app/oauth/start?scope=userinfo') };
      }),
    );
    const answers = await Promise.all([
      ...callbacks.map(async ({ browser, callback }) => (await browser.visit(callback)).location),
      ...Array.from({ length: 10 }, async () => (await world.signInPhone(person)).status),
    ]);
    expect(answers).toEqual([...Array(10).fill('/'), ...Array(10).fill(201)]);
    expect((await customersOf(person)).size).toBe(1);
    const [customerId] = await customersOf(person);
    expect(await world.rows(CustomerSession, { customerId: customerId! })).toHaveLength(20);
    expect(await world.rows(WechatIdentity, { unionid: person.unionid })).toHaveLength(2);
    // Nobody was made only to be merged.
    expect(await mergesOf(customerId!)).toEqual([]);
    expect(await world.rows(CustomerMerge, { intoCustomerId: customerId! })).toEqual([]);
  });

  it('twenty of one person known as two merge them once', async () => {
    const { person, elder, younger } = await twoCustomers();
    const callbacks = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const browser = world.browser(person);
        return { browser, callback: await browser.goToWechat('/app/oauth/start?scope=userinfo') };
      }),
    );
    const answers = await Promise.all([
      ...callbacks.map(async ({ browser, callback }) => (await browser.visit(callback)).location),
      ...Array.from({ length: 10 }, async () => (await world.signInPhone(person)).status),
    ]);
    expect(answers).toEqual([...Array(10).fill('/'), ...Array(10).fill(201)]);
    expect(await customersOf(person)).toEqual(new Set([elder]));
    expect(await mergesOf(younger)).toHaveLength(1);
    await world.advance(61_000);
    await world.doJobs();
    expect(await world.rows(CustomerSession, { customerId: younger })).toEqual([]);
  });

  it('twenty of one new person without a unionid make one customer', async () => {
    bound(false);
    const person = world.person();
    // WeChat answers all of them at once.
    world.wechat.world.faults.add({ kind: 'delay', path: '/sns/jscode2session', ms: 300, times: 20 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.signInPhone(person)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect((await customersOf(person)).size).toBe(1);
    const [customerId] = await customersOf(person);
    expect(await world.rows(CustomerSession, { customerId: customerId! })).toHaveLength(20);
  });
});

describe('merging two customers', () => {
  /** Gives a customer one row of each table that others write. */
  async function giveBelongings(customerId: string, mark: string, sharedKey: string) {
    const at = new Date();
    const ids = { consent: newId(), delivery: newId(), answer: newId(), shared: newId() };
    const answer = { customerId, requestHash: '', status: 201, body: {}, createdAt: at };
    await world.desk.transaction(async ({ db }) => {
      const consent = { appid: 'wx', openid: mark, templateId: 't', delta: 1, source: `${mark}:${ids.consent}`, at };
      await db.insert(ConsentEntry, { id: ids.consent, customerId, ...consent });
      const delivery = { message: 'order-paid', about: `payment:${mark}`, facts: {}, state: 'waiting' as const };
      await db.insert(MessageDelivery, { id: ids.delivery, customerId, createdAt: at, ...delivery });
      await db.insert(IdempotencyRecord, [
        { id: ids.answer, requestKey: `key-${mark}`, ...answer },
        { id: ids.shared, requestKey: sharedKey, ...answer },
      ] as never);
    });
    return ids;
  }
  const ownersOf = async (ids: Awaited<ReturnType<typeof giveBelongings>>) => ({
    consent: (await rowOf(ConsentEntry, ids.consent)).customerId,
    delivery: (await rowOf(MessageDelivery, ids.delivery)).customerId,
    answer: (await rowOf(IdempotencyRecord, ids.answer)).customerId,
    shared: (await rowOf(IdempotencyRecord, ids.shared)).customerId,
  });
  const all = (id: string, shared = id) => ({ consent: id, delivery: id, answer: id, shared });

  it('moves what belongs to the younger, says what, and can take it back to the row', async () => {
    const { person, phone, browser, elder, younger } = await twoCustomers();
    const theirs = await giveBelongings(younger, person.id, `shared-${person.id}`);
    const mine = await giveBelongings(elder, `${person.id}-elder`, `shared-${person.id}`);
    const phoneCode = world.phoneCode(person);
    expect((await world.call(phone, 'POST', '/app/me/phone', { code: phoneCode })).status).toBe(200);

    await world.signInPhone(person);
    await browser.signIn('/app/oauth/start?scope=userinfo');

    expect(await rowOf(Customer, younger)).toMatchObject({ mergedIntoId: elder, nickname: person.nickname });
    expect(await rowOf(Customer, elder)).toMatchObject({ mergedIntoId: null, nickname: person.nickname });
    expect(await ownersOf(theirs)).toEqual(all(elder, younger));
    const [merge] = await mergesOf(younger);
    expect(merge).toMatchObject({ intoCustomerId: elder, because: 'unionid', undoneAt: null });
    expect(merge!.moved).toMatchObject({
      consent_entries: [theirs.consent],
      message_deliveries: [theirs.delivery],
      idempotency_records: [theirs.answer],
      taken_over: ['nickname'],
    });
    expect(merge!.moved.wechat_identities).toHaveLength(1);
    const later = await giveBelongings(elder, `${person.id}-later`, `later-${person.id}`);

    await world.desk.transaction((work) => undoMerge(work, merge!.id));
    await world.desk.transaction((work) => undoMerge(work, merge!.id));

    expect(await ownersOf(theirs)).toEqual(all(younger));
    expect(await ownersOf(mine)).toEqual(all(elder));
    expect(await ownersOf(later)).toEqual(all(elder));
    expect(await rowOf(Customer, younger)).toMatchObject({ mergedIntoId: null, nickname: person.nickname });
    expect(await rowOf(Customer, elder)).toMatchObject({ nickname: null, phoneSealed: expect.any(String) });
    expect(await customersOf(person)).toEqual(new Set([elder, younger]));
    expect((await mergesOf(younger))[0]!.undoneAt).toBeInstanceOf(Date);
  });

  it('gives the survivor the phone number that only the other had, sealed anew, and takes it back', async () => {
    const { person, phone, elder, younger } = await twoCustomers();
    // The number was given to the elder; as if it had been the other way round:
    await world.call(phone, 'POST', '/app/me/phone', { code: world.phoneCode(person) });
    await world.desk.transaction(async ({ db, vault }) => {
      const sealed = (await db.findOneByOrFail(Customer, { id: elder })).phoneSealed!;
      const number = vault.open(sealed, `customer.phone:${elder}`);
      await db.update(Customer, { id: elder }, { phoneSealed: null });
      await db.update(Customer, { id: younger }, { phoneSealed: vault.seal(number, `customer.phone:${younger}`) });
    });
    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    expect((await me(phone)).body.data.phoneMasked).toBe(`${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`);
    const [merge] = await mergesOf(younger);
    expect(merge!.moved.taken_over).toEqual(['nickname', 'phoneSealed']);
    await world.desk.transaction((work) => undoMerge(work, merge!.id));
    expect((await me(phone)).body.data).toMatchObject({ phoneMasked: null, nickname: null });
    expect((await rowOf(Customer, younger)).phoneSealed).not.toBeNull();
  });

  it('lets the sessions of the merged customer work for the survivor', async () => {
    const { person, phone, browser } = await twoCustomers();
    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    const old = (await (await browser.call('GET', '/app/me')).json()) as { data: object };
    expect(old.data).toEqual({ ...(await me(phone)).body.data, signedInWith: 'official-account' });
    expect((await world.call(phone, 'GET', '/app/sessions')).body.data).toHaveLength(4);
  });

  it('serves a session that was written for the merged customer while the merge was being committed', async () => {
    const { person, phone, elder, younger } = await twoCustomers();
    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    const { sessionId } = (await findSession(world.desk, phone))!;
    await world.desk.transaction(({ db }) => db.update(CustomerSession, { id: sessionId }, { customerId: younger }));
    expect((await findSession(world.desk, phone))!.customerId).toBe(elder);
  });

  it('undoes one of two merges in a row, whichever, without touching the other', async () => {
    for (const innerFirst of [true, false]) {
      const { person, phone, elder, younger } = await twoCustomers();
      const third = (await world.signInPhone(world.person())).body.data.token as string;
      const thirdId = (await findSession(world.desk, third))!.customerId;
      await world.signInPhone(person);
      await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
      const [inner] = await mergesOf(younger);
      await world.desk.transaction((work) => mergeCustomers(work, { from: elder, into: thirdId, because: 'staff' }));
      const [outer] = await mergesOf(elder);
      expect(await customersOf(person)).toEqual(new Set([thirdId]));
      expect((await findSession(world.desk, phone))!.customerId).toBe(thirdId);

      const undo = (merge: CustomerMerge) => world.desk.transaction((work) => undoMerge(work, merge.id));
      await undo(innerFirst ? inner! : outer!);
      expect(await customersOf(person)).toEqual(new Set(innerFirst ? [thirdId, younger] : [elder]));
      await undo(innerFirst ? outer! : inner!);
      expect(await customersOf(person)).toEqual(new Set([elder, younger]));
      expect((await findSession(world.desk, third))!.customerId).toBe(thirdId);
    }
  });

  it('does not make an undone merge again when the person signs in', async () => {
    const { person, phone, browser, elder, younger } = await twoCustomers();
    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    const [merge] = await mergesOf(younger);
    await world.desk.transaction((work) => undoMerge(work, merge!.id));

    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    await world.doJobs();
    expect(await customersOf(person)).toEqual(new Set([elder, younger]));
    expect(await mergesOf(younger)).toHaveLength(1);
    expect((await me(phone)).status).toBe(200);
    expect((await browser.call('GET', '/app/me')).status).toBe(200);
  });

  it('catches up with what was written for the merged customer meanwhile, and undoes that too', async () => {
    const { person, elder, younger } = await twoCustomers();
    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    const late = await giveBelongings(younger, `${person.id}-late`, `late-${person.id}`);
    await world.doJobs();
    expect(await ownersOf(late)).toEqual(all(younger));
    await world.advance(61_000);
    await world.doJobs();
    expect(await ownersOf(late)).toEqual(all(elder));
    const [merge] = await mergesOf(younger);
    expect(merge!.moved.consent_entries).toEqual([late.consent]);
    await world.desk.transaction((work) => undoMerge(work, merge!.id));
    expect(await ownersOf(late)).toEqual(all(younger));
  });

  it('finds the contacts of the survivor, whoever is asked for', async () => {
    const { person, elder, younger } = await twoCustomers();
    await world.signInPhone(person);
    await world.browser(person).signIn('/app/oauth/start?scope=userinfo');
    const openids = Object.values(person.openids).toSorted();
    for (const id of [elder, younger]) {
      const contacts = await findWechatContacts(world.desk, id);
      expect(contacts.map((contact) => contact.openid).toSorted()).toEqual(openids);
    }
  });

  it('knows every table whose rows belong to a customer', () => {
    const { entityMetadatas } = world.desk.db.connection;
    const owned = entityMetadatas.filter((table) =>
      table.columns.some((column) => column.propertyName === 'customerId'),
    );
    expect(owned.map((table) => table.target)).toEqual(expect.arrayContaining(holdings.map(({ entity }) => entity)));
    expect(owned).toHaveLength(holdings.length);
    for (const { entity, uniqueWith = [] } of holdings) {
      const keys = entityMetadatas.find((table) => table.target === entity)!.indices.filter((index) => index.isUnique);
      const withOwner = keys
        .map((index) => index.columns.map((column) => column.propertyName))
        .filter((columns) => columns.includes('customerId'));
      expect(withOwner.flat().filter((column) => column !== 'customerId')).toEqual(uniqueWith);
    }
  });
});
