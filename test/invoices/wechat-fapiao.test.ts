import { createHash } from 'node:crypto';
import { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { Order } from '../../entities/order.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import { defaultFapiaoSettings } from '../../simulator/src/pay/fapiao/settings.ts';
import type { InvoiceView, ServiceView, StaffInvoiceView, TaskView } from '../../src/contracts/index.ts';
import type { StaffClient } from '../../src/contracts/staff-client.ts';
import { askForFapiaoRegistration, lookAtFapiao, lookAtForgottenFapiao } from '../../src/invoices/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { messagesOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import {
  ask,
  codeOf,
  COMPANY,
  invoicingOf,
  issue,
  paidOrder,
  refund,
  saveTitle,
  seen,
  somebody,
  staff,
  WHOLE_COMPANY,
} from './invoice-world.ts';

const APPLICATIONS = '/v3/new-tax-control-fapiao/fapiao-applications';
const MINUTE_MS = 60_000;

let world: TestWorld;
let customer: Phone;
let finance: StaffClient;
/** How many calls WeChat had heard when the test began. */
let heardBefore: number;

async function start(environment: Record<string, string> = {}): Promise<TestWorld> {
  const limits = { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', REFUND_LIMIT_SUPERVISOR_FEN: '100000000' };
  const started = await startWorld({ environment: { ...limits, ...environment } });
  await askForFapiaoRegistration(started.world.desk);
  await started.settle();
  return started;
}

beforeAll(async () => {
  world = await start();
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  await settings({ ...defaultFapiaoSettings(), refundGapMs: 0 });
  await world.lever('/notices/settings', { mode: 'auto' });
  await world.lever('/faults', undefined, 'DELETE');
  customer = await somebody(world);
  finance = await staff(world, 'finance');
  heardBefore = heard().length;
});

const settings = (changes: object) => world.lever('/pay/settings', changes);
const hold = () => world.lever('/notices/settings', { mode: 'held' });
const asked = async (): Promise<InvoiceView> => ask(customer, [(await paidOrder(world, customer)).number]);
const show = (id: string): Promise<StaffInvoiceView> => finance.getInvoice({ params: { id } });

async function apply({ id }: Pick<InvoiceView, 'id'>): Promise<StaffInvoiceView> {
  const invoice = await finance.issueInvoiceAtWechat({ params: { id } });
  await world.settle();
  return invoice;
}
async function reverse({ id }: Pick<InvoiceView, 'id'>): Promise<void> {
  await finance.reverseInvoiceAtWechat({ params: { id } });
  await world.settle();
}
async function becomes({ id }: Pick<InvoiceView, 'id'>, state: string): Promise<StaffInvoiceView> {
  await world.until(async () => (await show(id)).atWechat?.state === state);
  return show(id);
}
async function issued(): Promise<StaffInvoiceView> {
  const invoice = await asked();
  await apply(invoice);
  await world.advance(5000);
  return becomes(invoice, 'issued');
}
async function lookAgain(): Promise<void> {
  await lookAtForgottenFapiao(world.world.desk);
  await world.settle();
}

const pdfs = (): Promise<number> => world.world.desk.db.countBy(KeptFile, { contentType: 'application/pdf' });
const triesOf = (invoiceId: string): Promise<InvoiceFapiao[]> =>
  world.world.desk.db.find(InvoiceFapiao, { where: { invoiceId }, order: { id: 'ASC' } });
/** What WeChat has of the payments that the invoice was tried with. */
async function atWechat({ id }: Pick<InvoiceView, 'id'>) {
  const { applications } = world.simulator.world.pay.fapiao;
  const applyIds = new Set((await triesOf(id)).map(({ transactionId }) => transactionId));
  return [...applyIds].flatMap((applyId) => applications.get(applyId)?.fapiaos ?? []);
}
/** Ends what WeChat has under way of the invoice. */
async function end(invoice: Pick<InvoiceView, 'id'>, how: object = {}): Promise<void> {
  await world.lever(`/pay/fapiao/${(await atWechat(invoice))[0]!.id}/issue`, how);
}
const heard = () => world.simulator.world.calls.all();
const posts = (end = '') =>
  heard()
    .slice(heardBefore)
    .filter(({ method, path }) => method === 'POST' && path === APPLICATIONS + end).length;
const told = async ({ id }: Pick<InvoiceView, 'id'>) =>
  (await messagesOf(world.world)).filter(({ about }) => about === `invoice:${id}`);
async function tasks({ orders }: Pick<InvoiceView, 'orders'>): Promise<TaskView[]> {
  const { data } = await finance.listTasks({ query: { kind: 'invoice', state: 'open', limit: 100 } });
  return data.filter(({ orderNumber }) => orderNumber === orders[0]!.number);
}
const trouble = async (invoice: Pick<InvoiceView, 'orders'>) =>
  (await tasks(invoice)).filter(({ title }) => title.startsWith('微信'));

describe('An invoice that WeChat issues', () => {
  it('gets number, day and file from WeChat, is issued like one by hand, and lies in the card pack', async () => {
    const invoice = await asked();
    expect(await apply(invoice)).toMatchObject({ state: 'asked', atWechat: { state: 'applying', failure: null } });
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
    expect(await atWechat(invoice)).toMatchObject([
      {
        totalFen: invoice.amountFen,
        buyer: { type: 'ORGANIZATION', name: COMPANY.name, taxpayer_id: COMPANY.taxNumber },
        items: [{ goods_name: '咨询服务费', tax_rate: 600, total_amount: invoice.amountFen, quantity: 100_000_000 }],
      },
    ]);
    await world.advance(5000);
    const done = await becomes(invoice, 'issued');
    const [fapiao] = await atWechat(invoice);
    expect(done).toMatchObject({
      state: 'issued',
      number: fapiao!.blue!.number,
      code: null,
      hasFile: true,
      decidedBy: expect.any(String),
    });
    const file = Buffer.from(await (await finance.getInvoiceFile({ params: { id: invoice.id } })).arrayBuffer());
    expect(file.toString('latin1')).toContain(fapiao!.blue!.number);
    expect(done.file!.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect(await seen(customer, invoice)).toMatchObject({ state: 'issued', number: done.number, hasFile: true });
    expect(await told(invoice)).toHaveLength(1);
    expect(await tasks(invoice)).toEqual([]);
    await world.advance(5000);
    await world.until(async () => (await show(invoice.id)).atWechat!.inCardPack);
    expect(posts()).toBe(1);
  });

  it('of the older kind has a code', async () => {
    await settings({ fapiaoKind: 'blockchain' });
    expect(await issued()).toMatchObject({
      code: expect.stringMatching(/^\d{12}$/),
      number: expect.stringMatching(/^\d{8}$/),
    });
  });

  it.each([
    ['is lost on its way back', { kind: 'reset-after-effect' }, 1],
    ['is broken though it was accepted', { kind: 'error-after-effect' }, 1],
    ['is a refusal though it was accepted', { kind: 'error-after-effect', status: 400, code: 'INVALID_REQUEST' }, 1],
    ['never came, for nothing was accepted', { kind: 'html-502' }, 2],
  ])('is asked about, and for once, when the answer %s', async (_what, fault, calls) => {
    const invoice = await asked();
    await world.lever('/faults', { path: APPLICATIONS, method: 'POST', times: 1, ...fault });
    await finance.issueInvoiceAtWechat({ params: { id: invoice.id } });
    await world.settle();
    // Pressing again in between is no other wish.
    expect(await codeOf(finance.issueInvoiceAtWechat({ params: { id: invoice.id } }))).toBe('done');
    await world.advance(2 * MINUTE_MS);
    const { number } = await becomes(invoice, 'issued');
    expect(posts()).toBe(calls);
    expect(await atWechat(invoice)).toMatchObject([{ blue: { number } }]);
    expect(await triesOf(invoice.id)).toHaveLength(1);
    expect(await told(invoice)).toHaveLength(1);
    expect(await trouble(invoice)).toEqual([]);
  });

  it('is issued once, however often its notice comes, and not by a forged one', async () => {
    await hold();
    const invoice = await asked();
    await apply(invoice);
    await world.advance(5000);
    const notice = [...world.simulator.world.pay.notices.values()].findLast(
      ({ eventType }) => eventType === 'FAPIAO.ISSUED',
    )!;
    const filesBefore = await pdfs();
    await world.lever(`/notices/${notice.id}/send`, { tamper: 'signature' });
    await world.settle();
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
    const sends = await world.lever<{ status: number }[]>(`/notices/${notice.id}/send`, { times: 6, parallel: true });
    expect(sends.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204, 204]);
    await world.settle();
    await Promise.all(
      [1, 2, 3].map(() => lookAtFapiao(world.world.desk, { applyId: notice.content.fapiao_apply_id as string })),
    );
    await world.settle();
    expect(await show(invoice.id)).toMatchObject({ state: 'issued', atWechat: { state: 'issued' } });
    expect(await told(invoice)).toHaveLength(1);
    expect(await pdfs()).toBe(filesBefore + 1);
  });

  it('is issued by asking when no notice comes', async () => {
    await hold();
    const invoice = await asked();
    await apply(invoice);
    await world.advance(MINUTE_MS);
    await lookAgain();
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
    await world.advance(2 * MINUTE_MS);
    await lookAgain();
    expect(await show(invoice.id)).toMatchObject({ state: 'issued', atWechat: { state: 'issued' } });
  });

  it.each(['fapiao-cut', 'fapiao-wrong-digest'])('is not issued here with a file that came %s', async (kind) => {
    const invoice = await asked();
    await apply(invoice);
    await world.lever('/faults', { path: '/invoicing/', kind, times: 1 });
    await hold();
    await world.advance(5 * MINUTE_MS);
    await lookAgain();
    expect(await show(invoice.id)).toMatchObject({ state: 'asked', hasFile: false, atWechat: { state: 'issuing' } });
    await lookAgain();
    expect(await show(invoice.id)).toMatchObject({ state: 'issued', hasFile: true });
  });

  it('waits for WeChat: nobody issues, refuses or withdraws it meanwhile, and silence is somebody’s task', async () => {
    await settings({ fapiaoOutcome: 'held' });
    const invoice = await asked();
    await apply(invoice);
    const params = { id: invoice.id };
    expect(await codeOf(issue({ world, finance }, invoice))).toBe('invoice.under_way_at_wechat');
    expect(await codeOf(finance.refuseInvoice({ params, body: { reason: '不开' } }))).toBe(
      'invoice.under_way_at_wechat',
    );
    const withdrawal = await customer.call('POST', `/app/invoices/${invoice.id}/withdrawal`, {});
    expect(withdrawal.body).toMatchObject({ error: { code: 'invoice.under_way_at_wechat' } });
    await world.advance(61 * MINUTE_MS);
    finance = await staff(world, 'finance');
    await lookAgain();
    expect(await trouble(invoice)).toMatchObject([{ title: expect.stringContaining('一小时无结果') }]);
    await end(invoice);
    await becomes(invoice, 'issued');
    expect(await trouble(invoice)).toEqual([]);
  });
});

describe('When WeChat does not issue it', () => {
  it.each(['own', 'before'])(
    'finance reads why, and does it by hand (status shown: %s)',
    async (fapiaoFailureStatus) => {
      await settings({ fapiaoOutcome: 'FAILED', fapiaoFailureStatus });
      const invoice = await asked();
      await apply(invoice);
      await world.advance(3 * MINUTE_MS);
      await lookAgain();
      expect(await show(invoice.id)).toMatchObject({
        state: 'asked',
        atWechat: { state: 'failed', failure: expect.stringContaining('授信额度不足') },
      });
      expect(await trouble(invoice)).toMatchObject([{ title: expect.stringContaining('微信开票失败') }]);
      expect(await told(invoice)).toEqual([]);
      expect(await issue({ world, finance }, invoice)).toMatchObject({ state: 'issued' });
      expect(await trouble(invoice)).toEqual([]);
    },
  );

  it('another try has another number under the same application', async () => {
    await settings({ fapiaoOutcome: 'FAILED' });
    const invoice = await asked();
    await apply(invoice);
    await world.advance(3 * MINUTE_MS);
    await lookAgain();
    await settings({ fapiaoOutcome: 'ISSUED' });
    await apply(invoice);
    expect(await trouble(invoice)).toEqual([]);
    await world.advance(5000);
    await becomes(invoice, 'issued');
    const [first, second] = await triesOf(invoice.id);
    expect(first!.transactionId).toBe(second!.transactionId);
    expect((await atWechat(invoice)).map(({ id }) => id)).toEqual([first!.fapiaoId, second!.fapiaoId]);
    expect(await told(invoice)).toHaveLength(1);
  });

  it('refused is failed, once WeChat says that it knows of nothing', async () => {
    await settings({ fapiaoOpened: false });
    const invoice = await asked();
    await apply(invoice);
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'failed', failure: 'no_auth' } });
    expect(await trouble(invoice)).toHaveLength(1);
    await settings({ fapiaoOpened: true });
    await apply(invoice);
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
  });

  it('with the amount that was asked for, finance looks, and nothing is issued here', async () => {
    const invoice = await asked();
    await apply(invoice);
    (await atWechat(invoice))[0]!.totalFen -= 1;
    await world.advance(5000);
    expect(await becomes(invoice, 'failed')).toMatchObject({
      state: 'asked',
      number: null,
      atWechat: { failure: expect.stringContaining('金额不符') },
    });
    expect(await trouble(invoice)).toHaveLength(1);
  });

  it('a refund that comes meanwhile makes less what waits again', async () => {
    await settings({ fapiaoOutcome: 'held' });
    const invoice = await asked();
    await apply(invoice);
    await refund(world, invoice.orders[0]!.number, 5000);
    expect(await show(invoice.id)).toMatchObject({ amountFen: invoice.amountFen });
    await end(invoice, { outcome: 'FAILED' });
    await world.advance(3 * MINUTE_MS);
    await lookAgain();
    expect(await show(invoice.id)).toMatchObject({
      amountFen: invoice.amountFen - 5000,
      atWechat: { state: 'failed' },
    });
  });
});

