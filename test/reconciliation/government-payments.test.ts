import { Order } from '../../entities/order.ts';
import type {
  AttachmentView,
  AuditEntryView,
  GovernmentFeesView,
  GovernmentPaymentView,
  RefundQuoteView,
} from '../../src/contracts/index.ts';
import { dayAfter } from '../../src/platform/calendar.ts';
import { newId } from '../../src/platform/ids.ts';
import { bookedSum, ledgerOf } from '../support/books.ts';
import { buildStaff } from '../support/staff.ts';
import { FinanceWorld, type Sale } from './finance-world.ts';

const FEE_FEN = 30_000;
const PRICE_FEN = 68_000;

let world: FinanceWorld;
let sale: Sale;
/** Of the order. */
let number: string;
beforeEach(async () => {
  world = await FinanceWorld.start();
  sale = await world.sell({ serviceCode: 'service-account-verification' });
  ({ number } = sale.order);
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.test.world)).toBe(0);
  await world.stop();
});

const address = () => `/staff/orders/${number}/government-payments`;
let receipts = 0;
function body(amountFen: number, more: object = {}) {
  receipts += 1;
  return { amountFen, paidOn: world.today, authority: '腾讯认证', receiptNumber: `RZ-${receipts}`, ...more };
}
const record = (amountFen: number, more?: object) =>
  world.maker.data<GovernmentPaymentView>('POST', address(), body(amountFen, more));
const codeOf = (amountFen: number, more?: object) => world.maker.codeOf('POST', address(), body(amountFen, more));
const withdraw = (id: string, more: object = {}) =>
  world.maker.codeOf('POST', `${address()}/${id}/withdrawal`, { day: world.today, reason: '登记错误', ...more });
const see = () => world.checker.data<GovernmentFeesView>('GET', address());
const quote = () => world.maker.data<RefundQuoteView>('GET', `/staff/orders/${number}/refund-quote`);
const passedOn = async () =>
  (await ledgerOf(world.test.world)).filter(({ kind }) => kind === 'government_fee_passed_on');

