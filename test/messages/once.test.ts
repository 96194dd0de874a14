import { MessageDelivery } from '../../entities/message-delivery.ts';
import { WechatToken } from '../../entities/wechat-token.ts';
import { deliverMessage } from '../../src/messages/index.ts';
import { takeUp } from '../../src/messages/take-up.ts';
import { NotYet } from '../../src/platform/jobs/index.ts';
import { FACTS, MessageWorld, SEND_SUBSCRIBE, SEND_TEMPLATE } from './message-world.ts';

let world: MessageWorld;
beforeAll(async () => {
  world = await MessageWorld.start();
}, 60_000);
afterAll(() => world.stop());
afterEach(async () => {
  await world.lever('/official-account/settings', { repeatedClientMsgId: 'old-msgid' });
  await world.clear();
});

const cardsOf = async (customer: Parameters<MessageWorld['cards']>[0]) => (await world.cards(customer)).length;

describe('A message to the service account', () => {
  it.each(['token-invalid-once', 'token-expired-once'])('goes out once with a new token: %s', async (kind) => {
    const customer = await world.customer({ follows: true });
    await world.fault(SEND_TEMPLATE, kind);
    const before = (await world.calls('/cgi-bin/stable_token')).length;
    expect(await world.told(customer)).toMatchObject({ state: 'accepted' });
    expect(await cardsOf(customer)).toBe(1);
    expect(await world.calls('/cgi-bin/stable_token')).toHaveLength(before + 1);
  });

  it('waits while WeChat is busy', async () => {
    const customer = await world.customer({ follows: true });
    await world.fault(SEND_TEMPLATE, 'busy', { times: 2 });
    const { id } = await world.told(customer);
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting', reason: 'busy', sendingUntil: null });
    await world.untilTriedAgain(id);
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', reason: null });
    expect(await cardsOf(customer)).toBe(1);
  });

  it.each([
    ['daily-quota', 'daily_quota'],
    ['minute-quota', 'minute_quota'],
  ])('waits until the quota is new: %s', async (kind, reason) => {
    const customer = await world.customer({ follows: true });
    await world.fault(SEND_TEMPLATE, kind);
    const { id } = await world.told(customer);
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting', reason });
    const { runAt } = (await world.job(id))!;
    const waitMs = runAt.getTime() - world.desk.now().getTime();
    if (kind === 'daily-quota') expect(runAt.toISOString()).toContain('T16:01:00.000Z');
    else expect(waitMs).toBeGreaterThan(50_000);
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', channel: 'official-account' });
    expect(await cardsOf(customer)).toBe(1);
  });

  it.each(['delay-after-effect', 'reset-after-effect', 'truncated-body', 'html-502'])(
    'arrives once when the answer is lost: %s',
    async (kind) => {
      const customer = await world.customer({ follows: true });
      await world.fault(SEND_TEMPLATE, kind, { ms: kind === 'delay-after-effect' ? 5000 : 0, times: 2 });
      const { id } = await world.told(customer);
      const lost = await world.delivery(id);
      expect(lost).toMatchObject({ state: 'sending', msgid: null });
      expect(lost.sendingUntil!.getTime()).toBeGreaterThanOrEqual(world.desk.now().getTime());
      await world.untilTriedAgain(id);
      const lostAgain = await world.delivery(id);
      expect(lostAgain).toMatchObject({ state: 'sending' });
      // Ever later.
      const [first, second] = [lost, lostAgain].map(({ sentAt, sendingUntil }) => +sendingUntil! - +sentAt!);
      expect(second).toBeGreaterThan(first! * 1.5);
      await world.untilTriedAgain(id);
      const [card, ...more] = await world.cards(customer);
      expect(more).toEqual([]);
      expect(await world.delivery(id)).toMatchObject({ state: 'accepted', msgid: card!.msgid });
    },
  );

  it('counts as accepted when WeChat refuses the repeat as one', async () => {
    await world.lever('/official-account/settings', { repeatedClientMsgId: 'refused' });
    const customer = await world.customer({ follows: true });
    await world.fault(SEND_TEMPLATE, 'reset-after-effect');
    const { id } = await world.told(customer);
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', msgid: null });
    expect(await world.job(id)).toBeUndefined();
    expect(await cardsOf(customer)).toBe(1);
  });

  it('is not repeated once WeChat would not hold the repeat back any more', async () => {
    const customer = await world.customer({ follows: true });
    await world.fault(SEND_TEMPLATE, 'reset-after-effect');
    const { id } = await world.told(customer);
    await world.test.advance(9 * 60_000);
    expect(await world.delivery(id)).toMatchObject({ state: 'unknown', endedAt: null });
    await world.test.advance(24 * 3600_000);
    expect(await cardsOf(customer)).toBe(1);
    expect(await world.job(id)).toBeUndefined();
  });

  it('that may have arrived goes no other way when the repeat is refused', async () => {
    const customer = await world.customer({ follows: true, consents: 1 });
    await world.fault(SEND_TEMPLATE, 'reset-after-effect');
    const { id } = await world.told(customer);
    await world.fault(SEND_TEMPLATE, 'busy');
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'sending' });
    await world.fault(SEND_TEMPLATE, 'code', { code: 43004 });
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'unknown', channel: 'official-account' });
    await world.test.advance(3600_000);
    expect((await world.cards(customer)).map(({ kind }) => kind)).toEqual(['template']);
  });

  it('is not lost while no token can be had, however long that lasts', async () => {
    const customer = await world.customer({ follows: true });
    const { id } = await (async () => {
      await world.desk.transaction(async (work) => void (await work.db.deleteAll(WechatToken)));
      await world.fault('/cgi-bin/stable_token', 'html-502', { times: null });
      // What was read of it a moment ago is believed no longer.
      world.test.clock.advance(1000);
      return world.told(customer);
    })();
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting', reason: 'token_unavailable' });
    await world.test.advance(15 * 60_000);
    await world.test.advance(24 * 3600_000);
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting' });
    await world.lever('/faults', undefined, 'DELETE');
    await world.test.advance(2 * 3600_000);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted' });
    expect(await cardsOf(customer)).toBe(1);
  });
});

