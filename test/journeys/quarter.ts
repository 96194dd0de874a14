import { setTimeout as pause } from 'node:timers/promises';
import { ReconciliationDay } from '../../entities/reconciliation.ts';
import type {
  DifferenceView,
  PeriodView,
  ProposeResolutionBody,
  ReconciliationDayView,
  RefundProposalView,
  TrialBalanceView,
} from '../../src/contracts/index.ts';
import { readEveryLine } from '../../src/ledger/index.ts';
import { dayAfter, shanghaiDay, startOfDay } from '../../src/platform/calendar.ts';
import { createDesk } from '../../src/platform/work.ts';
import { chance } from '../support/chance.ts';
import type { KillableWorld } from '../support/killable-world.ts';
import type { Phone } from '../support/phone.ts';
import { enrolStaff, officeOf, type StaffClient } from '../support/staff.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3600_000;
const OPENS_MS = 9 * HOUR_MS;
/** The turn that fetches bills; a server is started a moment before. */
const LEAD_MS = 2500;
const TURN_PATIENCE_MS = 10_000;
const TURN_MS = 10.5 * HOUR_MS;
const QUARTER_HOUR_MS = HOUR_MS / 4;
const AT_ONCE = 8;

interface Sale {
  orderNumber: string;
  /** Our `out_trade_no`. */
  number: string;
}

/** Something that goes wrong, and what must be found of it. */
interface Plan {
  expected: string;
  /** @returns false when the day has nothing that it can be done to */
  plant(day: QuarterDay): Promise<boolean>;
  answer: Pick<ProposeResolutionBody, 'resolution' | 'account'> | null;
}

/** Sales and refunds of a day that nothing was done to yet. */
interface QuarterDay {
  day: string;
  world: KillableWorld;
  sales: Sale[];
  refunds: string[];
}

const LEAVE = { resolution: 'leave' } as const;

const plantInto =
  (kind: string, more: object, of: 'sales' | 'refunds' = 'sales') =>
  async (on: QuarterDay) => {
    const one = on[of].pop();
    if (!one) return false;
    await on.world.lever(`/pay/bills/${on.day}/plant`, {
      kind,
      number: typeof one === 'string' ? one : one.number,
      ...more,
    });
    return true;
  };

/** Twelve kinds of trouble. */
export const PLANS: Readonly<Record<string, Plan>> = {
  missingInTrade: { expected: 'only_here/bill_row', plant: plantInto('missing-row', { bill: 'trade' }), answer: LEAVE },
  missingInFunds: { expected: 'only_here/bill_row', plant: plantInto('missing-row', { bill: 'fund' }), answer: LEAVE },
  twiceInTrade: { expected: 'duplicate/bill_row', plant: plantInto('duplicate-row', { bill: 'trade' }), answer: LEAVE },
  twiceInFunds: { expected: 'duplicate/bill_row', plant: plantInto('duplicate-row', { bill: 'fund' }), answer: LEAVE },
  amountInTrade: {
    expected: 'amount/unknown',
    plant: plantInto('changed-amount', { bill: 'trade', delta: 100 }),
    answer: LEAVE,
  },
  amountInFunds: {
    expected: 'amount/unknown',
    plant: plantInto('changed-amount', { bill: 'fund', delta: 100 }),
    answer: LEAVE,
  },
  fee: { expected: 'fee/unknown', plant: plantInto('changed-fee', { bill: 'trade', delta: 1 }), answer: LEAVE },
  state: {
    expected: 'state/bill_row',
    plant: plantInto('changed-state', { state: 'CLOSED' }, 'refunds'),
    answer: null,
  },
  midnight: { expected: 'day_boundary/clock', plant: plantInto('next-day', {}), answer: null },
  otherSystem: {
    expected: 'only_there/other_system',
    plant: async ({ world, day }) => {
      await world.lever(`/pay/bills/${day}/plant`, { kind: 'extra-payment', amount: 12_345 });
      return true;
    },
    answer: { resolution: 'book', account: 'other_systems' },
  },
  byHand: {
    expected: 'only_there/refund_by_hand',
    plant: async ({ world, sales }) => {
      const sale = sales.pop();
      if (!sale) return false;
      await world.lever(`/pay/orders/${sale.number}/refund-by-hand`, { amount: 1000 });
      return true;
    },
    answer: { resolution: 'adopt' },
  },
  rate: {
    expected: 'fee/rate_changed',
    plant: async () => Promise.resolve(true),
    answer: LEAVE,
  },
};

