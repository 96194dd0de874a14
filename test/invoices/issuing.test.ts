import { KeptFile } from '../../entities/kept-file.ts';
import type { FileLinkView, IssueInvoiceBody, StaffInvoiceView } from '../../src/contracts/index.ts';
import { eachRow, type StaffClient } from '../../src/contracts/staff-client.ts';
import { dayAfter } from '../../src/platform/calendar.ts';
import { messagesOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import type { TestWorld } from '../support/world.ts';
import {
  ACCOUNT,
  ask,
  codeOf,
  invoicingOf,
  issue,
  newNumber,
  paidOrder,
  PDF,
  saveTitle,
  seen,
  somebody,
  staff,
  startInvoiceWorld,
  today,
  WHOLE_COMPANY,
} from './invoice-world.ts';

let world: TestWorld;
let customer: Phone;
let finance: StaffClient;
let consultant: StaffClient;
let auditor: StaffClient;

beforeAll(async () => {
  ({ world, finance } = await startInvoiceWorld());
  consultant = await staff(world, 'consultant');
  auditor = await staff(world, 'auditor');
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  customer = await somebody(world);
});

const asked = async () => ask(customer, [(await paidOrder(world, customer)).number]);
const particulars = (wanted: Partial<IssueInvoiceBody> = {}): IssueInvoiceBody => ({
  number: newNumber(),
  issuedDay: today(world),
  ...wanted,
});
const putFile = (id: string, file = PDF, who = finance) => codeOf(who.putInvoiceFile({ params: { id }, file }));
const issuing = (id: string, body = particulars(), who = finance) => codeOf(who.issueInvoice({ params: { id }, body }));
const listed = async (query: Parameters<StaffClient['listInvoices']>[0] = {}) => {
  const rows: StaffInvoiceView[] = [];
  for await (const row of eachRow(finance.listInvoices, query)) rows.push(row);
  return rows;
};
const openTasks = async (orderNumber: string) => {
  const { data } = await finance.listTasks({ query: { kind: 'invoice', limit: 100 } });
  return data.filter((task) => task.orderNumber === orderNumber);
};

describe('An invoice', () => {
  it('is issued by finance with number, day and file, and the customer is told and has it', async () => {
    const one = await paidOrder(world, customer);
    const other = await paidOrder(world, customer);
    const invoice = await ask(customer, [one.number, other.number]);
    const { id } = invoice;
    expect(await seen(customer, invoice)).toMatchObject({ hasFile: false });
    expect(await openTasks(one.number)).toHaveLength(1);
    const kept = await finance.putInvoiceFile({ params: { id }, file: PDF });
    expect(kept).toMatchObject({ hasFile: true, file: { bytes: PDF.length, sha256: expect.any(String) } });
    // Not before it is issued.
    expect((await customer.call('GET', `/app/invoices/${id}/file`)).status).toBe(404);
    const body = particulars();
    const issued = await finance.issueInvoice({ params: { id }, body });
    expect(issued).toMatchObject({ state: 'issued', ...body, code: null, decidedBy: expect.any(String) });
    await world.settle();
    expect(await seen(customer, invoice)).toMatchObject({
      state: 'issued',
      stateWords: '已开票',
      ...body,
      hasFile: true,
      canWithdraw: false,
      amountFen: one.amountFen + other.amountFen,
    });
    expect(await openTasks(one.number)).toEqual([]);
    const told = (await messagesOf(world.world)).filter(({ message }) => message === 'invoice-issued');
    expect(told.at(-1)).toMatchObject({
      about: `invoice:${id}`,
      facts: {
        orderNumber: one.number,
        title: invoice.title.name,
        amountFen: invoice.amountFen,
        issuedDay: body.issuedDay,
      },
    });
    const file = await customer.call<string>('GET', `/app/invoices/${id}/file`);
    expect([file.status, file.body, file.headers.get('content-type')]).toEqual([
      200,
      new TextDecoder().decode(PDF),
      'application/pdf',
    ]);
    const name = decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(file.headers.get('content-disposition')!)![1]!);
    expect(name).toBe(`发票${body.number}.pdf`);
    const trail = await auditor.listAudit({ query: { subjectKind: 'invoice', subjectId: id } });
    expect(trail.data.map(({ deed }) => deed)).toEqual(['invoice-issued', 'invoice-file-kept']);
  });

  it('needs its file, a day that is not in the future, and a number that no other one has', async () => {
    const { id } = await asked();
    expect(await issuing(id)).toBe('invoice.file_missing');
    expect(await putFile(id)).toBe('done');
    expect(await issuing(id, particulars({ issuedDay: dayAfter(today(world)) }))).toBe('request.invalid');
    const taken = particulars({ number: '00000001', code: '011002600111' });
    expect(await issuing(id, taken)).toBe('done');
    expect(await issuing(id)).toBe('invoice.illegal_move');
    const { id: other } = await asked();
    await putFile(other);
    expect(await issuing(other, taken)).toBe('invoice.number_taken');
    expect(await issuing(other, { ...taken, code: '0110026001' })).toBe('done');
    expect(
      await listed({ query: { state: 'issued', orderNumber: (await listed())[0]!.orders[0]!.number } }),
    ).toMatchObject([{ id: other, number: '00000001', code: '0110026001' }]);
  });

  it.each<[string, Partial<IssueInvoiceBody>]>([
    ['number', { number: '123' }],
    ['number', { number: '2611000000000000000x' }],
    ['code', { number: '00000002' }],
    ['code', { code: '011002600111' }],
    ['code', { number: '00000002', code: '12' }],
    ['issuedDay', { issuedDay: '2026-02-30' }],
  ])('is refused with a bad %s', async (field, bad) => {
    const { id } = await asked();
    await putFile(id);
    const refused = await finance.issueInvoice({ params: { id }, body: particulars(bad) }).catch((error) => error);
    expect(refused.fields).toMatchObject([{ field }]);
  });

  it('gets one number when two are issued with it at the same instant', async () => {
    const ids = [(await asked()).id, (await asked()).id, (await asked()).id];
    for (const id of ids) await putFile(id);
    const body = particulars();
    const codes = await Promise.all(ids.map((id) => issuing(id, body)));
    expect(codes.toSorted()).toEqual(['done', 'invoice.number_taken', 'invoice.number_taken']);
  });

  it('is issued, refused or withdrawn, one of them, when all is tried at once', async () => {
    const { id } = await asked();
    await putFile(id);
    const answers = await Promise.all([
      issuing(id),
      codeOf(finance.refuseInvoice({ params: { id }, body: { reason: '抬头有误' } })),
      customer.call('POST', `/app/invoices/${id}/withdrawal`).then(({ status }) => (status === 200 ? 'done' : 'no')),
    ]);
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
  });

  it('is refused with a reason that the customer reads; then the order can be asked for again', async () => {
    const invoice = await asked();
    const { number, amountFen } = invoice.orders[0]!;
    const refused = { params: { id: invoice.id }, body: { reason: '税号与名称不符' } };
    expect(await finance.refuseInvoice(refused)).toMatchObject({ state: 'refused' });
    expect(await seen(customer, invoice)).toMatchObject({ stateWords: '未能开票', refusedReason: '税号与名称不符' });
    expect(await openTasks(number)).toEqual([]);
    expect(await invoicingOf(customer, number)).toMatchObject({ invoiceableFen: amountFen });
    expect(await putFile(invoice.id)).toBe('invoice.illegal_move');
  });

  it('takes a PDF only, and not a large one', async () => {
    const { id } = await asked();
    expect(await putFile(id, new TextEncoder().encode('<html>%PDF-'))).toBe('invoice.file_unfit');
    expect(await putFile(id, new Uint8Array())).toBe('invoice.file_unfit');
    const large = new Uint8Array(5 * 1024 * 1024 + 1);
    large.set(PDF);
    expect(await putFile(id, large)).toBe('request.too_large');
    const most = large.slice(1);
    most.set(PDF);
    expect(await putFile(id, most)).toBe('done');
    const { file } = await finance.getInvoice({ params: { id } });
    expect(file).toMatchObject({ bytes: 5 * 1024 * 1024 });
    const back = new Uint8Array(await (await finance.getInvoiceFile({ params: { id } })).arrayBuffer());
    expect(Buffer.compare(back, most)).toBe(0);
  });

  it('can get another file when it was the wrong one; the first is still evidence', async () => {
    const issued = await issue({ world, finance }, await asked());
    const right = new TextEncoder().encode('%PDF-1.7 the right one');
    expect(await putFile(issued.id, right)).toBe('done');
    expect((await customer.call<string>('GET', `/app/invoices/${issued.id}/file`)).body).toContain('the right one');
    const kept = await world.world.database.reader.findBy(KeptFile, { sha256: issued.file!.sha256 });
    expect(kept.length).toBeGreaterThan(0);
  });
});

