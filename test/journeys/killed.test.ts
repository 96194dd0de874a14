import { jest } from '@jest/globals';
import { Job } from '../../entities/job.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Payment } from '../../entities/payment.ts';
import { WechatNotice } from '../../entities/wechat-notice.ts';
import type { OrderView, StartedPaymentView } from '../../src/contracts/index.ts';
import { KillableWorld, QUIET } from '../support/killable-world.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';
import { expectOneEffect, NOT_ANSWERED, type Sent } from './one-effect.ts';

jest.setTimeout(60_000);

/** After so long nobody waits any more for the one who was sending a message. */
const SENDER_IS_DEAD_MS = 3 * 60_000;
const NOTICES = /^POST \/wechat\/pay\/notices /;

/** Path (a): WeChat says that money came, and the server is killed at each step of hearing it and of what follows. */
let world: KillableWorld;
let customer: Phone;
let order: OrderView;
let started: StartedPaymentView;

/** An order whose payment is made at WeChat; the notice of it is not sent yet. */
async function paidAtWechat(): Promise<void> {
  order = await customer.order();
  await world.lever('/notices/settings', { mode: 'held' });
  started = await customer.startPayment(order.number);
  await customer.pay(started);
}

const noticeId = async (): Promise<string> => {
  const notices = await world.lever<{ id: string; outTradeNo: string }[]>('/notices');
  return notices.find(({ outTradeNo }) => outTradeNo === started.number)!.id;
};
/** WeChat sends its notice once; what it got for it. */
const tell = async (): Promise<Sent> => {
  const [sent] = await world.lever<Sent[]>(`/notices/${await noticeId()}/send`, {});
  return sent!;
};

const payment = () => world.database.reader.findOneByOrFail(Payment, { number: started.number });
const noticeIsKept = () => world.database.reader.existsBy(WechatNotice, { paymentNumber: started.number });
const messages = async () =>
  world.database.reader.findBy(MessageDelivery, { about: `payment:${(await payment()).id}` });
/** What is to follow from the payment and has not been done. */
const reactions = () => world.database.reader.findBy(Job, { kind: 'payment.settled' });

/** The server runs again; unless it has answered, WeChat repeats itself; then all must be as if nothing had happened. */
async function expectOneEffectAfterwards({
  wasAnswered,
  laterMs = 0,
}: {
  wasAnswered: boolean;
  laterMs?: number;
}): Promise<void> {
  const wasKept = await noticeIsKept();
  await world.letPass(laterMs);
  await world.runAgain();
  expect((await customer.seeOrder(order.number)).state).toBe(wasKept ? 'paid' : 'awaiting_payment');
  if (!wasAnswered) expect((await tell()).status).toBe(204);
  await expectOneEffect(world, { customer, order, started });
}

beforeAll(async () => {
  world = await KillableWorld.start();
});
afterAll(() => world.stop());
afterEach(() => world.simulator.world.faults.clear());

describe('A payment is counted once, and told once, when the server is killed', () => {
  const prepare = async (environment = {}) => {
    await world.serve(environment);
    customer = await world.follower();
    await paidAtWechat();
  };

  it('with the notice received and nothing of it read', async () => {
    await prepare();
    world.server.signal('SIGSTOP');
    world.asked.length = 0;
    const telling = tell();
    await until('the notice is with the server', () => world.asked.some((line) => NOTICES.test(line)));
    await world.kill();

    expect(await telling).toMatchObject(NOT_ANSWERED);
    expect(await noticeIsKept()).toBe(false);
    await expectOneEffectAfterwards({ wasAnswered: false });
  });

  // MariaDB has been given everything of it but its end; SQLite keeps the server waiting at its beginning.
  it('inside the transaction of the notice', async () => {
    await prepare(QUIET);
    world.holdCommits();
    const telling = tell();
    await world.untilItStandsIn('wechat_notices', { request: NOTICES });
    await world.kill();

    expect(await telling).toMatchObject(NOT_ANSWERED);
    expect(await noticeIsKept()).toBe(false);
    expect((await payment()).state).toBe('open');
    await expectOneEffectAfterwards({ wasAnswered: false });
  });

  it('after the commit, with the answer lost', async () => {
    await prepare();
    await world.keepWorkersBusy();
    world.killAtAnswerTo = NOTICES;
    expect(await tell()).toMatchObject(NOT_ANSWERED);
    await world.kill();

    expect((await payment()).state).toBe('paid');
    expect(await reactions()).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    await expectOneEffectAfterwards({ wasAnswered: false });
  });

  it('after the answer, before anything followed from it', async () => {
    await prepare();
    await world.keepWorkersBusy();
    expect((await tell()).status).toBe(204);
    await world.kill();

    expect((await payment()).state).toBe('paid');
    expect(await reactions()).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    await expectOneEffectAfterwards({ wasAnswered: true });
  });

  it('with the message decided, before it reached WeChat', async () => {
    await prepare();
    world.deafTo = /message\/template\/send/;
    expect((await tell()).status).toBe(204);
    await until('the message is on its way', () => world.unheard.length > 0);
    await world.kill();

    expect(await messages()).toMatchObject([{ state: 'sending', msgid: null }]);
    expect(await world.chat(customer)).toEqual([]);
    await expectOneEffectAfterwards({ wasAnswered: true, laterMs: SENDER_IS_DEAD_MS });
  });

  it('between the message sent and its outcome written', async () => {
    await prepare();
    await world.lever('/faults', { path: '/cgi-bin/message/template/send', kind: 'delay-after-effect', ms: 3000 });
    expect((await tell()).status).toBe(204);
    await until('the message is in the chat', async () => (await world.chat(customer)).length > 0);
    await world.kill();

    expect(await messages()).toMatchObject([{ state: 'sending', msgid: null }]);
    await expectOneEffectAfterwards({ wasAnswered: true, laterMs: SENDER_IS_DEAD_MS });
  });
});