/** What WeChat does instead of giving a bill; each once, on a morning of its own. */
const BILL_FAULTS = [
  'bill-late',
  'bill-empty',
  'bill-wrong-hash',
  'bill-cut',
  'bill-wrong-sum',
  'bill-missing-column',
  'bill-foreign-merchant',
  'html-502',
];

export interface QuarterOptions {
  days: number;
  ordersADay: number;
  /** How often each of the twelve goes wrong. */
  each: number;
  seed: number;
  say?: (line: string) => void;
}

export interface QuarterResult {
  orders: number;
  kills: number;
  /** Planned, and found; by kind and cause. */
  planned: Record<string, number>;
  found: Record<string, number>;
  closedThrough: string | null;
  lastDay: string;
  /** Fen, at the end: in the books, in the last fund-flow bill, and really. */
  booksFen: number;
  billFen: number | null;
  realFen: number;
  /** Days at whose end the books hold something else at WeChat Pay than it does. */
  wrongDays: string[];
}

/** Sells, refunds, goes wrong, is killed, fetches, compares, decides and closes, day after day. */
export async function runQuarter(world: KillableWorld, options: QuarterOptions): Promise<QuarterResult> {
  const run = new Quarter(world, options);
  await run.begin();
  for (let at = 0; at < options.days; at += 1) await run.passDay(at);
  return run.end();
}

class Quarter {
  private readonly random: () => number;
  private readonly planned: Record<string, number> = {};
  private readonly troubles: (keyof typeof PLANS)[][];
  private readonly realDays = new Map<string, { payments: number; paidFen: number; closingBalanceFen: number }>();
  private people: Phone[] = [];
  private maker!: StaffClient;
  private checker!: StaffClient;
  private orders = 0;
  private kills = 0;

  constructor(
    private readonly world: KillableWorld,
    private readonly options: QuarterOptions,
  ) {
    this.random = chance(options.seed);
    // The last day has no next one, on which what belongs to midnight would be found.
    const usable = options.days - 1;
    this.troubles = Array.from({ length: options.days }, () => []);
    const wanted = Object.keys(PLANS).flatMap((name) => Array<string>(options.each).fill(name));
    for (const [at, name] of wanted.entries()) this.troubles[at % usable]!.push(name);
  }

  /** Bills are fetched from where WeChat says, past whatever stands between it and the server here. */
  private get environment() {
    return { WECHAT_PAY_BACKUP_ORIGIN: this.world.simulator.payOrigin };
  }

  private get today(): string {
    return shanghaiDay(this.world.now());
  }

  async begin(): Promise<void> {
    await this.goTo(dayAfter(this.today), OPENS_MS);
    await this.world.run(this.environment);
    await this.world.lever('/pay/settings', { refundGapMs: 0, refundDelayMs: 100 });
    const office = officeOf(this.world.origin, this.world.database, () => this.world.now());
    this.maker = await enrolStaff(office, ['finance']);
    this.checker = await enrolStaff(office, ['finance', 'supervisor']);
    for (let at = 0; at < AT_ONCE; at += 1) this.people.push(await this.world.person());
    for (const phone of this.people) await phone.signInMiniProgram();
  }

