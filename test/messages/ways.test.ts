import { Customer } from '../../entities/customer.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Person } from '../../simulator/src/people.ts';
import { deliverMessage } from '../../src/messages/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { FACTS, MessageWorld, SEND_SUBSCRIBE, SEND_TEMPLATE } from './message-world.ts';

let world: MessageWorld;
beforeAll(async () => {
  world = await MessageWorld.start();
}, 60_000);
afterAll(() => world.stop());
afterEach(async () => {
  await world.lever('/official-account/settings', { blockedAnswer: '43101', pushes: 'auto' });
  await world.clear();
});

const followOf = async (openid: string) => (await world.desk.db.findOneByOrFail(WechatIdentity, { openid })).follow;

describe('A customer who follows the account', () => {
  it('gets its card, with the facts of the order and the way to it', async () => {
    const customer = await world.customer({ follows: true });
    const delivery = await world.told(customer);
    const [card, ...more] = await world.cards(customer);
    expect(more).toEqual([]);
    expect(card).toMatchObject({
      kind: 'template',
      title: '订单支付成功通知',
      url: `${world.test.origin}/#/desk/order/index?number=TB26112204815926`,
      clientMsgId: delivery.id,
    });
    expect(card!.rows.map(({ value }) => value)).toEqual([
      'TB26112204815926',
      '呼叫中心业务经营许可证',
      '¥1299.00',
      '2026年11月22日 15:04',
    ]);
    expect(delivery).toMatchObject({
      state: 'accepted',
      channel: 'official-account',
      openid: customer.accountOpenid,
      msgid: card!.msgid,
      reason: null,
      sendingUntil: null,
    });
  });

  it('gets it by the account though the mini-program may write too', async () => {
    const customer = await world.customer({ follows: true, consents: 1 });
    await world.told(customer);
    expect((await world.cards(customer)).map(({ kind }) => kind)).toEqual(['template']);
    expect(await world.counted(customer)).toBe(1);
  });

  it('is found by asking when the push that said so was lost', async () => {
    await world.lever('/official-account/settings', { pushes: 'held' });
    const phone = await world.test.person({ follows: true });
    const { openids } = (await world.lever<Person[]>('/people')).find(({ id }) => id === phone.personId)!;
    const openid = openids[world.test.config.OFFICIAL_ACCOUNT_APPID]!;
    await phone.signInOfficialAccount();
    expect(await followOf(openid)).toBeNull();
    const { customerId } = await world.desk.db.findOneByOrFail(WechatIdentity, { openid });
    const id = await world.tell({ customerId });
    await deliverMessage(world.desk, { deliveryId: id });
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', channel: 'official-account' });
    expect(await followOf(openid)).toBe('following');
  });
});

describe('A customer who does not follow', () => {
  it('gets the mini-program’s card while consent is left, which it uses up', async () => {
    const customer = await world.customer({ consents: 1 });
    const delivery = await world.told(customer);
    const [card, ...more] = await world.cards(customer);
    expect(more).toEqual([]);
    expect(card).toMatchObject({ kind: 'subscribe', page: 'desk/order/index?number=TB26112204815926' });
    expect(card!.rows.map(({ value }) => value)).toEqual([
      'TB26112204815926',
      '呼叫中心业务经营许可证',
      '¥1299.00',
      '2026年11月22日 15:04',
    ]);
    expect(delivery).toMatchObject({ state: 'accepted', channel: 'mini-program', openid: customer.programOpenid });
    expect(await world.counted(customer)).toBe(0);
    expect(await world.told(customer)).toMatchObject({ state: 'unreachable' });
  });

  it('cannot be reached without consent, and nobody tries', async () => {
    const customer = await world.customer();
    const before = (await world.calls('/cgi-bin/message')).length;
    expect(await world.told(customer)).toMatchObject({
      state: 'unreachable',
      reason: 'not_following_and_no_consent',
      channel: null,
      endedAt: expect.any(Date),
    });
    expect(await world.calls('/cgi-bin/message')).toHaveLength(before);
    expect(world.test.logged.join('')).not.toContain(customer.programOpenid);
  });

  it('whom WeChat has never shown us cannot be reached either', async () => {
    const stranger = { customerId: newId() };
    await world.desk.transaction((work) =>
      work.db.insert(Customer, { id: stranger.customerId, createdAt: work.now() }),
    );
    expect(await world.told(stranger)).toMatchObject({ state: 'unreachable', reason: 'no_wechat_identity' });
  });
});

