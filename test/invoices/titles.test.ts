import { InvoiceTitle } from '../../entities/invoice.ts';
import type { InvoiceTitleBody, InvoiceTitleView } from '../../src/contracts/index.ts';
import type { Phone } from '../support/phone.ts';
import type { TestWorld } from '../support/world.ts';
import {
  ACCOUNT,
  COMPANY,
  CREDIT_CODE,
  paidOrder,
  saveTitle,
  asking,
  somebody,
  startInvoiceWorld,
  WHOLE_COMPANY,
} from './invoice-world.ts';

let world: TestWorld;
let customer: Phone;

beforeAll(async () => {
  ({ world } = await startInvoiceWorld());
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  customer = await somebody(world);
});

const list = () => customer.get<InvoiceTitleView[]>('/app/invoice-titles');
async function fieldsOf(method: string, address: string, body: object): Promise<unknown> {
  const answer = await customer.call<{ error?: { detail?: { fields?: { field: string }[] } } }>(method, address, body);
  expect(answer.status).toBe(422);
  return answer.body.error?.detail?.fields?.map(({ field }) => field);
}

describe('A title', () => {
  it('of a company needs a tax number that is right: with its check, or one of before with 15 or 20 characters', async () => {
    expect(await saveTitle(customer, { ...COMPANY, taxNumber: ` ${CREDIT_CODE.toLowerCase()} ` })).toMatchObject({
      kind: 'company',
      taxNumber: CREDIT_CODE,
      address: null,
      bankAccount: null,
    });
    for (const taxNumber of ['350100000000001', '35010000000000000001'])
      expect((await saveTitle(customer, { ...COMPANY, taxNumber })).taxNumber).toBe(taxNumber);
    for (const taxNumber of ['91350100M000100Y44', '35010000000001', '3501000000000000X-1', null, ''])
      expect(await fieldsOf('POST', '/app/invoice-titles', { ...COMPANY, taxNumber })).toEqual(['taxNumber']);
  });

  it('of a person has a name only', async () => {
    expect(await saveTitle(customer, { kind: 'personal', name: '林晓' })).toMatchObject({ taxNumber: null });
    const body = { ...WHOLE_COMPANY, kind: 'personal' };
    expect(await fieldsOf('POST', '/app/invoice-titles', body)).toEqual([
      'taxNumber',
      'address',
      'phone',
      'bankName',
      'bankAccount',
    ]);
  });

  it.each<[string, object]>([
    ['name', { name: ' ' }],
    ['name', { name: '公司'.repeat(51) }],
    ['phone', { phone: '12' }],
    ['bankAccount', { bankAccount: '62A00000000000' }],
    ['kind', { kind: 'state' }],
    ['customerId', { customerId: 'x' }],
  ])('is refused with a bad %s', async (field, bad) => {
    expect(await fieldsOf('POST', '/app/invoice-titles', { ...WHOLE_COMPANY, ...bad })).toEqual([field]);
  });

  it('keeps phone and account sealed', async () => {
    const bankAccount = '6200 0000 0000 0000 001';
    const { id, ...title } = await saveTitle(customer, { ...WHOLE_COMPANY, bankAccount });
    expect(title).toEqual({ ...WHOLE_COMPANY, bankAccount: ACCOUNT, isDefault: true });
    const row = await world.world.database.reader.findOneByOrFail(InvoiceTitle, { id });
    expect(JSON.stringify(row)).not.toContain(ACCOUNT);
    expect(JSON.stringify(row)).not.toContain('88880001');
  });

  it('is the default when it is the first, or said to be, and stands first', async () => {
    const first = await saveTitle(customer);
    const second = await saveTitle(customer, { ...COMPANY, name: '第二有限公司' });
    expect([first.isDefault, second.isDefault]).toEqual([true, false]);
    const third = await saveTitle(customer, { ...COMPANY, name: '第三有限公司', isDefault: true });
    expect((await list()).map(({ id, isDefault }) => [id, isDefault])).toEqual([
      [third.id, true],
      [second.id, false],
      [first.id, false],
    ]);
    await customer.call('PUT', `/app/invoice-titles/${second.id}`, {
      ...COMPANY,
      name: second.name,
      isDefault: true,
    });
    expect((await list()).filter(({ isDefault }) => isDefault)).toMatchObject([{ id: second.id }]);
    await customer.call('DELETE', `/app/invoice-titles/${second.id}`);
    expect(await list()).toMatchObject([{ id: third.id, isDefault: true }, { id: first.id }]);
  });

  it('is written anew, and checked as a whole', async () => {
    const { id } = await saveTitle(customer, WHOLE_COMPANY);
    const address = `/app/invoice-titles/${id}`;
    const change = (body: Partial<InvoiceTitleBody>) =>
      customer.call<{ data: InvoiceTitleView }>('PUT', address, { ...WHOLE_COMPANY, ...body });
    expect((await change({ name: '新名称有限公司', phone: null })).body.data).toMatchObject({
      name: '新名称有限公司',
      taxNumber: CREDIT_CODE,
      phone: null,
      bankAccount: ACCOUNT,
      isDefault: true,
    });
    expect(await fieldsOf('PUT', address, { ...WHOLE_COMPANY, taxNumber: null })).toEqual(['taxNumber']);
    expect(await fieldsOf('PUT', address, { ...WHOLE_COMPANY, kind: 'personal', taxNumber: null })).toEqual([
      'address',
      'phone',
      'bankName',
      'bankAccount',
    ]);
  });

  it('of another customer does not exist', async () => {
    const { id } = await saveTitle(customer);
    const order = await paidOrder(world, customer);
    customer = await somebody(world);
    const foreign = `/app/invoice-titles/${id}`;
    expect((await customer.call('PUT', foreign, COMPANY)).status).toBe(404);
    expect((await customer.call('DELETE', foreign)).status).toBe(404);
    expect(await list()).toEqual([]);
    const own = await paidOrder(world, customer);
    const body = { titleId: id, kind: 'ordinary' as const, orderNumbers: [own.number] };
    expect((await asking(customer, body)).body.error?.code).toBe('invoice.title_not_found');
    const { id: titleId } = await saveTitle(customer);
    const numbers = { ...body, titleId, orderNumbers: [own.number, order.number] };
    expect((await asking(customer, numbers)).body.error?.code).toBe('order.not_found');
  });

  it('is one of at most fifty', async () => {
    for (let at = 0; at < 50; at += 1) await saveTitle(customer);
    const answer = await customer.call<{ error: { code: string } }>('POST', '/app/invoice-titles', COMPANY);
    expect(answer.body.error.code).toBe('invoice.too_many_titles');
  });
});
