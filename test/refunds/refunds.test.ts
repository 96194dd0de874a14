import { Order } from '../../entities/order.ts';
import { Refund } from '../../entities/refund.ts';
import type {
  GovernmentPaymentView,
  OwnRefundQuoteView,
  OwnRefundView,
  RefundProposalView,
  RefusalBody,
} from '../../src/contracts/index.ts';
import { shanghaiDay } from '../../src/platform/calendar.ts';
import { newId } from '../../src/platform/ids.ts';
import { ledgerOf, messagesOf } from '../support/books.ts';
import { buildStaff } from '../support/staff.ts';
import {
  eachInAShop,
  LICENCE,
  approve,
  approved,
  arrives,
  body,
  calls,
  checker,
  customer,
  maker,
  paid,
  pay,
  propose,
  quote,
  reach,
  see,
  world,
} from './refund-world.ts';

eachInAShop();

describe('A refund', () => {
  it('is proposed by one person, decided by another, accepted by WeChat, and arrives: booked, told, and the order is over', async () => {
    const order = await paid();
    const { ruleFen, leftFen, percent } = await quote(order.number);
    expect([ruleFen, leftFen, percent]).toEqual([order.amountFen, order.amountFen, 100]);
    const address = `/staff/orders/${order.number}/refund-proposals`;
    const proposal = await maker.data<RefundProposalView>('POST', address, body(ruleFen));
    expect(proposal).toMatchObject({ state: 'proposed', askedBy: 'staff', refunds: [] });
    await world.settle();
    expect(await calls()).toBe(0);

    expect(await approve(proposal.id)).toBe(200);
    await world.settle();
    const onItsWay = await see(proposal.id);
    expect(onItsWay.refunds).toMatchObject([{ state: 'processing', amountFen: ruleFen, failure: null }]);
    expect((await ledgerOf(world.world)).at(-1)).toMatchObject({
      kind: 'refund',
      reference: onItsWay.refunds[0]!.number,
      lines: { advance_from_customers: ruleFen, wechat_pay: -ruleFen },
    });
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'paid' });
    await arrives();
    expect((await see(proposal.id)).refunds).toMatchObject([{ state: 'succeeded', receivedBy: '支付用户零钱' }]);
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'refunded' });
    expect((await messagesOf(world.world)).map(({ message }) => message)).toEqual(['order-paid', 'refund-arrived']);
    const refundsOfOrder = `/app/orders/${order.number}/refunds`;
    const once = await customer.call('POST', refundsOfOrder, { reason: '再退一次', amountFen: order.amountFen });
    expect(once.body).toMatchObject({ error: { code: 'refund.nothing_to_refund' } });
    const own = await customer.get<OwnRefundView[]>(refundsOfOrder);
    expect(own).toMatchObject([{ state: 'approved', refunds: [{ state: 'succeeded', stateWords: '已退款' }] }]);
  });

  it('goes by the rule and the milestones: the share of the price, and government fees whole', async () => {
    const order = await paid(LICENCE);
    const first = await quote(order.number);
    expect(first).toMatchObject({ percent: 100, ruleFen: order.paidFen, paidFen: order.paidFen });
    await reach(order.number, 'work_started');
    const { governmentFen } = await governmentOf(order.number);
    const share = Math.floor(((order.paidFen - governmentFen) * 70) / 100) + governmentFen;
    expect(await quote(order.number)).toMatchObject({ percent: 70, milestone: 'work_started', ruleFen: share });
    const address = `/staff/orders/${order.number}/refund-proposals`;
    const other = await maker.call('POST', address, body(share + 1));
    expect(other.body.error?.detail).toMatchObject({ fields: [{ field: 'changeReason' }] });
    await approved(order.number, share);
    expect(await quote(order.number)).toMatchObject({ ruleFen: 0, refundedFen: share, leftFen: order.paidFen - share });
    const posting = (await ledgerOf(world.world)).find(({ kind }) => kind === 'refund');
    expect(posting!.lines['government_fees_collected'] ?? 0).toBe(governmentFen);
  });

  it('of two payments is taken from the newest first, each in its own refund', async () => {
    const service = await customer.get<{
      packages: { code: string; plans: { code: string; instalments: { milestone: string }[] }[] }[];
    }>(`/app/services/${LICENCE}`);
    const [sold] = service.packages.flatMap(({ code, plans }) =>
      plans.filter(({ instalments }) => instalments.length > 1).map((plan) => ({ code, plan })),
    );
    const order = await customer.order(LICENCE, { packageCode: sold!.code, planCode: sold!.plan.code });
    await pay(order.number);
    await reach(order.number, sold!.plan.instalments[1]!.milestone);
    await pay(order.number);
    const [first, second] = (await customer.seeOrder(order.number)).instalments;
    const amountFen = second!.amountFen + 100;
    const { refunds } = await approved(order.number, amountFen);
    expect(refunds.map((refund) => refund.amountFen)).toEqual([second!.amountFen, 100]);
    expect(first!.amountFen).toBeGreaterThan(100);
    await arrives();
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'paid' });
  });

  it('is asked for by the customer once, for what the rule gives; staff may say no and why', async () => {
    const order = await paid();
    const address = `/app/orders/${order.number}/refunds`;
    const asked = await customer.call('POST', address, { amountFen: order.amountFen, reason: '不想办了' });
    expect(asked.status).toBe(201);
    expect(
      (await customer.call('POST', address, { amountFen: order.amountFen, reason: '再问一次' })).body,
    ).toMatchObject({
      error: { code: 'refund.already_asked' },
    });
    const [proposal] = await maker.pages<RefundProposalView>('/staff/refund-proposals?state=proposed');
    expect(proposal).toMatchObject({ askedBy: 'customer', proposedBy: null, amountFen: order.amountFen });
    const rejection = `/staff/refund-proposals/${proposal!.id}/rejection`;
    expect(await checker.codeOf('POST', rejection, { note: '材料已递交' })).toBe(200);
    expect(await approve(proposal!.id)).toBe('refund.illegal_move');
    expect(await customer.get(address)).toMatchObject([{ state: 'rejected', note: '材料已递交', refunds: [] }]);
    const stranger = await world.person();
    await stranger.signInMiniProgram();
    expect((await stranger.call('GET', address)).status).toBe(404);
    expect((await stranger.call('POST', address, { amountFen: 1, reason: '别人的' })).status).toBe(404);
  });
});

