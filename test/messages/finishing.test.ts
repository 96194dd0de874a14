import { IsNull } from 'typeorm';
import { Job } from '../../entities/job.ts';
import { WechatPush } from '../../entities/wechat-push.ts';
import { type Addressee, MessageWorld, SEND_SUBSCRIBE, SEND_TEMPLATE } from './message-world.ts';

let world: MessageWorld;
beforeAll(async () => {
  // Answers are delayed here, not lost, however slow the machine.
  world = await MessageWorld.start({ environment: { WECHAT_API_TIMEOUT_MS: '10000' } });
}, 60_000);
afterAll(() => world.stop());
afterEach(() => world.clear());

/** WeChat says how a message ended; everything that follows is done. */
const finish = async (msgid: string, how: object = {}) => {
  const push = await world.lever<{ id: string }>(`/messages/${msgid}/finish`, how);
  await world.lever('/pushes/settled', {});
  await world.test.settle();
  return push.id;
};
const onlyCard = async (customer: Addressee) => (await world.cards(customer))[0]!;
const waitingPushes = () => world.desk.db.countBy(Job, { kind: 'wechat.pushed' });

describe('The end of a message', () => {
  it.each([
    ['success', 'delivered', null],
    ['failed:user block', 'blocked', 'failed:user block'],
    ['failed: user block', 'blocked', 'failed: user block'],
    ['failed: system failed', 'failed', 'failed: system failed'],
    ['failed:system failed', 'failed', 'failed:system failed'],
    ['something that nobody has seen', 'failed', 'something that nobody has seen'],
  ])('at the account is joined to it: %s', async (status, state, reason) => {
    const customer = await world.customer({ follows: true });
    const { id } = await world.told(customer);
    await finish((await onlyCard(customer)).msgid, { status });
    expect(await world.delivery(id)).toMatchObject({ state, reason, endedAt: expect.any(Date) });
  });

  it.each([
    [0, 'success', 'delivered', null],
    [43101, 'user refuse to accept the msg', 'failed', 'user refuse to accept the msg'],
    [20001, 'x'.repeat(80), 'failed', 'x'.repeat(64)],
  ])('in the mini-program is joined to it: %d', async (errorCode, status, state, reason) => {
    const customer = await world.customer({ consents: 1 });
    const { id } = await world.told(customer);
    await finish((await onlyCard(customer)).msgid, { errorCode, status });
    expect(await world.delivery(id)).toMatchObject({ state, reason });
  });

  it('is what was said first, however often and whatever is said later', async () => {
    const customer = await world.customer({ follows: true });
    const { id } = await world.told(customer);
    const { msgid } = await onlyCard(customer);
    const push = await finish(msgid);
    const { endedAt } = await world.delivery(id);
    await world.lever(`/pushes/${push}/send`, { times: 5, parallel: true });
    await world.test.advance(2000);
    await finish(msgid, { status: 'failed:user block' });
    expect(await world.delivery(id)).toMatchObject({ state: 'delivered', endedAt });
    expect(await waitingPushes()).toBe(0);
  });

  it.each([
    ['by the account', { follows: true }, SEND_TEMPLATE],
    ['by the mini-program', { consents: 1 }, SEND_SUBSCRIBE],
  ])('waits for its message when it comes before the answer to the sending: %s', async (_way, about, path) => {
    const customer = await world.customer(about);
    await world.fault(path, 'delay-after-effect', { ms: 500 });
    const id = await world.tell(customer);
    const sent = world.test.settle();
    while ((await world.cards(customer)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await world.lever(`/messages/${(await onlyCard(customer)).msgid}/finish`, {});
    await world.lever('/pushes/settled', {});
    await sent;
    expect((await world.delivery(id)).state).toMatch(/accepted|delivered/);
    await world.test.settle();
    await world.test.advance(3000);
    expect(await world.delivery(id)).toMatchObject({ state: 'delivered' });
    expect(await waitingPushes()).toBe(0);
  });

  it('of a message that is not ours is waited for ten minutes, ever more rarely, and then let be', async () => {
    const customer = await world.customer({ follows: true });
    const { id } = await world.told(customer);
    const { msgid } = await onlyCard(customer);
    await world.desk.transaction((work) =>
      work.db.query('UPDATE message_deliveries SET msgid = NULL WHERE id = ?', [id]),
    );
    await finish(msgid);
    let looks = 1;
    for (; (await waitingPushes()) > 0; looks += 1) {
      const job = await world.desk.db.findOneByOrFail(Job, { kind: 'wechat.pushed' });
      expect(job.attempts).toBe(0);
      await world.test.advance(Math.max(0, job.runAt.getTime() - world.desk.now().getTime()) + 1);
      expect(looks).toBeLessThan(20);
    }
    expect(looks).toBeGreaterThan(5);
    expect(await world.delivery(id)).toMatchObject({ state: 'accepted' });
    expect(await world.desk.db.countBy(WechatPush, { handledAt: IsNull() })).toBe(0);
    expect(world.test.logged.filter((line) => line.includes('has no message of ours'))).toHaveLength(1);
  });

  it('is believed of a message of which we did not know whether it was sent', async () => {
    const customer = await world.customer({ follows: true });
    const { id } = await world.told(customer);
    const { msgid } = await onlyCard(customer);
    await world.desk.transaction((work) =>
      work.db.query("UPDATE message_deliveries SET state = 'unknown' WHERE id = ?", [id]),
    );
    await finish(msgid);
    expect(await world.delivery(id)).toMatchObject({ state: 'delivered' });
  });
});