describe('A customer of whom we believe wrongly that they follow', () => {
  const leaver = async (consents: number) => {
    const customer = await world.customer({ follows: true, consents });
    await world.lever('/official-account/settings', { pushes: 'held' });
    await world.lever(`/people/${customer.personId}/unfollow`, {});
    return customer;
  };

  it('gets the message the other way, and is remembered as not following', async () => {
    const customer = await leaver(1);
    const delivery = await world.told(customer);
    expect(delivery).toMatchObject({ state: 'accepted', channel: 'mini-program', openid: customer.programOpenid });
    expect((await world.cards(customer)).map(({ kind }) => kind)).toEqual(['subscribe']);
    expect(await followOf(customer.accountOpenid)).toBe('not_following');
  });

  it('is told as unreachable when there is no other way', async () => {
    const customer = await leaver(0);
    expect(await world.told(customer)).toMatchObject({ state: 'unreachable', reason: 'not_following' });
    expect(await followOf(customer.accountOpenid)).toBe('not_following');
    expect(await world.job((await world.told(customer)).id)).toBeUndefined();
  });
});

describe('A customer who wants no messages of the account', () => {
  it.each(['48002', '43101', '43019'])('is remembered as blocking, without another way (%s)', async (blockedAnswer) => {
    await world.lever('/official-account/settings', { blockedAnswer });
    const customer = await world.customer({ follows: true });
    await world.lever(`/people/${customer.personId}/block`, { blocked: true });
    expect(await world.told(customer)).toMatchObject({
      state: 'blocked',
      reason: blockedAnswer === '43019' ? 'user_blacklisted' : 'user_refuses',
    });
    expect(await world.cards(customer)).toEqual([]);
    expect(await followOf(customer.accountOpenid)).toBe('following');
  });

  it('gets them by the mini-program when they allowed that', async () => {
    await world.lever('/official-account/settings', { blockedAnswer: '48002' });
    const customer = await world.customer({ follows: true, consents: 1 });
    await world.lever(`/people/${customer.personId}/block`, { blocked: true });
    expect(await world.told(customer)).toMatchObject({ state: 'accepted', channel: 'mini-program', reason: null });
    expect((await world.cards(customer)).map(({ kind }) => kind)).toEqual(['subscribe']);
  });
});

describe('What only we can mend', () => {
  it.each([
    ['a field that WeChat refuses', 47003],
    ['an argument that WeChat does not take', 40035],
    ['an address that may not call', 40164],
  ])('%s ends no message, is not tried in circles, and heals', async (_what, code) => {
    const customer = await world.customer({ follows: true, consents: 1 });
    const before = {
      template: (await world.calls(SEND_TEMPLATE)).length,
      subscribe: (await world.calls(SEND_SUBSCRIBE)).length,
    };
    await world.fault(SEND_TEMPLATE, 'code', { code, times: null });
    await world.fault(SEND_SUBSCRIBE, 'code', { code, times: null });
    const { id } = await world.told(customer);
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting', channel: null });
    expect(await world.calls(SEND_TEMPLATE)).toHaveLength(before.template + 1);
    expect(await world.calls(SEND_SUBSCRIBE)).toHaveLength(before.subscribe + 1);
    expect(await world.job(id)).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(world.test.logged.some((line) => line.includes('by our fault') && line.includes(id))).toBe(true);

    await world.lever('/faults', undefined, 'DELETE');
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', channel: 'official-account' });
    expect(await world.cards(customer)).toHaveLength(1);
  });

  it('at the account does not keep the message from going by the mini-program', async () => {
    const customer = await world.customer({ follows: true, consents: 1 });
    await world.fault(SEND_TEMPLATE, 'code', { code: 47003, times: null });
    expect(await world.told(customer)).toMatchObject({ state: 'accepted', channel: 'mini-program' });
  });

  it('that it may not be asked who follows does not either', async () => {
    await world.lever('/official-account/settings', { pushes: 'held' });
    const customer = await world.customer({ consents: 1 });
    await world.fault('/cgi-bin/user/info', 'code', { code: 48001, times: null });
    await customer.phone.signInOfficialAccount();
    const id = await world.tell(customer);
    await world.test.settle();
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', channel: 'mini-program' });
  });
});

it('the same event is told once, however often it is decided', async () => {
  const customer = await world.customer({ follows: true });
  const decisions = await Promise.allSettled(
    Array.from({ length: 10 }, () => world.tell(customer, 'payment:the-same', FACTS)),
  );
  await world.tell(customer, 'payment:the-same', FACTS);
  await world.test.settle();
  expect(decisions.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(await world.cards(customer)).toHaveLength(1);
});