describe('A collected fee', () => {
  it('is passed on to the authority: booked from the bank, listed with its receipt, in the trail', async () => {
    const file = await fetch(
      `${world.test.origin}/staff/reconciliation/attachments?name=${encodeURIComponent('收据.pdf')}`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${world.maker.token}`, 'content-type': 'application/octet-stream' },
        body: '收据内容',
      },
    );
    const { data: attachment } = (await file.json()) as { data: AttachmentView };
    const payment = await record(FEE_FEN, { attachmentId: attachment.id });
    expect(payment).toMatchObject({ orderNumber: number, attachment: '收据.pdf', withdrawnAt: null });
    expect(await passedOn()).toEqual([
      {
        kind: 'government_fee_passed_on',
        reference: payment.id,
        day: world.today,
        lines: { government_fees_collected: FEE_FEN, bank: -FEE_FEN },
      },
    ]);
    const sums = { collectedFen: FEE_FEN, refundedFen: 0, passedOnFen: FEE_FEN, leftFen: 0 };
    expect(await see()).toEqual({ orderNumber: number, ...sums, payments: [payment] });
    const receipt = await world.checker.call<string>('GET', `${address()}/${payment.id}/attachment`);
    expect([receipt.status, receipt.body]).toEqual([200, '收据内容']);
    const administrator = await buildStaff(world.test, ['administrator']);
    const [entry] = await administrator.pages<AuditEntryView>('/staff/audit?limit=5&deed=government-payment-recorded');
    expect(entry).toMatchObject({ subject: { id: payment.id }, after: { orderNumber: number, amountFen: FEE_FEN } });
  });

  it('is passed on once, though fifty say so at one moment', async () => {
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(FEE_FEN / 10)));
    expect(codes.filter((code) => code === 201)).toHaveLength(10);
    expect(new Set(codes)).toEqual(new Set([201, 'government.more_than_collected']));
    expect(await see()).toMatchObject({ passedOnFen: FEE_FEN, leftFen: 0 });
  }, 120_000);

  it('is not passed on twice with one receipt', async () => {
    const one = body(100);
    const codes = await Promise.all(Array.from({ length: 5 }, () => world.maker.codeOf('POST', address(), one)));
    expect(codes.filter((code) => code === 201)).toHaveLength(1);
    expect(codes).toContain('government.receipt_known');
  });

  it('is either given back or passed on, never both, whichever is decided first', async () => {
    const proposals = `/staff/orders/${number}/refund-proposals`;
    const { id } = await world.maker.data<{ id: string }>('POST', proposals, {
      amountFen: PRICE_FEN + FEE_FEN,
      reason: '客户取消办理',
    });
    const [decided, recorded] = await Promise.all([
      world.checker.codeOf('POST', `/staff/refund-proposals/${id}/approval`),
      codeOf(FEE_FEN),
    ]);
    expect([
      [200, 'government.more_than_collected'],
      ['refund.more_than_left', 201],
    ]).toContainEqual([decided, recorded]);
    await world.test.settle();
    expect((await see()).leftFen).toBe(0);
    // A refund that was agreed to and is not at WeChat yet counts.
    expect(await codeOf(1)).toBe('government.more_than_collected');
  });

  it('counts as promised from the moment a refund is agreed to, before WeChat has it', async () => {
    await world.test.lever('/faults', { path: '/v3/refund/domestic/refunds', kind: 'reset-before', times: 100 });
    const { id } = await world.maker.data<{ id: string }>('POST', `/staff/orders/${number}/refund-proposals`, {
      amountFen: PRICE_FEN + FEE_FEN,
      reason: '客户取消办理',
    });
    expect(await world.checker.codeOf('POST', `/staff/refund-proposals/${id}/approval`)).toBe(200);
    expect(await codeOf(1)).toBe('government.more_than_collected');
  });
});

describe('A fee that an authority has', () => {
  it('is not given back: neither by the rule nor at the most, and the order is over when all else is back', async () => {
    await record(20_000);
    const expected = { passedOnFen: 20_000, leftFen: PRICE_FEN + 10_000, ruleFen: PRICE_FEN + 10_000 };
    expect(await quote()).toMatchObject(expected);
    const proposals = `/staff/orders/${number}/refund-proposals`;
    const tooMuch = { amountFen: PRICE_FEN + 10_001, reason: '客户取消办理', changeReason: '多退' };
    expect(await world.maker.codeOf('POST', proposals, tooMuch)).toBe('refund.more_than_left');
    await world.refund(sale, PRICE_FEN + 10_000);
    const refund = (await ledgerOf(world.test.world)).find(({ kind }) => kind === 'refund');
    expect(refund!.lines).toMatchObject({ advance_from_customers: PRICE_FEN, government_fees_collected: 10_000 });
    expect(await see()).toMatchObject({ refundedFen: 10_000, passedOnFen: 20_000, leftFen: 0 });
    expect(await quote()).toMatchObject({ leftFen: 0, ruleFen: 0 });
    expect(await world.customer.seeOrder(number)).toMatchObject({ state: 'refunded' });
  });

  it('is a loss of ours when somebody gives it back at WeChat all the same', async () => {
    await record(FEE_FEN);
    await world.test.lever(`/pay/orders/${sale.number}/refund-by-hand`, { amount: PRICE_FEN + FEE_FEN });
    await world.nextMorning();
    const [difference] = await world.differences();
    await world.propose(difference!.id, { resolution: 'adopt' });
    expect(await world.decide(difference!.id)).toBe(200);
    const books = await ledgerOf(world.test.world, (await orderOf()).id);
    const total = (account: string) => books.reduce((sum, { lines }) => sum + (lines[account] ?? 0), 0);
    expect([total('advance_from_customers'), total('government_fees_collected')]).toEqual([0, 0]);
    expect(total('revenue')).toBe(FEE_FEN);
  });
});

const orderOf = () => world.desk.db.findOneByOrFail(Order, { number });

describe('A record', () => {
  it('is withdrawn by a reversing entry of its own day, once, with the reason; then the fee can go back', async () => {
    const paidOn = world.today;
    const { id } = await record(FEE_FEN);
    await world.nextMorning();
    expect(await withdraw(id, { day: dayAfter(paidOn, -1) })).toBe('request.invalid');
    expect(await withdraw(id, { day: dayAfter(world.today) })).toBe('request.invalid');
    expect(await withdraw(id, { reason: '' })).toBe('request.invalid');
    expect(await withdraw(newId())).toBe('government.not_found');
    const codes = await Promise.all(Array.from({ length: 5 }, () => withdraw(id)));
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(codes).toContain('government.illegal_move');
    expect((await passedOn()).map(({ day, lines }) => [day, lines])).toEqual([
      [paidOn, { government_fees_collected: FEE_FEN, bank: -FEE_FEN }],
      [world.today, { government_fees_collected: -FEE_FEN, bank: FEE_FEN }],
    ]);
    const { payments, ...sums } = await see();
    expect(payments).toMatchObject([{ id, withdrawnOn: world.today, withdrawnReason: '登记错误' }]);
    expect(sums).toMatchObject({ passedOnFen: 0, leftFen: FEE_FEN });
    expect(await quote()).toMatchObject({ passedOnFen: 0, leftFen: PRICE_FEN + FEE_FEN });
  });

  it('is of no day to come, of none that is closed, and of none before the money was there', async () => {
    const sold = world.today;
    expect(await codeOf(1, { paidOn: dayAfter(sold) })).toBe('request.invalid');
    expect(await codeOf(1, { paidOn: dayAfter(sold, -1) })).toBe('government.more_than_collected');
    const { id } = await record(100);
    await world.nextMorning();
    expect(await world.close(sold)).toBe(201);
    expect(await codeOf(1, { paidOn: sold })).toBe('period.closed');
    expect(await withdraw(id, { day: sold })).toBe('period.closed');
    expect(await codeOf(1)).toBe(201);
  });

  it('is not what is wrong from the beginning, nor anybody’s but finance’s', async () => {
    expect(await codeOf(0)).toBe('request.invalid');
    expect(await codeOf(1.5)).toBe('request.invalid');
    expect(await codeOf(1, { authority: ' ' })).toBe('request.invalid');
    expect(await codeOf(1, { paidOn: '2026-02-30' })).toBe('request.invalid');
    expect(await codeOf(1, { attachmentId: newId() })).toBe('reconciliation.attachment_not_found');
    expect(await codeOf(FEE_FEN + 1)).toBe('government.more_than_collected');
    const elsewhere = '/staff/orders/TB26112299999999/government-payments';
    expect(await world.maker.codeOf('POST', elsewhere, body(1))).toBe('order.not_found');
    const consultant = await buildStaff(world.test, ['consultant']);
    expect(await consultant.codeOf('POST', address(), body(1))).toBe('staff.not_allowed');
    const auditor = await buildStaff(world.test, ['auditor']);
    expect(await auditor.codeOf('POST', address(), body(1))).toBe('staff.not_allowed');
    expect(await auditor.codeOf('GET', address())).toBe(200);
    expect(await passedOn()).toEqual([]);
  });
});
