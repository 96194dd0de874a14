import { Job } from '../../entities/job.ts';
import type { TaskView } from '../../src/contracts/index.ts';
import { lookAtForgotten, settleRefund } from '../../src/refunds/index.ts';
import { ledgerOf, messagesOf } from '../support/books.ts';
import {
  eachInAShop,
  REFUNDS,
  approve,
  approved,
  arrives,
  calls,
  checker,
  paid,
  propose,
  quote,
  see,
  world,
} from './refund-world.ts';

eachInAShop();

describe('What WeChat says', () => {
  it.each([
    ['is lost after it was accepted', 'reset-after-effect'],
    ['is lost before', 'reset-before'],
    ['is that something is wrong there', 'error-before'],
  ])('%s: asked again under the same number, it is one refund', async (_what, kind) => {
    const order = await paid();
    await world.lever('/faults', { path: REFUNDS, kind, times: 2 });
    const { id } = await approved(order.number, 100);
    await world.advance(10 * 60_000);
    await arrives();
    // The question that follows the notice may be lost as well.
    await world.advance(60_000);
    expect((await see(id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(world.simulator.world.pay.refunds.size).toBe(1);
    expect((await ledgerOf(world.world)).filter(({ kind: posted }) => posted === 'refund')).toHaveLength(1);
  });

  it('is that the account has too little: it waits, staff are told, and the same number goes once there is money', async () => {
    const order = await paid();
    const balance = world.simulator.world.pay.movements.at(-1)!.balance;
    await world.lever('/pay/withdraw', { amount: balance });
    const { id, refunds } = await approved(order.number, 1000);
    expect(refunds).toMatchObject([
      { state: 'approved', failure: 'not_enough', failureWords: '商户账户余额不足，充值后自动重试' },
    ]);
    const asked = await checker.pages<TaskView>('/staff/tasks?kind=attention');
    expect(asked).toMatchObject([{ title: `余额不足，退款等待中：订单 ${order.number}` }]);
    expect((await ledgerOf(world.world)).map(({ kind }) => kind)).toEqual(['payment']);
    await world.lever('/pay/withdraw', { amount: -balance });
    await world.advance(31 * 60_000);
    await arrives();
    const done = (await see(id)).refunds;
    expect(done).toMatchObject([{ state: 'succeeded', failure: null, number: refunds[0]!.number }]);
    expect(await checker.pages('/staff/tasks?kind=attention')).toEqual([]);
    expect(await checker.pages('/staff/tasks?kind=attention&state=done')).toMatchObject([{ outcome: 'mended' }]);
  });

  it('is that it was closed: the money is ours again, the books say so, and staff are told', async () => {
    await world.lever('/pay/settings', { refundOutcome: 'CLOSED' });
    const order = await paid();
    const { id } = await approved(order.number, 1000);
    await arrives();
    expect((await see(id)).refunds).toMatchObject([{ state: 'closed' }]);
    const lines = (await ledgerOf(world.world)).slice(1).map(({ kind, lines: { wechat_pay } }) => [kind, wechat_pay]);
    expect(lines).toEqual([
      ['refund', -1000],
      ['refund_closed', 1000],
    ]);
    expect(await quote(order.number)).toMatchObject({ refundedFen: 0, leftFen: order.amountFen });
    expect(await checker.pages<TaskView>('/staff/tasks?kind=attention')).toMatchObject([
      { title: `退款关闭：订单 ${order.number}` },
    ]);
  });

  it('is that the money could not be given back: a task for a person, and it goes on when WeChat does', async () => {
    await world.lever('/pay/settings', { refundOutcome: 'ABNORMAL' });
    const order = await paid();
    const { id, refunds } = await approved(order.number, 1000);
    await arrives();
    expect((await see(id)).refunds).toMatchObject([{ state: 'abnormal', stateWords: '退款异常' }]);
    expect(await checker.pages<TaskView>('/staff/tasks?kind=attention')).toHaveLength(1);
    expect((await messagesOf(world.world)).map(({ message }) => message)).toEqual(['order-paid']);
    await world.lever(`/pay/refunds/${refunds[0]!.number}/end`, { status: 'SUCCESS' });
    await arrives();
    expect((await see(id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(await checker.pages('/staff/tasks?kind=attention')).toEqual([]);
  });

  it('never comes, because the notice is lost: it is asked for', async () => {
    const order = await paid();
    await world.lever('/notices/settings', { mode: 'held' });
    const { id } = await approved(order.number, 1000);
    await world.advance(3 * 60_000);
    expect((await see(id)).refunds).toMatchObject([{ state: 'processing' }]);
    await lookAtForgotten(world.world.desk);
    expect((await see(id)).refunds).toMatchObject([{ state: 'processing' }]);
    await world.advance(10 * 60_000);
    await lookAtForgotten(world.world.desk);
    await world.settle();
    expect((await see(id)).refunds).toMatchObject([{ state: 'succeeded' }]);
  });

  it('is nothing, because whatever should have sent it is gone: it is sent all the same', async () => {
    const order = await paid();
    const { id } = await propose(order.number, 1000);
    expect(await approve(id)).toBe(200);
    await world.world.desk.transaction((work) => work.db.delete(Job, { kind: 'refund.send' }));
    await world.settle();
    expect((await see(id)).refunds).toMatchObject([{ state: 'approved' }]);
    await world.advance(11 * 60_000);
    await lookAtForgotten(world.world.desk);
    expect((await see(id)).refunds).toMatchObject([{ state: 'processing' }]);
  });

  it('is no to what was accepted before, unheard: the query’s word counts', async () => {
    const order = await paid();
    await world.lever('/notices/settings', { mode: 'held' });
    for (const kind of ['reset-after-effect', 'code'])
      await world.lever('/faults', { path: REFUNDS, method: 'POST', kind, times: 1 });
    const { id } = await approved(order.number, 1000);
    await world.advance(60_000);
    await world.settle();
    expect(await calls()).toBe(2);
    expect((await see(id)).refunds).toMatchObject([{ state: 'succeeded', failure: null }]);
  });

  it('late changes nothing that is over', async () => {
    const order = await paid();
    const { id, refunds } = await approved(order.number, 1000);
    const { desk } = world.world;
    const early = await desk.pay.findByOutRefundNo(refunds[0]!.number);
    expect(early).toMatchObject({ state: 'processing' });
    await arrives();
    await desk.transaction((work) => settleRefund(work, early!));
    expect((await see(id)).refunds).toMatchObject([{ state: 'succeeded' }]);
  });

  it('is no forever: the refund failed, with the reason, and the amount is free again', async () => {
    const order = await paid();
    await world.lever('/faults', { path: REFUNDS, kind: 'code', status: 403, code: 'USER_ACCOUNT_ABNORMAL' });
    const { refunds } = await approved(order.number, 1000);
    expect(refunds).toMatchObject([{ state: 'failed', failureWords: '付款人账户异常' }]);
    expect(await quote(order.number)).toMatchObject({ leftFen: order.amountFen });
    expect((await ledgerOf(world.world)).map(({ kind }) => kind)).toEqual(['payment']);
  });

  it('is no forever after the account had too little: nobody is asked for money any more', async () => {
    const order = await paid();
    await world.lever('/pay/withdraw', { amount: world.simulator.world.pay.movements.at(-1)!.balance });
    const { id } = await approved(order.number, 1000);
    await world.lever('/faults', { path: REFUNDS, kind: 'code', status: 403, code: 'USER_ACCOUNT_ABNORMAL' });
    await world.advance(31 * 60_000);
    await arrives();
    expect((await see(id)).refunds).toMatchObject([{ state: 'failed' }]);
    expect(await checker.pages<TaskView>('/staff/tasks?kind=attention')).toMatchObject([
      { title: `退款被微信拒绝：订单 ${order.number}` },
    ]);
  });
});