  async passDay(at: number): Promise<void> {
    const day = this.today;
    const troubles = this.troubles[at]!;
    await this.world.lever('/pay/settings', { feeRate: troubles.includes('rate') ? 54 : 60 });
    const sales = await this.sellAll();
    const refunds = [await this.refund(sales), await this.refund(sales)];
    const on = { day, world: this.world, sales, refunds };
    for (const name of troubles) {
      if (await PLANS[name]!.plant(on)) this.plan(PLANS[name]!.expected);
      else throw new Error(`nothing is left on ${day} to do ${name} to`);
    }
    const { books } = await this.world.lever<{
      books: { payments: number; paidFen: number; closingBalanceFen: number };
    }>(`/pay/bills/${day}`);
    this.realDays.set(day, books);
    await this.morningAfter(day, BILL_FAULTS[at % BILL_FAULTS.length]!, at % 3 === 0);
    await this.decideAndClose();
    this.options.say?.(
      `${day}: ${this.orders} orders, ${this.kills} kills, closed through ${(await this.periods()).closedThrough}`,
    );
  }

  private plan(expected: string): void {
    this.planned[expected] = (this.planned[expected] ?? 0) + 1;
  }

  /** Customers at the same time; in between the server is killed. */
  private async sellAll(): Promise<Sale[]> {
    const sales: Sale[] = [];
    const total = this.options.ordersADay;
    let left = total;
    const killAt = Math.floor(this.random() * total);
    const sellSome = async (phone: Phone) => {
      while (left > 0) {
        left -= 1;
        sales.push(await this.sell(phone));
      }
    };
    const selling = Promise.all(this.people.map(sellSome));
    while (sales.length < killAt && left > 0) await pause(5);
    await this.killAndRun();
    await selling;
    return sales;
  }

  /** Taps again until it has worked, as a person does while the server is away. */
  private async sell(phone: Phone): Promise<Sale> {
    const order = await this.again(() => phone.order());
    const started = await this.again(() => phone.startPayment(order.number));
    await phone.pay(started);
    await this.again(() => phone.post(`/app/payments/${started.number}/look`));
    this.orders += 1;
    return { orderNumber: order.number, number: started.number };
  }

  private async again<T>(tap: () => Promise<T>): Promise<T> {
    for (let taps = 1; ; taps += 1) {
      try {
        return await tap();
      } catch (error) {
        if (taps > 400) throw error;
        await pause(25);
      }
    }
  }

  private async refund(sales: Sale[]): Promise<string> {
    const { orderNumber } = sales.pop()!;
    const { id } = await this.again(() =>
      this.maker.data<RefundProposalView>('POST', `/staff/orders/${orderNumber}/refund-proposals`, {
        amountFen: 2000,
        reason: '客户取消办理',
        changeReason: '协商一致',
      }),
    );
    await this.again(() => this.checker.data('POST', `/staff/refund-proposals/${id}/approval`));
    const see = () => this.again(() => this.maker.data<RefundProposalView>('GET', `/staff/refund-proposals/${id}`));
    await until('the refund has arrived', async () => (await see()).refunds[0]?.state === 'succeeded', 60_000);
    return (await see()).refunds[0]!.number;
  }

  private async killAndRun(): Promise<void> {
    await this.world.runAgain(this.environment);
    this.kills += 1;
  }

  private async goTo(day: string, ofDayMs: number): Promise<void> {
    await this.world.letPass(startOfDay(day).getTime() + ofDayMs - this.world.now().getTime());
  }

