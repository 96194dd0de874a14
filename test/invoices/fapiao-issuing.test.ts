import { createHash } from 'node:crypto';
import { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { askForFapiaoRegistration, lookAtFapiao } from '../../src/invoices/index.ts';
import { APPLICATIONS, FapiaoWorld, MINUTE_MS } from './fapiao-world.ts';
import { codeOf, COMPANY, issue, seen } from './invoice-world.ts';

let desk: FapiaoWorld;

beforeAll(async () => {
  desk = await FapiaoWorld.start();
}, 60_000);
afterAll(() => desk.world.stop());
beforeEach(() => desk.begin());

describe('An invoice that WeChat issues', () => {
  it('gets number, day and file from WeChat, is issued like one by hand, and lies in the card pack', async () => {
    const invoice = await desk.asked();
    expect(await desk.apply(invoice)).toMatchObject({ state: 'asked', atWechat: { state: 'applying', failure: null } });
    expect(await desk.show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
    expect(await desk.atWechat(invoice)).toMatchObject([
      {
        totalFen: invoice.amountFen,
        buyer: { type: 'ORGANIZATION', name: COMPANY.name, taxpayer_id: COMPANY.taxNumber },
        items: [{ goods_name: '咨询服务费', tax_rate: 600, total_amount: invoice.amountFen, quantity: 100_000_000 }],
      },
    ]);
    await desk.world.advance(5000);
    const done = await desk.becomes(invoice, 'issued');
    const [fapiao] = await desk.atWechat(invoice);
    expect(done).toMatchObject({
      state: 'issued',
      number: fapiao!.blue!.number,
      code: null,
      hasFile: true,
      decidedBy: expect.any(String),
    });
    const file = Buffer.from(await (await desk.finance.getInvoiceFile({ params: { id: invoice.id } })).arrayBuffer());
    expect(file.toString('latin1')).toContain(fapiao!.blue!.number);
    expect(done.file!.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect(await seen(desk.customer, invoice)).toMatchObject({ state: 'issued', number: done.number, hasFile: true });
    expect(await desk.told(invoice)).toHaveLength(1);
    expect(await desk.tasks(invoice)).toEqual([]);
    await desk.world.advance(5000);
    await desk.world.until(async () => (await desk.show(invoice.id)).atWechat!.inCardPack);
    expect(desk.posts()).toBe(1);
  });

  it('of the older kind has a code', async () => {
    await desk.settings({ fapiaoKind: 'blockchain' });
    expect(await desk.issued()).toMatchObject({
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
    const invoice = await desk.asked();
    await desk.world.lever('/faults', { path: APPLICATIONS, method: 'POST', times: 1, ...fault });
    await desk.finance.issueInvoiceAtWechat({ params: { id: invoice.id } });
    await desk.world.settle();
    // Pressing again in between is no other wish.
    expect(await codeOf(desk.finance.issueInvoiceAtWechat({ params: { id: invoice.id } }))).toBe('done');
    await desk.world.advance(2 * MINUTE_MS);
    const { number } = await desk.becomes(invoice, 'issued');
    expect(desk.posts()).toBe(calls);
    expect(await desk.atWechat(invoice)).toMatchObject([{ blue: { number } }]);
    expect(await desk.triesOf(invoice.id)).toHaveLength(1);
    expect(await desk.told(invoice)).toHaveLength(1);
    expect(await desk.trouble(invoice)).toEqual([]);
  });

  it('is issued once, however often its notice comes, and not by a forged one', async () => {
    await desk.hold();
    const invoice = await desk.asked();
    await desk.apply(invoice);
    await desk.world.advance(5000);
    const notice = [...desk.world.simulator.world.pay.notices.values()].findLast(
      ({ eventType }) => eventType === 'FAPIAO.ISSUED',
    )!;
    const filesBefore = await desk.files();
    await desk.world.lever(`/notices/${notice.id}/send`, { tamper: 'signature' });
    await desk.world.settle();
    expect(await desk.show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
    const sends = await desk.world.lever<{ status: number }[]>(`/notices/${notice.id}/send`, {
      times: 6,
      parallel: true,
    });
    expect(sends.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204, 204]);
    await desk.world.settle();
    await Promise.all(
      [1, 2, 3].map(() => lookAtFapiao(desk.world.world.desk, { applyId: notice.content.fapiao_apply_id as string })),
    );
    await desk.world.settle();
    expect(await desk.show(invoice.id)).toMatchObject({ state: 'issued', atWechat: { state: 'issued' } });
    expect(await desk.told(invoice)).toHaveLength(1);
    expect(await desk.files()).toBe(filesBefore + 1);
  });

  it('is issued by asking when no notice comes', async () => {
    await desk.hold();
    const invoice = await desk.asked();
    await desk.apply(invoice);
    await desk.world.advance(MINUTE_MS);
    await desk.lookAgain();
    expect(await desk.show(invoice.id)).toMatchObject({ atWechat: { state: 'issuing' } });
    await desk.world.advance(2 * MINUTE_MS);
    await desk.lookAgain();
    expect(await desk.show(invoice.id)).toMatchObject({ state: 'issued', atWechat: { state: 'issued' } });
  });

  it.each(['fapiao-cut', 'fapiao-wrong-digest'])('is not issued here with a file that came %s', async (kind) => {
    const invoice = await desk.asked();
    await desk.apply(invoice);
    await desk.world.lever('/faults', { path: '/invoicing/', kind, times: 1 });
    await desk.hold();
    await desk.world.advance(5 * MINUTE_MS);
    await desk.lookAgain();
    expect(await desk.show(invoice.id)).toMatchObject({
      state: 'asked',
      hasFile: false,
      atWechat: { state: 'issuing' },
    });
    await desk.lookAgain();
    expect(await desk.show(invoice.id)).toMatchObject({ state: 'issued', hasFile: true });
  });

  it('waits for WeChat: nobody issues, refuses or withdraws it meanwhile, and silence is somebody’s task', async () => {
    await desk.settings({ fapiaoOutcome: 'held' });
    const invoice = await desk.asked();
    await desk.apply(invoice);
    const params = { id: invoice.id };
    expect(await codeOf(issue(desk, invoice))).toBe('invoice.under_way_at_wechat');
    expect(await codeOf(desk.finance.refuseInvoice({ params, body: { reason: '不开' } }))).toBe(
      'invoice.under_way_at_wechat',
    );
    const withdrawal = await desk.customer.call('POST', `/app/invoices/${invoice.id}/withdrawal`, {});
    expect(withdrawal.body).toMatchObject({ error: { code: 'invoice.under_way_at_wechat' } });
    await desk.world.advance(61 * MINUTE_MS);
    await desk.signIn();
    await desk.lookAgain();
    expect(await desk.trouble(invoice)).toMatchObject([{ title: expect.stringContaining('一小时无结果') }]);
    await desk.end(invoice);
    await desk.becomes(invoice, 'issued');
    expect(await desk.trouble(invoice)).toEqual([]);
  });
});

it('WeChat knows our address and our card, once', async () => {
  const { fapiao } = desk.world.simulator.world.pay;
  expect(fapiao.callbackUrl).toBe(`${desk.world.origin}/wechat/pay/notices`);
  const card = fapiao.cardTemplate;
  await askForFapiaoRegistration(desk.world.world.desk);
  await desk.world.settle();
  expect(fapiao.cardTemplate).toBe(card);
});

it('News of a fapiao that nobody asked for here changes nothing', async () => {
  const before = await desk.world.world.desk.db.count(InvoiceFapiao);
  await lookAtFapiao(desk.world.world.desk, { applyId: '4200000000000000000000000000' });
  expect(await desk.world.world.desk.db.count(InvoiceFapiao)).toBe(before);
});