describe('A payment of which no notice ever comes', () => {
  const CHASED = { CHASE_AFTER_SECONDS: '1,2,4' };

  beforeEach(async () => {
    await world.serve(CHASED);
    customer = await world.follower();
  });

  it('is counted once when the server is killed while it asks WeChat', async () => {
    const { faults } = world.simulator.world;
    const { id } = faults.add({ path: '/v3/pay/transactions/out-trade-no', kind: 'delay-after-effect', ms: 3000 });
    await paidAtWechat();
    await until('WeChat is asked', () => faults.all().some((rule) => rule.id === id && rule.hits === 1));
    await world.kill();

    expect((await payment()).state).toBe('open');
    await world.runAgain(CHASED);
    await until('the payment is counted', async () => (await payment()).state === 'paid');
    await expectOneEffect(world, { customer, order, started });
    expect(await noticeIsKept()).toBe(false);
  });

  it('is counted once when the server is killed inside the transaction that writes WeChat’s word down', async () => {
    const { faults } = world.simulator.world;
    const { id } = faults.add({ path: '/v3/pay/transactions/out-trade-no', kind: 'delay-after-effect', ms: 500 });
    await paidAtWechat();
    await until('WeChat is asked', () => faults.all().some((rule) => rule.id === id && rule.hits === 1));
    world.holdCommits();
    await world.untilItStandsIn('ledger_postings', { answerTo: /^GET \/v3\/pay\/transactions\/out-trade-no/ });
    await world.kill();

    expect((await payment()).state).toBe('open');
    await world.runAgain(CHASED);
    await until('the payment is counted', async () => (await payment()).state === 'paid');
    await expectOneEffect(world, { customer, order, started });
  });
});

/** The mini-program's message has no number of ours that WeChat would know a repeat by. */
it('A message by the mini-program is never sent twice when the server is killed before its outcome is written', async () => {
  await world.serve();
  customer = await world.person();
  await customer.signInMiniProgram();
  const templateIds = [world.simulator.world.kit.miniProgram.templates[0]!.priTmplId];
  await world.lever(`/people/${customer.personId}/mini-program/subscribe`, { templateIds });
  await customer.post('/app/message-consents', {
    answers: templateIds.map((templateId) => ({ templateId, answer: 'accept' })),
  });
  await paidAtWechat();
  await world.lever('/faults', { path: '/cgi-bin/message/subscribe/send', kind: 'delay-after-effect', ms: 3000 });
  expect((await tell()).status).toBe(204);
  await until('the message is in the chat', async () => (await world.chat(customer)).length > 0);
  await world.kill();
  expect(await messages()).toMatchObject([{ state: 'sending', channel: 'mini-program', msgid: null }]);

  await world.letPass(SENDER_IS_DEAD_MS);
  await world.runAgain();
  await until('the message is given up', async () => (await messages())[0]!.state === 'unknown');
  expect(await world.chat(customer)).toHaveLength(1);
  expect(await messages()).toMatchObject([{ reason: 'answer_lost' }]);
});