describe('A customer', () => {
  const ownQuote = (number: string) => customer.get<OwnRefundQuoteView>(`/app/orders/${number}/refund-quote`);
  async function ask(number: string, amountFen: number): Promise<string | number> {
    const wanted = { amountFen, reason: '不再办理' };
    const { status, body: told } = await customer.call('POST', `/app/orders/${number}/refunds`, wanted);
    return status < 300 ? status : (told as RefusalBody).error.code;
  }

  it('is told beforehand what the rule gives and why, and asks for just that: another amount is not asked for unseen', async () => {
    const order = await paid(LICENCE);
    const shown = await ownQuote(order.number);
    expect(shown).toMatchObject({ paidFen: order.paidFen, amountFen: order.paidFen, percent: 100, whyNot: null });
    expect([shown.milestoneName, shown.sentences.length]).toEqual(['下单', 5]);
    await reach(order.number, 'work_started');
    expect(await ask(order.number, shown.amountFen)).toBe('refund.amount_changed');
    const now = await ownQuote(order.number);
    expect(now.amountFen).toBeLessThan(shown.amountFen);
    expect(now).toMatchObject({ percent: 70, milestoneName: '开始编制材料' });
    expect(await ask(order.number, now.amountFen)).toBe(201);
    expect(await ownQuote(order.number)).toMatchObject({ whyNot: 'asked', amountFen: 0 });
    expect(await ask(order.number, now.amountFen)).toBe('refund.already_asked');
    const stranger = await world.person();
    await stranger.signInMiniProgram();
    expect((await stranger.call('GET', `/app/orders/${order.number}/refund-quote`)).status).toBe(404);
  });

  it('is told why nothing can be asked for', async () => {
    const unpaid = await customer.order();
    expect(await ownQuote(unpaid.number)).toMatchObject({
      whyNot: 'not_paid',
      whyNotWords: '该订单还没有付款，无需退款',
    });
    const returned = await paid();
    await approved(returned.number, returned.amountFen);
    expect(await ownQuote(returned.number)).toMatchObject({ whyNot: 'given_back' });
    const finished = await paid(LICENCE);
    for (const code of ['work_started', 'submitted', 'licence_issued']) await reach(finished.number, code);
    // The authority's fees always go back; the share of the price is nothing by now.
    const { governmentFen } = await governmentOf(finished.number);
    if (governmentFen > 0) await approved(finished.number, governmentFen);
    expect(await ownQuote(finished.number)).toMatchObject({ whyNot: 'rule', percent: 0 });
    const old = await paid();
    await world.advance(365 * 24 * 3600_000);
    await customer.signInMiniProgram();
    expect(await ownQuote(old.number)).toMatchObject({ whyNot: 'too_late' });
    for (const { number } of [unpaid, returned, finished, old])
      expect(await ask(number, 100)).toBe('refund.nothing_to_refund');
  });
});