describe('A message by the mini-program', () => {
  it.each(['reset-after-effect', 'reset-before', 'delay-after-effect'])(
    'is never repeated when its answer is lost: %s',
    async (kind) => {
      const customer = await world.customer({ consents: 2 });
      await world.fault(SEND_SUBSCRIBE, kind, { ms: kind === 'delay-after-effect' ? 5000 : 0 });
      const { id } = await world.told(customer);
      await world.test.advance(3600_000);
      expect(await world.delivery(id)).toMatchObject({ state: 'unknown', reason: expect.any(String), endedAt: null });
      expect(await world.job(id)).toBeUndefined();
      expect(await cardsOf(customer)).toBe(kind === 'reset-before' ? 0 : 1);
    },
  );

  it('waits while another message to the same person is on its way', async () => {
    const customer = await world.customer({ consents: 2 });
    await world.lever('/mini-program/settings', { sendTakesMs: 150 });
    const ids = [await world.tell(customer), await world.tell(customer)];
    await world.test.settle();
    await world.test.advance(10_000);
    await world.lever('/mini-program/settings', { sendTakesMs: 20 });
    for (const id of ids) expect(await world.delivery(id)).toMatchObject({ state: 'accepted' });
    expect(await cardsOf(customer)).toBe(2);
    expect(await world.counted(customer)).toBe(0);
  });

  it('is refused when the consent was used up elsewhere, and we count so', async () => {
    const customer = await world.customer({ consents: 3 });
    await world.fault(SEND_SUBSCRIBE, 'code', { code: 43101 });
    expect(await world.told(customer)).toMatchObject({ state: 'unreachable', reason: 'consent_used_up' });
    expect(await world.counted(customer)).toBe(0);
    expect(await cardsOf(customer)).toBe(0);
  });

  it('is not lost while no token can be had', async () => {
    const customer = await world.customer({ consents: 1 });
    await world.desk.transaction(async (work) => void (await work.db.deleteAll(WechatToken)));
    await world.fault('/cgi-bin/stable_token', 'html-502', { times: null });
    const { id } = await world.told(customer);
    await world.test.advance(3600_000);
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting' });
    await world.lever('/faults', undefined, 'DELETE');
    await world.test.advance(3600_000);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted' });
    expect(await cardsOf(customer)).toBe(1);
  });

  it('without an id of WeChat’s is accepted all the same', async () => {
    await world.lever('/mini-program/settings', { answersMsgid: false });
    const customer = await world.customer({ consents: 1 });
    expect(await world.told(customer)).toMatchObject({ state: 'accepted', msgid: null });
    await world.lever('/mini-program/settings', { answersMsgid: true });
  });
});

