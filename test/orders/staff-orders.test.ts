import { AuditEntry } from '../../entities/audit-entry.ts';
import { Customer } from '../../entities/customer.ts';
import type { OrderView, StaffOrderRowView, StaffOrderView } from '../../src/contracts/index.ts';
import { dayAfter, shanghaiDay } from '../../src/platform/calendar.ts';
import { messagesOf } from '../support/books.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let consultant: StaffClient;
let order: OrderView;

beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  consultant = await buildStaff(world, ['consultant']);
  const customer = await world.person();
  await customer.signInMiniProgram();
  await customer.order();
  order = await customer.paidOrder();
}, 60_000);
afterAll(() => world.stop());

const list = (query = '') => consultant.pages<StaffOrderRowView>(`/staff/orders?limit=1${query}`);
const reach = (code: string, who = consultant) =>
  who.codeOf('POST', `/staff/orders/${order.number}/milestones`, { code });

it('Staff find orders by state, customer, service and day, page by page', async () => {
  const all = await list();
  expect(all.map(({ state }) => state)).toEqual(['paid', 'awaiting_payment']);
  expect((await list('&state=paid')).map(({ number }) => number)).toEqual([order.number]);
  const { customerId } = all[0]!;
  expect(await list(`&customerId=${customerId}&serviceCode=${order.serviceCode}`)).toHaveLength(2);
  expect(await list('&customerId=01a21427-c03a-746a-b761-65ead8010dc0')).toEqual([]);
  expect(await list('&serviceCode=none')).toEqual([]);
  const today = shanghaiDay(world.clock.now());
  expect(await list(`&from=${today}&to=${today}`)).toHaveLength(2);
  expect(await list(`&from=${dayAfter(today)}`)).toEqual([]);
  expect(await list(`&to=${dayAfter(today, -1)}`)).toEqual([]);
  expect(await consultant.codeOf('GET', '/staff/orders?from=yesterday')).toBe('request.invalid');
  expect(await consultant.codeOf('GET', '/staff/orders/TB26112299999999')).toBe('order.not_found');
});

it('A milestone is reached by whoever serves the customer, once; what follows from it follows', async () => {
  const whole = await consultant.data<StaffOrderView>('GET', `/staff/orders/${order.number}`);
  const { code } = whole.milestones.find(({ reachedAt }) => reachedAt === null)!;
  expect(await reach(code, await buildStaff(world, ['finance']))).toBe('staff.not_allowed');
  expect(await reach('no_such_thing')).toBe('order.milestone_not_found');
  const { database } = world.world;
  await database.transaction((db) => db.update(Customer, { id: whole.customerId }, { teamId: whole.customerId }));
  expect(await reach(code)).toBe('staff.not_allowed');
  await database.transaction((db) => db.update(Customer, { id: whole.customerId }, { teamId: null }));

  expect(await reach(code)).toBe(200);
  const { milestones } = await consultant.data<StaffOrderView>('GET', `/staff/orders/${order.number}`);
  const { reachedAt } = milestones.find((milestone) => milestone.code === code)!;
  expect(reachedAt).not.toBeNull();
  await world.settle();
  expect((await messagesOf(world.world)).map(({ message }) => message)).toContain('stage-reached');
  await world.advance(1000);
  expect(await reach(code)).toBe(200);
  const again = await consultant.data<StaffOrderView>('GET', `/staff/orders/${order.number}`);
  expect(again.milestones).toEqual(milestones);
  const trail = await world.world.desk.db.findBy(AuditEntry, { deed: 'milestone-reached' });
  expect(trail).toHaveLength(1);
});

it('Of an order that is not paid none is reached', async () => {
  const [unpaid] = await list('&state=awaiting_payment');
  const code = order.milestones.at(-1)!.code;
  expect(await consultant.codeOf('POST', `/staff/orders/${unpaid!.number}/milestones`, { code })).toBe(
    'order.illegal_move',
  );
});