  /** The bills of the day that is over are fetched and compared, whatever WeChat does first and whoever dies meanwhile. */
  private async morningAfter(day: string, fault: string, isKilled: boolean): Promise<void> {
    let leadMs = LEAD_MS;
    await this.goTo(dayAfter(day), TURN_MS - leadMs);
    const path = fault === 'html-502' ? '/v3/bill/' : '/v3/bill/tradebill';
    await this.world.lever('/faults', { path, kind: fault, times: fault === 'html-502' ? 4 : 1 });
    for (let turns = 0; ; turns += 1) {
      await this.world.run(this.environment);
      if (isKilled && turns === 0) {
        await pause(leadMs - 1000 + this.random() * 1500);
        await this.killAndRun();
      }
      const state = () => this.world.database.reader.findOneBy(ReconciliationDay, { day });
      const isLookedAfter = async () => {
        const row = await state();
        return row?.state === 'matched' || (row?.nextTryAt ?? this.world.now()) > this.world.now();
      };
      await until(`${day} is looked after`, isLookedAfter, leadMs + TURN_PATIENCE_MS).catch(() => undefined);
      if ((await state())?.state === 'matched') return;
      if (turns > 8) throw new Error(`${day} was not compared: ${(await state())?.failure}`);
      // A server that took too long to start has missed the turn; the next one is given more time.
      leadMs = Math.ceil(leadMs * 1.5);
      const untilTurnMs = QUARTER_HOUR_MS - (this.world.now().getTime() % QUARTER_HOUR_MS);
      await this.world.letPass(untilTurnMs + QUARTER_HOUR_MS - leadMs);
    }
  }

  private periods = () => this.again(() => this.maker.data<PeriodView>('GET', '/staff/periods'));

  private async decideAndClose(): Promise<void> {
    for (const who of [this.maker, this.checker]) await who.signIn(this.world.now());
    for (const difference of await this.maker.pages<DifferenceView>(
      '/staff/reconciliation/differences?limit=100&state=open',
    )) {
      const plan = Object.values(PLANS).find(({ expected }) => expected === `${difference.kind}/${difference.cause}`);
      // What may belong to midnight is known tomorrow.
      if (!plan?.answer) continue;
      const address = `/staff/reconciliation/differences/${difference.id}`;
      await this.maker.data('POST', `${address}/proposal`, { note: '已核实', ...plan.answer });
      await this.checker.data('POST', `${address}/decision`, { agree: true });
    }
    for (let { next, obstacles } = await this.periods(); next && next < this.today && obstacles.length === 0;) {
      await this.checker.data('POST', '/staff/periods', { period: next });
      ({ next, obstacles } = await this.periods());
    }
  }

  async end(): Promise<QuarterResult> {
    const differences = await this.maker.pages<DifferenceView>('/staff/reconciliation/differences?limit=100');
    const found: Record<string, number> = {};
    for (const { kind, cause } of differences) found[`${kind}/${cause}`] = (found[`${kind}/${cause}`] ?? 0) + 1;
    const lastDay = [...this.realDays.keys()].at(-1)!;
    const last = await this.maker.data<ReconciliationDayView>('GET', `/staff/reconciliation/days/${lastDay}`);
    const sums = await readEveryLine(createDesk({ database: this.world.database } as never));
    const pay = sums.find(({ account }) => account === 'wechat_pay')!;
    return {
      orders: this.orders,
      kills: this.kills,
      planned: this.planned,
      found,
      closedThrough: (await this.periods()).closedThrough,
      lastDay,
      booksFen: pay.debitFen - pay.creditFen,
      billFen: last.totals!.fundsClosingFen,
      realFen: this.realDays.get(lastDay)!.closingBalanceFen,
      wrongDays: await this.wrongDays(),
    };
  }

  private async wrongDays(): Promise<string[]> {
    const wrong: string[] = [];
    for (const [at, [day, real]] of [...this.realDays].entries()) {
      // The fee of a payment that the next day's bill has is booked with that bill.
      if (this.troubles[at]!.includes('midnight')) continue;
      const { accounts } = await this.maker.data<TrialBalanceView>('GET', `/staff/books/trial-balance?day=${day}`);
      const { balanceFen } = accounts.find(({ account }) => account === 'wechat_pay')!;
      if (balanceFen !== real.closingBalanceFen)
        wrong.push(`${day}: ${balanceFen} instead of ${real.closingBalanceFen}`);
    }
    return wrong;
  }
}
