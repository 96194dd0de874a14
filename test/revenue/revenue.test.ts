import fc from 'fast-check';
import { IllegalMove } from '../../entities/illegal-move.ts';
import { LedgerPosting } from '../../entities/ledger.ts';
import { moveMark, post } from '../../src/ledger/index.ts';
import { dayAfter, shanghaiDay, startOfDay } from '../../src/platform/calendar.ts';
import type { Transaction } from '../../src/platform/work.ts';
import { recogniseRevenueOf } from '../../src/revenue/index.ts';
import { bookedSum, ledgerOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import { SoldOrder } from './revenue-world.ts';

let world: TestWorld;
let customer: Phone;
beforeAll(async () => {
  world = await startWorld();
  customer = await world.person();
  await customer.signInMiniProgram();
}, 60_000);
afterAll(() => world.stop());
afterEach(async () => expect(await bookedSum(world.world)).toBe(0));

/** Of 58,000 yuan in three parts: 50 % at once, 30 % with the licence, 20 % at the end. */
const licence = () =>
  SoldOrder.place(world, customer, 'call-centre-licence', {
    packageCode: 'nationwide_distributed',
    planCode: 'three_parts',
  });
/** 680 yuan, and 300 that are only passed on. */
const verification = () =>
  SoldOrder.place(world, customer, 'service-account-verification', {
    packageCode: 'first_verification',
    planCode: 'full',
  });
async function reach(order: SoldOrder, code: string): Promise<void> {
  await order.reach(code);
  await world.settle();
}
async function pay(order: SoldOrder): Promise<void> {
  await order.pay();
  await world.settle();
}
const postings = async (order: SoldOrder) =>
  (await ledgerOf(world.world, order.id)).filter(({ kind }) => kind === 'revenue');

describe('Revenue', () => {
  it('is earned by milestones as the refund rule gives less back, of what was paid by then, and whole at the end', async () => {
    const order = await licence();
    await pay(order);
    expect(await order.revenue()).toBe(0);
    await reach(order, 'work_started');
    expect(await order.revenue()).toBe(870_000);
    await reach(order, 'submitted');
    expect(await order.revenue()).toBe(2_030_000);
    await reach(order, 'licence_issued');
    expect(await order.revenue()).toBe(2_900_000);
    await pay(order);
    expect(await order.revenue()).toBe(4_640_000);
    await reach(order, 'filed');
    await pay(order);
    expect([await order.revenue(), await order.advance()]).toEqual([5_800_000, 0]);
    expect((await postings(order)).map(({ reference, lines }) => [reference, lines.revenue])).toEqual([
      [`${order.number}:1`, -870_000],
      [`${order.number}:2`, -1_160_000],
      [`${order.number}:3`, -870_000],
      [`${order.number}:4`, -1_740_000],
      [`${order.number}:5`, -1_160_000],
    ]);
  });

  it('leaves alone what is only passed on to an authority', async () => {
    const order = await verification();
    await pay(order);
    await reach(order, 'work_started');
    expect(await order.revenue()).toBe(27_200);
    await reach(order, 'verified');
    expect([await order.revenue(), await order.advance()]).toEqual([68_000, 0]);
    expect(await order.balance('government_fees_collected')).toBe(-30_000);
  });

  it('stays when no more goes back than the rule gives, and is taken back in the same moment when more does', async () => {
    const order = await verification();
    await pay(order);
    await reach(order, 'work_started');
    const [payment] = await order.payments();
    // 60 % of the price, and the fee whole.
    await order.refund(payment!, 70_800);
    expect([await order.revenue(), await order.advance()]).toEqual([27_200, 0]);
    await order.refund(payment!, 7_200);
    expect([await order.revenue(), await order.advance()]).toEqual([20_000, 0]);
    expect((await ledgerOf(world.world, order.id)).slice(-2).map(({ kind, lines }) => [kind, lines])).toEqual([
      ['refund', { advance_from_customers: 7_200, wechat_pay: -7_200 }],
      ['revenue', { advance_from_customers: -7_200, revenue: 7_200 }],
    ]);
  });

  it('comes back with a refund that WeChat closes', async () => {
    const order = await verification();
    await pay(order);
    await reach(order, 'verified');
    const [payment] = await order.payments();
    await order.refund(payment!, payment!.amountFen, 'processing');
    expect([await order.revenue(), await order.advance()]).toEqual([0, 0]);
    const [refund] = await order.refunds();
    await order.end(refund!, 'closed');
    expect([await order.revenue(), await order.advance()]).toEqual([68_000, 0]);
  });

  it('is booked once, though a milestone and many repeats come at one moment', async () => {
    const order = await licence();
    await pay(order);
    await order.reach('submitted');
    await Promise.all(Array.from({ length: 12 }, () => recogniseRevenueOf(world.world.desk, order.id)));
    await world.settle();
    expect((await postings(order)).map(({ lines }) => lines.revenue)).toEqual([-2_030_000]);
  });

  it('stands in the books of the day on which it was earned, however late it is booked', async () => {
    const order = await licence();
    await pay(order);
    await order.reach('work_started');
    const { day } = (await ledgerOf(world.world, order.id)).at(-1)!;
    await world.advance(3 * 24 * 3600_000);
    expect(await postings(order)).toMatchObject([{ day, lines: { revenue: -870_000 } }]);
  });

  it('that was earned on a day closed since stands in the books of its own day and names the other', async () => {
    const order = await licence();
    await pay(order);
    await order.reach('work_started');
    const earned = shanghaiDay(world.clock.now());
    await world.world.desk.transaction((work) => moveMark(work, 'closed_through', earned));
    await world.advance(24 * 3600_000);
    const found = await world.world.desk.db.findBy(LedgerPosting, { orderId: order.id, kind: 'revenue' });
    expect(found).toMatchObject([{ day: dayAfter(earned), eventDay: earned }]);
    await world.world.desk.transaction((work) => moveMark(work, 'closed_through', ''));
  });

  it('is not dated by a fee that is passed on', async () => {
    const order = await verification();
    await pay(order);
    await order.reach('work_started');
    const earned = shanghaiDay(world.clock.now());
    const later = startOfDay(dayAfter(earned));
    await world.world.desk.transaction((work) => passOn(work, order.id, later));
    await world.settle();
    expect(await postings(order)).toMatchObject([{ day: earned, lines: { revenue: -27_200 } }]);
  });
});

const passOn = (work: Transaction, orderId: string, happenedAt: Date) =>
  post(work, [
    {
      kind: 'government_fee_passed_on',
      reference: orderId,
      orderId,
      happenedAt,
      lines: [
        { account: 'government_fees_collected', amountFen: 30_000 },
        { account: 'bank', amountFen: -30_000 },
      ],
    },
  ]);

/** What happens to an order, in any order and any number of times. */
type Step =
  | { do: 'pay' }
  | { do: 'settle' }
  | { do: 'repeat' }
  | { do: 'reach'; at: number }
  | { do: 'refund'; share: number; newest: boolean; isOver: boolean }
  | { do: 'end'; isClosed: boolean };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Step>({ do: 'pay' }, { do: 'settle' }, { do: 'repeat' }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('reach' as const), at: fc.nat(4) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('refund' as const),
        share: fc.integer({ min: 1, max: 100 }),
        newest: fc.boolean(),
        isOver: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), isClosed: fc.boolean() }) },
  ),
  { minLength: 3, maxLength: 14 },
);