/** Sold in two parts, of which the first is paid. */
async function partedOrder(): Promise<{ number: string; payRest: () => Promise<void> }> {
  const service = 'call-centre-licence';
  const { packages } = await customer.get<ServiceView>(`/app/services/${service}`);
  const [plan] = packages.flatMap(({ code: packageCode, plans }) =>
    plans
      .filter(({ instalments }) => instalments.length === 2)
      .map(({ code: planCode }) => ({ packageCode, planCode })),
  );
  const { number, milestones } = await customer.order(service, plan);
  const pay = async () => {
    const started = await customer.startPayment(number);
    await customer.pay(started);
    await customer.post(`/app/payments/${started.number}/look`);
    await world.settle();
  };
  const payRest = async () => {
    const { id } = await world.world.desk.db.findOneByOrFail(Order, { number });
    for (const { code } of milestones.slice(1)) {
      await world.world.desk.transaction((work) => reachMilestone(work, id, code));
      if ((await customer.seeOrder(number)).canPay) await pay();
    }
  };
  await pay();
  return { number, payRest };
}

describe('Not every invoice can be issued by WeChat', () => {
  const why = async (id: string): Promise<unknown> => {
    const clerk = await buildStaff(world, ['finance']);
    return (await clerk.call('POST', `/staff/invoices/${id}/issue-at-wechat`)).body.error?.detail;
  };

  it('not a special one, and not one of two orders', async () => {
    const one = await paidOrder(world, customer);
    const two = await paidOrder(world, customer);
    const { id: titleId } = await saveTitle(customer, WHOLE_COMPANY);
    const both = await ask(customer, [one.number, two.number], { titleId });
    expect(await why(both.id)).toMatchObject({ why: 'several_orders' });
    const three = await paidOrder(world, customer);
    const special = await ask(customer, [three.number], { titleId, kind: 'special' });
    expect(await why(special.id)).toMatchObject({ why: 'special' });
    expect(posts()).toBe(0);
  });

  it('of an order that was paid in parts, one for each payment, and none for both together', async () => {
    const parts = await partedOrder();
    const first = await ask(customer, [parts.number]);
    await apply(first);
    await world.advance(5000);
    await becomes(first, 'issued');
    await parts.payRest();
    const second = await ask(customer, [parts.number]);
    await apply(second);
    await world.advance(5000);
    await becomes(second, 'issued');
    const payments = [...(await triesOf(first.id)), ...(await triesOf(second.id))];
    expect(new Set(payments.map(({ transactionId }) => transactionId)).size).toBe(2);

    const others = await partedOrder();
    await others.payRest();
    expect(await why((await ask(customer, [others.number])).id)).toMatchObject({ why: 'several_payments' });
  });

  it('none at all where it is off, and nothing is registered then', async () => {
    const elsewhere = world;
    world = await start({ FAPIAO: 'manual' });
    try {
      customer = await somebody(world);
      finance = await staff(world, 'finance');
      const invoice = await asked();
      expect(await codeOf(finance.issueInvoiceAtWechat({ params: { id: invoice.id } }))).toBe('invoice.wechat_off');
      expect(world.simulator.world.pay.fapiao).toMatchObject({ callbackUrl: null, cardTemplate: null });
      expect(await issue({ world, finance }, invoice)).toMatchObject({ state: 'issued', atWechat: null });
    } finally {
      await world.stop();
      world = elsewhere;
    }
  });

  it('and not by a consultant', async () => {
    const consultant = await staff(world, 'consultant');
    const { id } = await asked();
    expect(await codeOf(consultant.issueInvoiceAtWechat({ params: { id } }))).toBe('staff.not_allowed');
    expect(await codeOf(consultant.reverseInvoiceAtWechat({ params: { id } }))).toBe('staff.not_allowed');
  });
});