describe('Staff', () => {
  it('see titles masked; only who issues sees them in full, which is recorded', async () => {
    const { id: titleId } = await saveTitle(customer, WHOLE_COMPANY);
    const { id } = await ask(customer, [(await paidOrder(world, customer)).number], { titleId, kind: 'special' });
    for (const who of [consultant, auditor, finance]) {
      const { title } = await who.getInvoice({ params: { id } });
      expect(title).toMatchObject({ taxNumber: WHOLE_COMPANY.taxNumber, bankAccount: '****0001' });
      expect(title.phone).not.toBe(WHOLE_COMPANY.phone);
    }
    const table = await (await finance.exportInvoices({ query: { format: 'csv' } })).text();
    expect(table).toContain('增值税专用发票');
    expect(table).not.toContain(ACCOUNT);
    expect(await codeOf(consultant.unmaskInvoiceTitle({ params: { id } }))).toBe('staff.not_allowed');
    expect(await finance.unmaskInvoiceTitle({ params: { id } })).toEqual(WHOLE_COMPANY);
    const trail = await auditor.listAudit({ query: { subjectId: id } });
    expect(trail.data.map(({ deed }) => deed)).toEqual(['invoice-title-unmasked']);
    expect(world.logged.join('\n')).not.toContain(ACCOUNT);
  });

  it('without the permission issue nothing, and some see nothing', async () => {
    const { id } = await asked();
    const params = { id };
    for (const who of [consultant, auditor, await staff(world, 'administrator', 'supervisor')]) {
      expect(await codeOf(who.getInvoice({ params }))).toBe('done');
      expect(await putFile(id, PDF, who)).toBe('staff.not_allowed');
      expect(await issuing(id, particulars(), who)).toBe('staff.not_allowed');
      expect(await codeOf(who.refuseInvoice({ params, body: { reason: '不行' } }))).toBe('staff.not_allowed');
      const body = { ...particulars(), amountFen: 1 };
      expect(await codeOf(who.writeRedLetter({ params, body }))).toBe('staff.not_allowed');
    }
    const reviewer = await staff(world, 'reviewer', 'content_editor', 'quality_inspector');
    expect(await codeOf(reviewer.listInvoices())).toBe('staff.not_allowed');
    expect(await codeOf(reviewer.listInvoicing())).toBe('staff.not_allowed');
  });

  it('find invoices by state, kind, customer, order and days', async () => {
    const { id: titleId } = await saveTitle(customer, WHOLE_COMPANY);
    const special = await ask(customer, [(await paidOrder(world, customer)).number], { titleId, kind: 'special' });
    const issued = await issue({ world, finance }, await asked());
    const customerId = issued.customer.id;
    const idsOf = async (query: object) => (await listed({ query: { limit: 1, ...query } })).map(({ id }) => id);
    expect(await idsOf({ customerId })).toEqual([issued.id, special.id]);
    expect(await idsOf({ customerId, state: 'asked' })).toEqual([special.id]);
    expect(await idsOf({ customerId, kind: 'ordinary' })).toEqual([issued.id]);
    expect(await idsOf({ orderNumber: special.orders[0]!.number })).toEqual([special.id]);
    expect(await idsOf({ customerId, from: today(world), to: today(world) })).toEqual([issued.id, special.id]);
    expect(await idsOf({ customerId, from: dayAfter(today(world)) })).toEqual([]);
    expect(await idsOf({ customerId, to: dayAfter(today(world), -1) })).toEqual([]);
    expect(await idsOf({ customerId, redWanted: true })).toEqual([]);
    expect(await codeOf(finance.listInvoices({ query: { orderNumber: 'TB99999999999999' } }))).toBe('order.not_found');
  });
});