const SERVICES = [
  { place: licence, kept: { placed: 0, work_started: 30, submitted: 70, licence_issued: 100, filed: 100 } },
  { place: verification, kept: { placed: 0, work_started: 40, submitted: 100, verified: 100 } },
];

async function perform(order: SoldOrder, codes: string[], step: Step): Promise<void> {
  if (step.do === 'settle') return world.settle();
  if (step.do === 'repeat') return recogniseRevenueOf(world.world.desk, order.id);
  if (step.do === 'pay') {
    if ((await order.see()).canPay) await order.pay();
  } else if (step.do === 'reach') {
    await order.reach(codes[step.at % codes.length]!).catch((error: unknown) => {
      if (!(error instanceof IllegalMove)) throw error;
    });
  } else if (step.do === 'end') {
    const onItsWay = (await order.refunds()).find(({ state }) => state === 'processing');
    if (onItsWay) await order.end(onItsWay, step.isClosed ? 'closed' : 'success');
  } else {
    await giveBack(order, step);
  }
}

async function giveBack(order: SoldOrder, step: Step & { do: 'refund' }): Promise<void> {
  const payment = (await order.payments()).at(step.newest ? -1 : 0);
  if (!payment) return;
  const gone = (await order.refunds()).filter(({ paymentId, state }) => paymentId === payment.id && state !== 'closed');
  const left = payment.amountFen - gone.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const amountFen = Math.ceil((left * step.share) / 100);
  if (amountFen > 0) await order.refund(payment, amountFen, step.isOver ? 'success' : 'processing');
}

it.each(SERVICES)(
  'Whatever happens to an order, in whatever order: %#',
  async ({ place, kept }) => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const order = await place();
        for (const step of history) {
          await perform(order, Object.keys(kept), step);
          expect(await order.advance()).toBeGreaterThanOrEqual(0);
        }
        await world.settle();
        const { milestones } = await order.see();
        const reached = milestones.filter(({ reachedAt }) => reachedAt !== null).map(({ code }) => code);
        const share = Math.max(
          ...Object.entries(kept).map(([code, percent]) => (reached.includes(code) ? percent : 0)),
        );
        const { paidFen, refundedFen } = await order.ownPrice();
        const expected = Math.min(paidFen - Math.floor((paidFen * (100 - share)) / 100), paidFen - refundedFen);
        expect(await order.revenue()).toBe(expected);
        expect(await order.advance()).toBe(paidFen - refundedFen - expected);
        if (milestones.at(-1)!.reachedAt) expect(await order.advance()).toBe(0);
        expect(await bookedSum(world.world)).toBe(0);
        const count = (await postings(order)).length;
        await recogniseRevenueOf(world.world.desk, order.id);
        expect((await postings(order)).length).toBe(count);
      }),
      { numRuns: 20 },
    );
  },
  240_000,
);
