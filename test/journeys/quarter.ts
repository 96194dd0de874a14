import { setTimeout as pause } from 'node:timers/promises';
import { In, Not } from 'typeorm';
import { Payment } from '../../entities/payment.ts';
import { ReconciliationDay } from '../../entities/reconciliation.ts';
import type {
  DifferenceView,
  PeriodView,
  RefundProposalView,
  RefundReroutingView,
  ReconciliationDayView,
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
import { calm, sendSpoilt, setMood } from './quarter-faults.ts';
import { BILL_FAULTS, PLANS, type Sale } from './quarter-troubles.ts';

const HOUR_MS = 3600_000;
const OPENS_MS = 9 * HOUR_MS;
/** A server is started this long before a turn that it shall not miss. */
const LEAD_MS = 2500;
const TURN_PATIENCE_MS = 10_000;
const TURN_MS = 10.5 * HOUR_MS;
const QUARTER_HOUR_MS = HOUR_MS / 4;
const AT_ONCE = 8;
/** Longer than anything waits before it is asked for again. */
const LOOK_AGAIN_MS = 35 * 60_000;
/** Silent refunds are asked about every ten minutes, from the seventh on. */
const ASKED_EVERY_MS = 10 * 60_000;
const ASKED_FROM_MS = 7 * 60_000;
const SOON_MS = 2500;

interface AskedRefund {
  sale: Sale;
  proposalId: string;
}

const isSoon = (isTrue: () => Promise<boolean>, withinMs = SOON_MS): Promise<boolean> =>
  until('it is so', isTrue, withinMs).then(
    () => true,
    () => false,
  );

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
  /** What was sent with a notice that is not WeChat's, and taken for good. */
  spoiltTaken: string[];
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
  private spoiltTaken: string[] = [];

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

  /** Bills are fetched from where WeChat says, past whatever stands between it and the server here; WeChat signs in any way. */
  private get environment() {
    return {
      WECHAT_PAY_BACKUP_ORIGIN: this.world.simulator.payOrigin,
      WECHAT_PAY_USE_CERTIFICATES: 'true',
      // Hours pass in a moment here; staff sign in each morning.
      STAFF_SESSION_IDLE_MINUTES: '1440',
      STAFF_SESSION_HOURS: '48',
    };
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
    await setMood(this.world, at);
    // Keys are looked for at once by a server that starts, once a minute by one that runs.
    await this.killAndRun();
    const sales = await this.sellAll();
    const asked = [await this.askForRefund(sales), await this.askForRefund(sales)];
    await calm(this.world);
    const refunds = await this.untilEvening(sales, asked);
    await this.refundInTrouble(at, sales);
    this.spoiltTaken.push(...(await sendSpoilt(this.world, at, asked[0]!.sale.number)));
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

  private async askForRefund(sales: Sale[]): Promise<AskedRefund> {
    const sale = sales.pop()!;
    const { id } = await this.again(() =>
      this.maker.data<RefundProposalView>('POST', `/staff/orders/${sale.orderNumber}/refund-proposals`, {
        amountFen: 2000,
        reason: '客户取消办理',
        changeReason: '协商一致',
      }),
    );
    await this.again(() => this.checker.data('POST', `/staff/refund-proposals/${id}/approval`));
    return { sale, proposalId: id };
  }

  private async seeRefund({ proposalId }: AskedRefund) {
    const see = () => this.maker.data<RefundProposalView>('GET', `/staff/refund-proposals/${proposalId}`);
    return (await this.again(see)).refunds[0];
  }

  /** What was lost on the way is asked for, later on the same day. */
  private async inTheEnd(what: string, isTrue: () => Promise<boolean>): Promise<void> {
    let leadMs = LEAD_MS;
    for (let looks = 1; !(await isSoon(isTrue, leadMs + SOON_MS)); looks += 1) {
      if (looks > 10) throw new Error(`${what}: not before the day ends`);
      const earliestMs = this.world.now().getTime() + LOOK_AGAIN_MS;
      const sinceAskedMs = (earliestMs - ASKED_FROM_MS) % ASKED_EVERY_MS;
      await this.world.letPass(LOOK_AGAIN_MS + ASKED_EVERY_MS - sinceAskedMs - leadMs);
      await this.killAndRun();
      // A server that took too long to start has missed the turn; the next one is given more time.
      leadMs = Math.ceil(leadMs * 1.5);
    }
  }

  private untilRefund = (asked: AskedRefund, state: string): Promise<void> =>
    this.inTheEnd(`a refund is ${state}`, async () => (await this.seeRefund(asked))?.state === state);

  /** Every payment is known, every refund has arrived. @returns the refunds' numbers */
  private async untilEvening(sales: Sale[], asked: AskedRefund[]): Promise<string[]> {
    const unpaid = { number: In(sales.map(({ number }) => number)), state: Not('paid' as const) };
    const isEveryPaymentKnown = async () => !(await this.world.database.reader.existsBy(Payment, unpaid));
    await this.inTheEnd('every payment is known', isEveryPaymentKnown);
    for (const one of asked) await this.untilRefund(one, 'succeeded');
    return Promise.all(asked.map(async (one) => (await this.seeRefund(one))!.number));
  }

  /** A refund that WeChat closes, cannot pay out, or has no money for: another each day. */
  private async refundInTrouble(at: number, sales: Sale[]): Promise<void> {
    const troubles = [this.refundIsClosed, this.refundIsRerouted, this.refundIsUnstuck, this.refundWaitsForMoney];
    await troubles[at % troubles.length]!(sales);
    await this.world.lever('/pay/settings', { refundOutcome: 'SUCCESS' });
  }

  private refundIsClosed = async (sales: Sale[]) => {
    await this.world.lever('/pay/settings', { refundOutcome: 'CLOSED' });
    await this.untilRefund(await this.askForRefund(sales), 'closed');
  };

  private async stuckRefund(sales: Sale[]): Promise<{ asked: AskedRefund; number: string }> {
    await this.world.lever('/pay/settings', { refundOutcome: 'ABNORMAL' });
    const asked = await this.askForRefund(sales);
    await this.untilRefund(asked, 'abnormal');
    return { asked, number: (await this.seeRefund(asked))!.number };
  }

  private refundIsRerouted = async (sales: Sale[]) => {
    const { asked, number } = await this.stuckRefund(sales);
    const card = { bank: 'icbc', cardNumber: '6222000000000001234', cardHolder: '王小明', note: '已电话核实' };
    const { id } = await this.again(() =>
      this.maker.data<RefundReroutingView>('POST', `/staff/refunds/${number}/reroutings`, card),
    );
    await this.again(() => this.checker.data('POST', `/staff/refund-reroutings/${id}/approval`));
    await this.untilRefund(asked, 'succeeded');
  };

  private refundIsUnstuck = async (sales: Sale[]) => {
    const { asked, number } = await this.stuckRefund(sales);
    await this.world.lever(`/pay/refunds/${number}/end`, { status: 'SUCCESS' });
    await this.untilRefund(asked, 'succeeded');
  };

  private refundWaitsForMoney = async (sales: Sale[]) => {
    const balance = (await this.world.lever<{ balance: number }[]>('/pay/movements')).at(-1)!.balance;
    await this.world.lever('/pay/withdraw', { amount: balance });
    const asked = await this.askForRefund(sales);
    await this.inTheEnd('a refund waits', async () => (await this.seeRefund(asked))?.failure === 'not_enough');
    await this.world.lever('/pay/withdraw', { amount: -balance });
    await this.untilRefund(asked, 'succeeded');
  };

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
    for (const who of [this.maker, this.checker]) await who.signInNow(() => this.world.now());
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
      spoiltTaken: this.spoiltTaken,
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
