import { randomUUID } from 'node:crypto';
import type {
  AskInvoiceBody,
  InvoiceTitleBody,
  InvoiceTitleView,
  InvoiceView,
  OrderInvoicingView,
  OrderView,
  RefundProposalView,
  StaffInvoiceView,
  StaffRole,
} from '../../src/contracts/index.ts';
import { createStaffClient, Refused, type StaffClient } from '../../src/contracts/staff-client.ts';
import { shanghaiDay } from '../../src/platform/calendar.ts';
import type { Answer, Phone } from '../support/phone.ts';
import { buildStaff } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/** Has a fee for an authority in its price. */
export const WITH_FEES = 'service-account-verification';
export const CREDIT_CODE = '91350100M000100Y43';
export const ACCOUNT = '6200000000000000001';
export const PDF = new TextEncoder().encode('%PDF-1.7\nan invoice\n%%EOF');

export const COMPANY: InvoiceTitleBody = { kind: 'company', name: '示例咨询有限公司', taxNumber: CREDIT_CODE };
export const WHOLE_COMPANY: InvoiceTitleBody = {
  ...COMPANY,
  address: '示例路 1 号',
  phone: '010-88880001',
  bankName: '示例银行示例支行',
  bankAccount: ACCOUNT,
};

export interface InvoiceWorld {
  world: TestWorld;
  customer: Phone;
  finance: StaffClient;
}

export async function startInvoiceWorld(): Promise<InvoiceWorld> {
  const environment = { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', REFUND_LIMIT_SUPERVISOR_FEN: '100000000' };
  const world = await startWorld({ environment });
  await world.lever('/pay/settings', { refundGapMs: 0 });
  return { world, customer: await somebody(world), finance: await staff(world, 'finance') };
}

export async function somebody(world: TestWorld): Promise<Phone> {
  const person = await world.person({ follows: true });
  await person.signInMiniProgram();
  return person;
}

export async function staff(world: TestWorld, ...roles: StaffRole[]): Promise<StaffClient> {
  const { token } = await buildStaff(world, roles);
  return createStaffClient({ origin: world.origin, token: token! });
}

export async function paidOrder({ settle }: TestWorld, customer: Phone, service?: string): Promise<OrderView> {
  const order = await customer.order(service);
  const started = await customer.startPayment(order.number);
  await customer.pay(started);
  await customer.post(`/app/payments/${started.number}/look`);
  await settle();
  return customer.seeOrder(order.number);
}

export const saveTitle = (customer: Phone, body: InvoiceTitleBody = COMPANY): Promise<InvoiceTitleView> =>
  customer.post('/app/invoice-titles', body);

export const invoicingOf = (customer: Phone, number: string): Promise<OrderInvoicingView> =>
  customer.get(`/app/orders/${number}/invoicing`);

/** As the phone asks, whatever comes of it. */
export const asking = (customer: Phone, body: AskInvoiceBody, key: string = randomUUID()): Promise<Answer<Refusal>> =>
  customer.call('POST', '/app/invoices', body, { 'idempotency-key': key });

interface Refusal {
  data?: InvoiceView;
  error?: { code: string; detail?: unknown };
}

export async function ask(
  customer: Phone,
  orderNumbers: string[],
  wanted: Partial<AskInvoiceBody> = {},
): Promise<InvoiceView> {
  const titleId = wanted.titleId ?? (await saveTitle(customer)).id;
  const { status, body } = await asking(customer, { kind: 'ordinary', orderNumbers, ...wanted, titleId });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.data!;
}

export const seen = (customer: Phone, { id }: { id: string }): Promise<InvoiceView> =>
  customer.get(`/app/invoices/${id}`);

let numbers = 0;
/** A number of a fully digitised invoice that no other one has. */
export const newNumber = (): string => `2611${String((numbers += 1)).padStart(16, '0')}`;

export const today = ({ clock }: TestWorld): string => shanghaiDay(clock.now());

export async function issue(
  { world, finance }: Pick<InvoiceWorld, 'world' | 'finance'>,
  { id }: { id: string },
): Promise<StaffInvoiceView> {
  await finance.putInvoiceFile({ params: { id }, file: PDF });
  const body = { number: newNumber(), issuedDay: today(world) };
  const issued = await finance.issueInvoice({ params: { id }, body });
  await world.settle();
  return issued;
}

/** Proposed, approved by another person, sent and arrived. */
export async function refund(world: TestWorld, number: string, amountFen: number): Promise<void> {
  const maker = await staff(world, 'consultant');
  const checker = await staff(world, 'supervisor');
  const body = { amountFen, reason: '客户取消办理', changeReason: '协商一致' };
  const { id }: RefundProposalView = await maker.proposeRefund({ params: { number }, body });
  await checker.approveRefund({ params: { id } });
  await world.settle();
  await world.advance(10_000);
  await world.settle();
}

/** The code of a refusal, or `done`. */
export const codeOf = (deed: Promise<unknown>): Promise<string> =>
  deed.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof Refused) return error.code;
      throw error;
    },
  );