describe('Taking back what WeChat issued', () => {
  it('after a refund writes the red letter as a whole, and what is left can be asked for anew', async () => {
    const invoice = await issued();
    const { number: order } = invoice.orders[0]!;
    await refund(world, order, 5000);
    expect(await show(invoice.id)).toMatchObject({ redWantedFen: 5000 });
    await reverse(invoice);
    await world.advance(5000);
    const done = await becomes(invoice, 'reversed');
    const [fapiao] = await atWechat(invoice);
    expect(done).toMatchObject({
      state: 'red_lettered',
      redWantedFen: 0,
      redFen: invoice.amountFen,
      redLetters: [{ number: fapiao!.red!.number, amountFen: invoice.amountFen, writtenBy: expect.any(String) }],
    });
    expect(await tasks(invoice)).toEqual([]);
    expect(await invoicingOf(customer, order)).toMatchObject({ invoiceableFen: invoice.amountFen - 5000 });
    const again = await ask(customer, [order]);
    await apply(again);
    await world.advance(10_000);
    await becomes(again, 'issued');
    expect((await atWechat(invoice)).map(({ totalFen, status }) => [totalFen, status])).toEqual([
      [invoice.amountFen, 'REVERSED'],
      [invoice.amountFen - 5000, 'ISSUED'],
    ]);
  });

  it.each([
    ['is lost', { kind: 'reset-after-effect' }],
    ['is a refusal though it was accepted', { kind: 'error-after-effect', status: 400, code: 'INVALID_REQUEST' }],
  ])('is asked about, and for once, when the answer %s', async (_what, fault) => {
    const invoice = await issued();
    await world.lever('/faults', { path: APPLICATIONS, method: 'POST', times: 1, ...fault });
    await reverse(invoice);
    await world.advance(3 * MINUTE_MS);
    await becomes(invoice, 'reversed');
    const [{ transactionId }] = (await triesOf(invoice.id)) as [InvoiceFapiao];
    expect(posts(`/${transactionId}/reverse`)).toBe(1);
    expect((await show(invoice.id)).redLetters).toHaveLength(1);
  });

  it('that fails leaves it issued; finance tries again later, or by hand', async () => {
    await settings({ fapiaoReverseOutcome: 'FAILED' });
    const invoice = await issued();
    await reverse(invoice);
    expect(await codeOf(finance.reverseInvoiceAtWechat({ params: { id: invoice.id } }))).toBe(
      'invoice.under_way_at_wechat',
    );
    await world.advance(3 * MINUTE_MS);
    await lookAgain();
    expect(await show(invoice.id)).toMatchObject({
      state: 'issued',
      atWechat: { state: 'issued', failure: expect.stringContaining('冲红失败') },
    });
    expect(await trouble(invoice)).toMatchObject([{ title: expect.stringContaining('微信冲红失败') }]);
    // Within five minutes WeChat refuses.
    await reverse(invoice);
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issued', failure: 'invalid_request' } });
    await settings({ fapiaoReverseOutcome: 'REVERSED' });
    await world.advance(5 * MINUTE_MS);
    await reverse(invoice);
    await world.advance(5000);
    expect(await becomes(invoice, 'reversed')).toMatchObject({ state: 'red_lettered' });
    expect(await trouble(invoice)).toEqual([]);
  });

  it('is not for what was issued by hand', async () => {
    const invoice = await asked();
    await issue({ world, finance }, invoice);
    expect(await codeOf(finance.reverseInvoiceAtWechat({ params: { id: invoice.id } }))).toBe(
      'invoice.unfit_for_wechat',
    );
  });

  it('that somebody did in the portal is written down all the same', async () => {
    const invoice = await issued();
    const [fapiao] = await atWechat(invoice);
    fapiao!.status = 'REVERSE_ACCEPTED';
    await world.lever(`/pay/fapiao/${fapiao!.id}/reverse`, {});
    await world.until(async () => (await show(invoice.id)).state === 'red_lettered');
    expect((await show(invoice.id)).redLetters).toMatchObject([{ writtenBy: null }]);
  });

  it('is wanted of what WeChat issued while a refund was on its way', async () => {
    await settings({ fapiaoOutcome: 'held' });
    const invoice = await asked();
    await apply(invoice);
    await refund(world, invoice.orders[0]!.number, 5000);
    await end(invoice);
    expect(await becomes(invoice, 'issued')).toMatchObject({ amountFen: invoice.amountFen, redWantedFen: 5000 });
  });
});

it('WeChat knows our address and our card, once', async () => {
  const { fapiao } = world.simulator.world.pay;
  expect(fapiao.callbackUrl).toBe(`${world.origin}/wechat/pay/notices`);
  const card = fapiao.cardTemplate;
  await askForFapiaoRegistration(world.world.desk);
  await world.settle();
  expect(fapiao.cardTemplate).toBe(card);
});

it('News of a fapiao that nobody asked for here changes nothing', async () => {
  const before = await world.world.desk.db.count(InvoiceFapiao);
  await lookAtFapiao(world.world.desk, { applyId: '4200000000000000000000000000' });
  expect(await world.world.desk.db.count(InvoiceFapiao)).toBe(before);
});