describe('A worker that died over a message', () => {
  /** Taken up, committed, and nothing written afterwards. */
  const diedOver = async (customer: { customerId: string }) => {
    const id = await world.tell(customer);
    const ready = await world.desk.transaction((work) => takeUp(work, id, []));
    expect(ready).toMatchObject({ delivery: { state: 'sending' } });
    return id;
  };
  const sendAs = (id: string, openid: string) =>
    world.desk.officialAccount.sendTemplate({
      openid,
      templateId: world.test.config.OFFICIAL_ACCOUNT_TEMPLATES['order-paid']!,
      fields: { character_string1: FACTS.orderNumber, thing2: '服务', amount3: '¥1.00', time4: '2026年11月22日 15:04' },
      clientMsgId: id,
    });

  it('leaves it to its successor only after the lease', async () => {
    const customer = await world.customer({ follows: true });
    const id = await diedOver(customer);
    await expect(deliverMessage(world.desk, { deliveryId: id })).rejects.toThrow(NotYet);
    await world.test.settle();
    expect(await cardsOf(customer)).toBe(0);
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted' });
    expect(await cardsOf(customer)).toBe(1);
  });

  it('after it was sent has caused one card when the successor is done', async () => {
    const customer = await world.customer({ follows: true });
    const id = await diedOver(customer);
    const { msgid } = await sendAs(id, customer.accountOpenid);
    await world.test.settle();
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', msgid });
    expect(await cardsOf(customer)).toBe(1);
  });

  it('long ago: nobody knows, nobody repeats', async () => {
    const customer = await world.customer({ follows: true });
    const id = await diedOver(customer);
    await sendAs(id, customer.accountOpenid);
    await world.test.advance(11 * 60_000);
    expect(await world.delivery(id)).toMatchObject({ state: 'unknown', reason: 'answer_lost' });
    expect(await cardsOf(customer)).toBe(1);
  });

  it('of the mini-program: nobody knows, nobody repeats', async () => {
    const customer = await world.customer({ consents: 2 });
    const id = await diedOver(customer);
    await world.test.settle();
    await world.untilTriedAgain(id);
    expect(await world.delivery(id)).toMatchObject({ state: 'unknown', reason: 'answer_lost' });
    expect(await cardsOf(customer)).toBe(0);
    expect(await world.job(id)).toBeUndefined();
  });

  it('only seemingly: the answer that comes late after all is believed', async () => {
    const customer = await world.customer({ consents: 1 });
    await world.fault(SEND_SUBSCRIBE, 'delay-after-effect', { ms: 400 });
    const id = await world.tell(customer);
    const slow = deliverMessage(world.desk, { deliveryId: id });
    while ((await world.delivery(id)).state !== 'sending') await new Promise(setImmediate);
    world.test.clock.advance(3 * 60_000);
    await deliverMessage(world.desk, { deliveryId: id });
    expect(await world.delivery(id)).toMatchObject({ state: 'unknown' });
    await slow;
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted', msgid: expect.any(String), reason: null });
    expect(await world.counted(customer)).toBe(0);
    world.test.clock.advance(-3 * 60_000);
  });
});

describe('Twenty deliveries of one message at one instant', () => {
  it.each([
    ['by the account', { follows: true, consents: 0 }],
    ['by the mini-program', { follows: false, consents: 5 }],
  ])('are one card: %s', async (_way, about) => {
    const customer = await world.customer(about);
    const id = await world.tell(customer);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => deliverMessage(world.desk, { deliveryId: id })),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(NotYet);
    const { state, msgid } = await world.delivery(id);
    const cards = await world.cards(customer);
    expect({ state, msgids: cards.map((card) => card.msgid) }).toEqual({ state: 'accepted', msgids: [msgid] });
    expect(await world.counted(customer)).toBe(about.follows ? 0 : 4);
    await world.test.settle();
    expect(await cardsOf(customer)).toBe(1);
    expect(await world.desk.db.countBy(MessageDelivery, { customerId: customer.customerId })).toBe(1);
  });
});
