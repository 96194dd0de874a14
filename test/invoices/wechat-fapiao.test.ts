import { createHash } from 'node:crypto';
import { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import type { InvoiceView, StaffInvoiceView, TaskView } from '../../src/contracts/index.ts';
import type { StaffClient } from '../../src/contracts/staff-client.ts';
import { askForFapiaoRegistration, lookAtFapiao, lookAtForgottenFapiao } from '../../src/invoices/index.ts';
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

async function start(environment: Record<string, string> = {}): Promise<void> {
  world = await startWorld({
    environment: {
      STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000',
      REFUND_LIMIT_SUPERVISOR_FEN: '100000000',
      ...environment,
    },
  });
  await settings({ refundGapMs: 0 });
  customer = await somebody(world);
  finance = await staff(world, 'finance');
  await askForFapiaoRegistration(world.world.desk);
  await world.settle();
}
beforeEach(() => start(), 60_000);
afterEach(() => world.stop());

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

const triesOf = (invoiceId: string): Promise<InvoiceFapiao[]> =>
  world.world.desk.db.find(InvoiceFapiao, { where: { invoiceId }, order: { id: 'ASC' } });
/** What WeChat has, of every payment. */
const atWechat = () => [...world.simulator.world.pay.fapiao.applications.values()].flatMap(({ fapiaos }) => fapiaos);
const posts = (end = '') =>
  world.simulator.world.calls.all().filter(({ method, path }) => method === 'POST' && path === APPLICATIONS + end)
    .length;
const told = async () =>
  (await messagesOf(world.world)).map(({ message }) => message).filter((name) => name === 'invoice-issued');
async function tasks(state: 'open' | 'done' = 'open'): Promise<TaskView[]> {
  return (await finance.listTasks({ query: { kind: 'invoice', state, limit: 100 } })).data;
}
const trouble = async () => (await tasks()).filter(({ title }) => title.startsWith('微信'));

describe('An invoice that WeChat issues', () => {
  it('gets number, day and file from WeChat, is issued like one by hand, and lies in the card pack', async () => {
    const invoice = await asked();
    expect(await apply(invoice)).toMatchObject({ state: 'asked', atWechat: { state: 'applying', failure: null } });
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
    expect(atWechat()).toMatchObject([
      {
        totalFen: invoice.amountFen,
        buyer: { type: 'ORGANIZATION', name: COMPANY.name, taxpayer_id: COMPANY.taxNumber },
        items: [{ goods_name: '咨询服务费', tax_rate: 600, total_amount: invoice.amountFen, quantity: 100_000_000 }],
      },
    ]);
    await world.advance(5000);
    const done = await becomes(invoice, 'issued');
    const [fapiao] = atWechat();
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
    expect(await told()).toHaveLength(1);
    expect(await tasks()).toEqual([]);
    await world.advance(5000);
    await world.until(async () => (await show(invoice.id)).atWechat!.inCardPack);
    expect(posts()).toBe(1);
  });

  it('of the older kind has a code, and a special one is for hands alone', async () => {
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
    expect(atWechat()).toMatchObject([{ blue: { number } }]);
    expect(await triesOf(invoice.id)).toHaveLength(1);
    expect(await told()).toHaveLength(1);
    expect(await trouble()).toEqual([]);
  });

  it('is issued once, however often its notice comes, and not by a forged one', async () => {
    await hold();
    const invoice = await asked();
    await apply(invoice);
    await world.advance(5000);
    const notice = [...world.simulator.world.pay.notices.values()].find(
      ({ eventType }) => eventType === 'FAPIAO.ISSUED',
    )!;
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
    expect(await told()).toHaveLength(1);
    expect(await world.world.desk.db.countBy(KeptFile, { contentType: 'application/pdf' })).toBe(1);
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
    expect(await trouble()).toMatchObject([{ title: expect.stringContaining('一小时无结果') }]);
    await world.lever(`/pay/fapiao/${atWechat()[0]!.id}/issue`, {});
    await becomes(invoice, 'issued');
    expect(await trouble()).toEqual([]);
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
      expect(await trouble()).toMatchObject([{ title: expect.stringContaining('微信开票失败') }]);
      expect(await told()).toEqual([]);
      expect(await issue({ world, finance }, invoice)).toMatchObject({ state: 'issued' });
      expect(await trouble()).toEqual([]);
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
    expect(await trouble()).toEqual([]);
    await world.advance(5000);
    await becomes(invoice, 'issued');
    const [first, second] = await triesOf(invoice.id);
    expect(first!.transactionId).toBe(second!.transactionId);
    expect(atWechat().map(({ id }) => id)).toEqual([first!.fapiaoId, second!.fapiaoId]);
    expect(await told()).toHaveLength(1);
  });

  it('refused is failed, once WeChat says that it knows of nothing', async () => {
    await settings({ fapiaoOpened: false });
    const invoice = await asked();
    await apply(invoice);
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'failed', failure: 'no_auth' } });
    expect(await trouble()).toHaveLength(1);
    await settings({ fapiaoOpened: true });
    await apply(invoice);
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
  });

  it('a refund that comes meanwhile makes less what waits again', async () => {
    await settings({ fapiaoOutcome: 'held' });
    const invoice = await asked();
    await apply(invoice);
    await refund(world, invoice.orders[0]!.number, 5000);
    expect(await show(invoice.id)).toMatchObject({ amountFen: invoice.amountFen });
    await world.lever(`/pay/fapiao/${atWechat()[0]!.id}/issue`, { outcome: 'FAILED' });
    await world.advance(3 * MINUTE_MS);
    await lookAgain();
    expect(await show(invoice.id)).toMatchObject({
      amountFen: invoice.amountFen - 5000,
      atWechat: { state: 'failed' },
    });
  });
});

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

  it('none at all where it is off, and nothing is registered then', async () => {
    await world.stop();
    await start({ FAPIAO: 'manual' });
    const invoice = await asked();
    expect(await codeOf(finance.issueInvoiceAtWechat({ params: { id: invoice.id } }))).toBe('invoice.wechat_off');
    expect(world.simulator.world.pay.fapiao).toMatchObject({ callbackUrl: null, cardTemplate: null });
    expect(await issue({ world, finance }, invoice)).toMatchObject({ state: 'issued', atWechat: null });
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
    const [fapiao] = atWechat();
    expect(done).toMatchObject({
      state: 'red_lettered',
      redWantedFen: 0,
      redFen: invoice.amountFen,
      redLetters: [{ number: fapiao!.red!.number, amountFen: invoice.amountFen, writtenBy: expect.any(String) }],
    });
    expect(await tasks()).toEqual([]);
    expect(await invoicingOf(customer, order)).toMatchObject({ invoiceableFen: invoice.amountFen - 5000 });
    const again = await ask(customer, [order]);
    await apply(again);
    await world.advance(10_000);
    await becomes(again, 'issued');
    expect(atWechat().map(({ totalFen, status }) => [totalFen, status])).toEqual([
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
    expect(await trouble()).toMatchObject([{ title: expect.stringContaining('微信冲红失败') }]);
    // Within five minutes WeChat refuses.
    await reverse(invoice);
    expect(await show(invoice.id)).toMatchObject({ atWechat: { state: 'issued', failure: 'invalid_request' } });
    await settings({ fapiaoReverseOutcome: 'REVERSED' });
    await world.advance(5 * MINUTE_MS);
    await reverse(invoice);
    await world.advance(5000);
    expect(await becomes(invoice, 'reversed')).toMatchObject({ state: 'red_lettered' });
    expect(await trouble()).toEqual([]);
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
    const [fapiao] = atWechat();
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
    await world.lever(`/pay/fapiao/${atWechat()[0]!.id}/issue`, {});
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
  await lookAtFapiao(world.world.desk, { applyId: '4200000000000000000000000000' });
  expect(await world.world.desk.db.count(InvoiceFapiao)).toBe(0);
});
