import { buildStaff } from '../support/staff.ts';
import { APPLICATIONS, FapiaoWorld, MINUTE_MS } from './fapiao-world.ts';
import type { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import {
  ask,
  codeOf,
  invoicingOf,
  issue,
  paidOrder,
  refund,
  saveTitle,
  staff,
  WHOLE_COMPANY,
} from './invoice-world.ts';

let desk: FapiaoWorld;

beforeAll(async () => {
  desk = await FapiaoWorld.start();
}, 60_000);
afterAll(() => desk.world.stop());
beforeEach(() => desk.begin());

describe('When WeChat does not issue it', () => {
  it.each(['own', 'before'])(
    'finance reads why, and does it by hand (status shown: %s)',
    async (fapiaoFailureStatus) => {
      await desk.settings({ fapiaoOutcome: 'FAILED', fapiaoFailureStatus });
      const invoice = await desk.asked();
      await desk.apply(invoice);
      await desk.world.advance(3 * MINUTE_MS);
      await desk.lookAgain();
      expect(await desk.show(invoice.id)).toMatchObject({
        state: 'asked',
        atWechat: { state: 'failed', failure: expect.stringContaining('授信额度不足') },
      });
      expect(await desk.trouble(invoice)).toMatchObject([{ title: expect.stringContaining('微信开票失败') }]);
      expect(await desk.told(invoice)).toEqual([]);
      expect(await issue(desk, invoice)).toMatchObject({ state: 'issued' });
      expect(await desk.trouble(invoice)).toEqual([]);
    },
  );

  it('another try has another number under the same application', async () => {
    await desk.settings({ fapiaoOutcome: 'FAILED' });
    const invoice = await desk.asked();
    await desk.apply(invoice);
    await desk.world.advance(3 * MINUTE_MS);
    await desk.lookAgain();
    await desk.settings({ fapiaoOutcome: 'ISSUED' });
    await desk.apply(invoice);
    expect(await desk.trouble(invoice)).toEqual([]);
    await desk.world.advance(5000);
    await desk.becomes(invoice, 'issued');
    const [first, second] = await desk.triesOf(invoice.id);
    expect(first!.transactionId).toBe(second!.transactionId);
    expect((await desk.atWechat(invoice)).map(({ id }) => id)).toEqual([first!.fapiaoId, second!.fapiaoId]);
    expect(await desk.told(invoice)).toHaveLength(1);
  });

  it('refused is failed, once WeChat says that it knows of nothing', async () => {
    await desk.settings({ fapiaoOpened: false });
    const invoice = await desk.asked();
    await desk.apply(invoice);
    expect(await desk.show(invoice.id)).toMatchObject({ atWechat: { state: 'failed', failure: 'no_auth' } });
    expect(await desk.trouble(invoice)).toHaveLength(1);
    await desk.settings({ fapiaoOpened: true });
    await desk.apply(invoice);
    expect(await desk.show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
  });

  it('with the amount that was asked for, finance looks, and nothing is issued here', async () => {
    const invoice = await desk.asked();
    await desk.apply(invoice);
    (await desk.atWechat(invoice))[0]!.totalFen -= 1;
    await desk.world.advance(5000);
    expect(await desk.becomes(invoice, 'failed')).toMatchObject({
      state: 'asked',
      number: null,
      atWechat: { failure: expect.stringContaining('金额不符') },
    });
    expect(await desk.trouble(invoice)).toHaveLength(1);
  });

  it('a refund that comes meanwhile makes less what waits again', async () => {
    await desk.settings({ fapiaoOutcome: 'held' });
    const invoice = await desk.asked();
    await desk.apply(invoice);
    await refund(desk.world, invoice.orders[0]!.number, 5000);
    expect(await desk.show(invoice.id)).toMatchObject({ amountFen: invoice.amountFen });
    await desk.end(invoice, { outcome: 'FAILED' });
    await desk.world.advance(3 * MINUTE_MS);
    await desk.lookAgain();
    expect(await desk.show(invoice.id)).toMatchObject({
      amountFen: invoice.amountFen - 5000,
      atWechat: { state: 'failed' },
    });
  });
});

describe('Not every invoice can be issued by WeChat', () => {
  const why = async (id: string): Promise<unknown> => {
    const clerk = await buildStaff(desk.world, ['finance']);
    return (await clerk.call('POST', `/staff/invoices/${id}/issue-at-wechat`)).body.error?.detail;
  };

  it('not a special one, and not one of two orders', async () => {
    const one = await paidOrder(desk.world, desk.customer);
    const two = await paidOrder(desk.world, desk.customer);
    const { id: titleId } = await saveTitle(desk.customer, WHOLE_COMPANY);
    const both = await ask(desk.customer, [one.number, two.number], { titleId });
    expect(await why(both.id)).toMatchObject({ why: 'several_orders' });
    const three = await paidOrder(desk.world, desk.customer);
    const special = await ask(desk.customer, [three.number], { titleId, kind: 'special' });
    expect(await why(special.id)).toMatchObject({ why: 'special' });
    expect(desk.posts()).toBe(0);
  });

  it('of an order that was paid in parts, one for each payment, and none for both together', async () => {
    const parts = await desk.partedOrder();
    const first = await ask(desk.customer, [parts.number]);
    await desk.apply(first);
    await desk.world.advance(5000);
    await desk.becomes(first, 'issued');
    await parts.payRest();
    const second = await ask(desk.customer, [parts.number]);
    await desk.apply(second);
    await desk.world.advance(5000);
    await desk.becomes(second, 'issued');
    const payments = [...(await desk.triesOf(first.id)), ...(await desk.triesOf(second.id))];
    expect(new Set(payments.map(({ transactionId }) => transactionId)).size).toBe(2);

    const others = await desk.partedOrder();
    await others.payRest();
    expect(await why((await ask(desk.customer, [others.number])).id)).toMatchObject({ why: 'several_payments' });
  });

  it('none at all where it is off, and nothing is registered then', async () => {
    const elsewhere = await FapiaoWorld.start({ FAPIAO: 'manual' });
    try {
      await elsewhere.begin();
      const invoice = await elsewhere.asked();
      expect(await codeOf(elsewhere.apply(invoice))).toBe('invoice.wechat_off');
      expect(elsewhere.world.simulator.world.pay.fapiao).toMatchObject({ callbackUrl: null, cardTemplate: null });
      expect(await issue(elsewhere, invoice)).toMatchObject({ state: 'issued', atWechat: null });
    } finally {
      await elsewhere.world.stop();
    }
  });

  it('and not by a consultant', async () => {
    const consultant = await staff(desk.world, 'consultant');
    const { id } = await desk.asked();
    expect(await codeOf(consultant.issueInvoiceAtWechat({ params: { id } }))).toBe('staff.not_allowed');
    expect(await codeOf(consultant.reverseInvoiceAtWechat({ params: { id } }))).toBe('staff.not_allowed');
  });
});

describe('Taking back what WeChat issued', () => {
  it('after a refund writes the red letter as a whole, and what is left can be asked for anew', async () => {
    const invoice = await desk.issued();
    const { number: order } = invoice.orders[0]!;
    await refund(desk.world, order, 5000);
    expect(await desk.show(invoice.id)).toMatchObject({ redWantedFen: 5000 });
    await desk.reverse(invoice);
    await desk.world.advance(5000);
    const done = await desk.becomes(invoice, 'reversed');
    const [fapiao] = await desk.atWechat(invoice);
    expect(done).toMatchObject({
      state: 'red_lettered',
      redWantedFen: 0,
      redFen: invoice.amountFen,
      redLetters: [{ number: fapiao!.red!.number, amountFen: invoice.amountFen, writtenBy: expect.any(String) }],
    });
    expect(await desk.tasks(invoice)).toEqual([]);
    expect(await invoicingOf(desk.customer, order)).toMatchObject({ invoiceableFen: invoice.amountFen - 5000 });
    const again = await ask(desk.customer, [order]);
    await desk.apply(again);
    await desk.world.advance(10_000);
    await desk.becomes(again, 'issued');
    expect((await desk.atWechat(invoice)).map(({ totalFen, status }) => [totalFen, status])).toEqual([
      [invoice.amountFen, 'REVERSED'],
      [invoice.amountFen - 5000, 'ISSUED'],
    ]);
  });

  it.each([
    ['is lost', { kind: 'reset-after-effect' }],
    ['is a refusal though it was accepted', { kind: 'error-after-effect', status: 400, code: 'INVALID_REQUEST' }],
  ])('is asked about, and for once, when the answer %s', async (_what, fault) => {
    const invoice = await desk.issued();
    await desk.world.lever('/faults', { path: APPLICATIONS, method: 'POST', times: 1, ...fault });
    await desk.reverse(invoice);
    await desk.world.advance(3 * MINUTE_MS);
    await desk.becomes(invoice, 'reversed');
    const [{ transactionId }] = (await desk.triesOf(invoice.id)) as [InvoiceFapiao];
    expect(desk.posts(`/${transactionId}/reverse`)).toBe(1);
    expect((await desk.show(invoice.id)).redLetters).toHaveLength(1);
  });

  it('that fails leaves it issued; finance tries again later, or by hand', async () => {
    await desk.settings({ fapiaoReverseOutcome: 'FAILED' });
    const invoice = await desk.issued();
    await desk.reverse(invoice);
    expect(await codeOf(desk.finance.reverseInvoiceAtWechat({ params: { id: invoice.id } }))).toBe(
      'invoice.under_way_at_wechat',
    );
    await desk.world.advance(3 * MINUTE_MS);
    await desk.lookAgain();
    expect(await desk.show(invoice.id)).toMatchObject({
      state: 'issued',
      atWechat: { state: 'issued', failure: expect.stringContaining('冲红失败') },
    });
    expect(await desk.trouble(invoice)).toMatchObject([{ title: expect.stringContaining('微信冲红失败') }]);
    // Within five minutes WeChat refuses.
    await desk.reverse(invoice);
    expect(await desk.show(invoice.id)).toMatchObject({ atWechat: { state: 'issued', failure: 'invalid_request' } });
    await desk.settings({ fapiaoReverseOutcome: 'REVERSED' });
    await desk.world.advance(5 * MINUTE_MS);
    await desk.reverse(invoice);
    await desk.world.advance(5000);
    expect(await desk.becomes(invoice, 'reversed')).toMatchObject({ state: 'red_lettered' });
    expect(await desk.trouble(invoice)).toEqual([]);
  });

  it('is not for what was issued by hand', async () => {
    const invoice = await desk.asked();
    await issue(desk, invoice);
    expect(await codeOf(desk.finance.reverseInvoiceAtWechat({ params: { id: invoice.id } }))).toBe(
      'invoice.unfit_for_wechat',
    );
  });

  it('that somebody did in the portal is written down all the same', async () => {
    const invoice = await desk.issued();
    const [fapiao] = await desk.atWechat(invoice);
    fapiao!.status = 'REVERSE_ACCEPTED';
    await desk.world.lever(`/pay/fapiao/${fapiao!.id}/reverse`, {});
    await desk.world.until(async () => (await desk.show(invoice.id)).state === 'red_lettered');
    expect((await desk.show(invoice.id)).redLetters).toMatchObject([{ writtenBy: null }]);
  });

  it('is wanted of what WeChat issued while a refund was on its way', async () => {
    await desk.settings({ fapiaoOutcome: 'held' });
    const invoice = await desk.asked();
    await desk.apply(invoice);
    await refund(desk.world, invoice.orders[0]!.number, 5000);
    await desk.end(invoice);
    expect(await desk.becomes(invoice, 'issued')).toMatchObject({ amountFen: invoice.amountFen, redWantedFen: 5000 });
  });
});
