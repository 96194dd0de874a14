import { askForRegistration, pullComplaints } from '../../src/complaints/index.ts';
import type { ComplaintRowView, ComplaintView, OrderView } from '../../src/contracts/index.ts';
import type { Phone } from '../support/phone.ts';
import type { StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

export const HOUR_MS = 3600_000;
export const MERCHANT = '/v3/merchant-service';
export const PNG = Buffer.from('89504e470d0a1a0a0011223344', 'hex');

export interface Raised {
  id: string;
  entries: { type: string; details: string }[];
}

/** A world whose merchant is told of complaints, and a customer who has something to complain of. */
export async function startComplaintWorld(): Promise<{ world: TestWorld; customer: Phone }> {
  const world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  await askForRegistration(world.world.desk);
  await world.settle();
  const customer = await world.person({ follows: true });
  await customer.signInMiniProgram();
  return { world, customer };
}

export async function paidOrder({ settle }: TestWorld, customer: Phone): Promise<OrderView> {
  const order = await customer.order();
  const started = await customer.startPayment(order.number);
  await customer.pay(started);
  await customer.post(`/app/payments/${started.number}/look`);
  await settle();
  return customer.seeOrder(order.number);
}

/** The last payment of all, as WeChat knows it. */
export const lastPayment = ({ simulator }: TestWorld): string =>
  [...simulator.world.pay.orders.values()].findLast(({ payment }) => payment)!.outTradeNo;

/** The payer of the last payment complains, and the news of it has arrived. */
export async function complain(world: TestWorld, wanted: object = {}, payment = lastPayment(world)): Promise<Raised> {
  const raised = await world.lever<Raised>(`/pay/orders/${payment}/complaint`, wanted);
  await newsArrive(world);
  return raised;
}

export async function newsArrive(world: TestWorld): Promise<void> {
  await world.lever('/notices/deliver-due', {});
  await world.settle();
}

/** What the negotiation at WeChat has of one kind. */
export const atWechat = ({ simulator }: TestWorld, { id }: Pick<Raised, 'id'>, type: string): string[] =>
  simulator.world.pay.complaints
    .get(id)!
    .entries.filter((entry) => entry.type === type)
    .map(({ details }) => details);

export const listed = (staff: StaffClient, query = ''): Promise<ComplaintRowView[]> =>
  staff.pages(`/staff/complaints?limit=100${query}`);

/** Ours of WeChat's. */
export async function shown(staff: StaffClient, { id }: Pick<Raised, 'id'>): Promise<ComplaintView> {
  const row = (await listed(staff)).find(({ complaintId }) => complaintId === id);
  if (!row) throw new Error(`complaint ${id} is not listed`);
  return staff.data('GET', `/staff/complaints/${row.id}`);
}

export async function pull(world: TestWorld): Promise<void> {
  await pullComplaints(world.world.desk);
  await world.settle();
}