describe('A link to the file', () => {
  const link = (id: string) => customer.post<FileLinkView>(`/app/invoices/${id}/file-link`);
  const opened = async (url: string | URL) => (await fetch(url)).status;

  it('opens it without a session, for ten minutes', async () => {
    const { id, number } = await issue({ world, finance }, await asked());
    const { url, expiresAt } = await link(id);
    const answer = await fetch(url);
    expect([answer.status, new Uint8Array(await answer.arrayBuffer())]).toEqual([200, PDF]);
    expect(answer.headers.get('content-disposition')).toContain(`${number}.pdf`);
    expect(Date.parse(expiresAt) - world.clock.now().getTime()).toBeLessThanOrEqual(600_000);
    await world.advance(600_000);
    expect(await opened(url)).toBe(410);
    expect(world.logged.join('\n')).not.toContain(new URL(url).searchParams.get('signature'));
  });

  it('cannot be altered, lengthened, or used for another file', async () => {
    const { id } = await issue({ world, finance }, await asked());
    const { id: other } = await issue({ world, finance }, await asked());
    const { url } = await link(id);
    const altered = (name: string, value: string) => {
      const address = new URL(url);
      address.searchParams.set(name, value);
      return address;
    };
    const { expires, signature } = Object.fromEntries(new URL(url).searchParams) as Record<string, string>;
    expect(await opened(url.replace(id, other))).toBe(410);
    expect(await opened(altered('expires', String(Number(expires) + 600_000)))).toBe(410);
    expect(
      await opened(
        altered(
          'signature',
          signature!.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        ),
      ),
    ).toBe(410);
    expect(await opened(altered('signature', ''))).toBe(422);
    expect(await opened(url.replace(id, crypto.randomUUID()))).toBe(410);
    expect(await opened(url)).toBe(200);
    await putFile(id, new TextEncoder().encode('%PDF-1.7 another'));
    expect(await opened(url)).toBe(410);
  });

  it('is not given before the invoice is issued', async () => {
    const { id } = await asked();
    await putFile(id);
    expect((await customer.call('POST', `/app/invoices/${id}/file-link`)).status).toBe(404);
  });
});
