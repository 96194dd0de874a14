import type { OrderView } from '../../src/contracts/index.ts';
import { Order } from '../../entities/order.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { bookedSum, ledgerOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const SERVICE = 'call-centre-licence';

let world: TestWorld;
let customer: Phone;
let order: OrderView;

beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.stop());

beforeEach(async () => {
  customer = await world.person();
  await customer.signInMiniProgram();
  const service = await customer.get<{
    packages: { code: string; plans: { code: string; instalments: unknown[] }[] }[];
  }>(`/app/services/${SERVICE}`);
  const sold = service.packages.flatMap(({ code, plans }) =>
    plans.filter(({ instalments }) => instalments.length > 1).map((plan) => ({ code, plan })),
  );
  order = await customer.order(SERVICE, { packageCode: sold[0]!.code, planCode: sold[0]!.plan.code });
});

async function pay(): Promise<void> {
  const started = await customer.startPayment(order.number);
  await customer.pay(started);
  await customer.post(`/app/payments/${started.number}/look`);
}

const idOf = async () => (await world.world.database.reader.findOneByOrFail(Order, { number: order.number })).id;
const reach = async (code: string) => {
  const id = await idOf();
  return world.world.desk.transaction((work) => reachMilestone(work, id, code));
};
const statesOf = (seen: OrderView) => seen.instalments.map(({ state }) => state);

describe('An order in instalments', () => {
  it('asks for one after the other, each when its milestone is reached, and books government fees apart', async () => {
    expect(order.instalments.length).toBeGreaterThan(1);
    expect(statesOf(order)).toEqual(['due', ...order.instalments.slice(1).map(() => 'not_due')]);
    await pay();
    let seen = await customer.seeOrder(order.number);
    expect(seen).toMatchObject({ state: 'paid', paidFen: order.instalments[0]!.amountFen, dueFen: 0, canPay: false });
    const tooEarly = await customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' });
    expect(tooEarly.body).toMatchObject({ error: { code: 'order.not_payable' } });

    for (const milestone of order.milestones.slice(1)) {
      await reach(milestone.code);
      seen = await customer.seeOrder(order.number);
      if (seen.canPay) await pay();
    }
    seen = await customer.seeOrder(order.number);
    expect(statesOf(seen)).toEqual(order.instalments.map(() => 'paid'));
    expect(seen).toMatchObject({ paidFen: order.amountFen, dueFen: 0 });
    expect(seen.milestones.every(({ reachedAt }) => reachedAt !== null)).toBe(true);

    const books = await ledgerOf(world.world, await idOf());
    const total = (account: string) => books.reduce((sum, { lines }) => sum + (lines[account] ?? 0), 0);
    const governmentFen = order.lines
      .filter(({ kind }) => kind === 'government_fee')
      .reduce((sum, { amountFen }) => sum + amountFen, 0);
    expect(total('wechat_pay')).toBe(order.amountFen);
    expect(total('government_fees_collected')).toBe(governmentFen === 0 ? 0 : -governmentFen);
    expect(await bookedSum(world.world)).toBe(0);
  });

  it('reaches a milestone once, and none that it does not have', async () => {
    await pay();
    const { code } = order.milestones[1]!;
    await reach(code);
    const { reachedAt } = (await customer.seeOrder(order.number)).milestones[1]!;
    await world.advance(1000);
    await reach(code);
    expect((await customer.seeOrder(order.number)).milestones[1]!.reachedAt).toBe(reachedAt);
    await expect(reach('nothing_of_the_kind')).rejects.toMatchObject({ code: 'order.milestone_not_found' });
  });

  it('reaches none while it is unpaid', async () => {
    await expect(reach(order.milestones[1]!.code)).rejects.toMatchObject({ what: 'order', from: 'awaiting_payment' });
  });
});

describe('A package with a government fee', () => {
  it('collects it beside the price, and books it as what is only passed on', async () => {
    order = await customer.order('service-account-verification');
    const fee = order.lines.find(({ kind }) => kind === 'government_fee')!;
    expect(fee.amountFen).toBe(30_000);
    await pay();
    const [posting] = await ledgerOf(world.world, await idOf());
    expect(posting!.lines).toEqual({
      wechat_pay: order.amountFen,
      advance_from_customers: -(order.amountFen - fee.amountFen),
      government_fees_collected: -fee.amountFen,
    });
  });
});