describe('What an authority has', () => {
  const FEE_FEN = 30_000;
  let receipts = 0;
  const passOn = (number: string, amountFen: number) =>
    checker.data<GovernmentPaymentView>('POST', `/staff/orders/${number}/government-payments`, {
      amountFen,
      paidOn: shanghaiDay(world.clock.now()),
      authority: '腾讯认证',
      receiptNumber: `RZ-${(receipts += 1)}`,
    });
  const WITH_FEE = { packageCode: 'official_account_with_verification', planCode: 'two_parts' };

  it('is in neither the rule’s amount nor what is left, at every milestone, until it is withdrawn', async () => {
    const order = await paid('service-account-verification');
    const ownFen = order.amountFen - FEE_FEN;
    const { id } = await passOn(order.number, 20_000);
    const leftFen = ownFen + 10_000;
    expect(await quote(order.number)).toMatchObject({ passedOnFen: 20_000, leftFen, ruleFen: leftFen });
    await reach(order.number, 'work_started');
    const ruleFen = Math.floor((ownFen * 60) / 100) + 10_000;
    expect(await quote(order.number)).toMatchObject({ percent: 60, leftFen, ruleFen });
    await reach(order.number, 'submitted');
    expect(await quote(order.number)).toMatchObject({ percent: 0, leftFen, ruleFen: 10_000 });
    const day = shanghaiDay(world.clock.now());
    const address = `/staff/orders/${order.number}/government-payments/${id}/withdrawal`;
    expect(await checker.codeOf('POST', address, { day, reason: '主管部门退回' })).toBe(200);
    expect(await quote(order.number)).toMatchObject({ passedOnFen: 0, leftFen: order.amountFen, ruleFen: FEE_FEN });
  });

  it('is taken off the payment that brought it, so that the newest still gives all of its own', async () => {
    const order = await customer.order('wechat-pay-application', WITH_FEE);
    await pay(order.number);
    await reach(order.number, 'opened');
    await pay(order.number);
    const [first, second] = (await customer.seeOrder(order.number)).instalments;
    await passOn(order.number, FEE_FEN);
    const { refunds } = await approved(order.number, order.amountFen - FEE_FEN);
    expect(refunds.map(({ amountFen }) => amountFen)).toEqual([second!.amountFen, first!.amountFen - FEE_FEN]);
    const books = (await ledgerOf(world.world)).filter(({ kind }) => kind === 'refund');
    expect(books.map(({ lines }) => lines['government_fees_collected'] ?? 0)).toEqual([0, 0]);
    await arrives();
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'refunded' });
  });

  it('stops a refund that was proposed before it was passed on', async () => {
    const order = await paid('service-account-verification');
    const { id } = await propose(order.number, order.amountFen);
    await passOn(order.number, 1);
    expect(await approve(id)).toBe('refund.more_than_left');
    expect(await checker.codeOf('POST', `/staff/refund-proposals/${id}/rejection`, { note: '审核费已缴纳' })).toBe(200);
    await approved(order.number, order.amountFen - 1);
    expect(await calls()).toBe(1);
  });
});

async function governmentOf(number: string): Promise<{ governmentFen: number }> {
  const { id } = await world.world.desk.db.findOneByOrFail(Order, { number });
  const [row] = await world.world.desk.db.query(
    `SELECT SUM(governmentFen) AS fen FROM instalments WHERE orderId = ? AND state = 'paid'`,
    [id],
  );
  return { governmentFen: Number((row as { fen: unknown }).fen) };
}

describe('Nobody gives back', () => {
  it('what they proposed themselves, more than their limit, and no key can', async () => {
    const order = await paid(LICENCE);
    const own = await propose(order.number, 100, checker);
    expect(await approve(own.id)).toBe('refund.own_proposal');
    const rejection = { note: '不符合规则' };
    expect(await checker.codeOf('POST', `/staff/refund-proposals/${own.id}/rejection`, rejection)).toBe(
      'refund.own_proposal',
    );
    expect(await checker.codeOf('POST', `/staff/refund-proposals/${own.id}/withdrawal`)).toBe(200);
    const supervisor = await buildStaff(world, ['supervisor']);
    const large = await propose(order.number, 1_000_001);
    expect(await approve(large.id, supervisor)).toBe('refund.above_limit');
    expect(await approve(large.id, maker)).toBe('staff.not_allowed');
    const key = { name: '脚本', permissions: ['approve-refunds'], days: 1 };
    expect(await checker.codeOf('POST', '/staff/api-keys', key)).toBe('request.invalid');
    expect(await checker.codeOf('POST', `/staff/refund-proposals/${large.id}/withdrawal`)).toBe('staff.not_allowed');
    expect(await approve(large.id)).toBe(200);
    await world.settle();
    expect(await calls()).toBe(1);
  });

  it('more than was paid, though fifty ask at one moment', async () => {
    const order = await paid();
    const part = Math.floor(order.amountFen / 10);
    const address = `/staff/orders/${order.number}/refund-proposals`;
    const wanted = body(part, { changeReason: '协商一致' });
    const codes = await Promise.all(Array.from({ length: 50 }, () => maker.codeOf('POST', address, wanted)));
    expect(codes.filter((code) => code === 201)).toHaveLength(10);
    const proposals = await maker.pages<RefundProposalView>('/staff/refund-proposals?state=proposed');
    const decisions = await Promise.all(proposals.flatMap(({ id }) => [approve(id), approve(id)]));
    expect(decisions.filter((code) => code === 200)).toHaveLength(10);
    await world.settle();
    const given = await world.world.desk.db.sum(Refund, 'amountFen', {});
    expect(given).toBe(part * 10);
    const { refunds } = world.simulator.world.pay;
    expect([...refunds.values()].reduce((sum, { amount }) => sum + amount, 0)).toBe(part * 10);
  }, 120_000);

  it('anything of a payment that WeChat takes no more refunds of', async () => {
    const order = await paid();
    await approved(order.number, 1);
    const { db } = world.world.desk;
    const [{ id: _, number: __, ...first }] = (await db.find(Refund)) as [Refund];
    const more = (count: number) =>
      Array.from({ length: count }, () => Object.assign(new Refund(), { ...first, id: newId(), number: newId() }));
    await world.world.desk.transaction((work) => work.db.insert(Refund, more(48)));
    expect(await quote(order.number)).toMatchObject({ leftFen: order.amountFen - 49 });
    await world.world.desk.transaction((work) => work.db.insert(Refund, more(1)));
    expect(await quote(order.number)).toMatchObject({ leftFen: 0 });
  });

  it('what is wrong from the beginning', async () => {
    const order = await paid();
    const address = `/staff/orders/${order.number}/refund-proposals`;
    const code = (wanted: object, at = address) => maker.codeOf('POST', at, wanted);
    expect(await code(body(order.amountFen + 1, { changeReason: '多退' }))).toBe('refund.more_than_left');
    expect(await code(body(0))).toBe('request.invalid');
    expect(await code(body(1.5))).toBe('request.invalid');
    expect(await code({ amountFen: 1 })).toBe('request.invalid');
    expect(await code(body(1), '/staff/orders/TB26112299999999/refund-proposals')).toBe('order.not_found');
    const unpaid = await customer.order();
    expect(await code(body(1), `/staff/orders/${unpaid.number}/refund-proposals`)).toBe('refund.nothing_to_refund');
    const early = await propose(order.number, 1);
    await world.advance(365 * 24 * 3600_000);
    for (const who of [maker, checker]) await who.signIn(world.clock.now());
    expect(await code(body(1))).toBe('refund.nothing_to_refund');
    expect(await approve(early.id)).toBe('refund.more_than_left');
    expect(await calls()).toBe(0);
  });
});
