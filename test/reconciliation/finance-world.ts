import type {
  DifferenceView,
  OrderView,
  PeriodView,
  ReconciliationDayView,
  RefundProposalView,
} from '../../src/contracts/index.ts';
import { shanghaiDay, startOfNextDay } from '../../src/platform/calendar.ts';
import { fetchDueBills } from '../../src/reconciliation/index.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const QUERY = '/v3/pay/transactions/out-trade-no';
/** After that, bills of the day before are there. */
const HALF_PAST_TEN_MS = 10.5 * 3600_000;

export interface Sale {
  order: OrderView;
  /** Our `out_trade_no`. */
  number: string;
}

/** What really happened on a day, as the stand-in WeChat knows it; fen. */
export interface RealDay {
  payments: number;
  paidFen: number;
  feeFen: number;
  refunds: number;
  refundedFen: number;
  returnedFeeFen: number;
  closingBalanceFen: number;
}

/** A shop with a till, two people of finance, and a clock that goes from day to day. */
export class FinanceWorld {
  private constructor(
    readonly test: TestWorld,
    readonly customer: Phone,
    readonly maker: StaffClient,
    readonly checker: StaffClient,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<FinanceWorld> {
    const test = await startWorld({
      environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', REFUND_LIMIT_FINANCE_FEN: '100000000', ...environment },
    });
    await test.lever('/pay/settings', { refundGapMs: 0 });
    const customer = await test.person({ follows: true });
    await customer.signInMiniProgram();
    const maker = await buildStaff(test, ['finance']);
    return new FinanceWorld(test, customer, maker, await buildStaff(test, ['finance']));
  }

  get desk() {
    return this.test.world.desk;
  }

  get today(): string {
    return shanghaiDay(this.test.clock.now());
  }

  /** An order that is paid now. @param isTold false: no notice comes from now on, and WeChat does not answer questions about payments */
  async sell({ isTold = true, serviceCode }: { isTold?: boolean; serviceCode?: string } = {}): Promise<Sale> {
    const order = await this.customer.order(serviceCode);
    const started = await this.customer.startPayment(order.number);
    if (!isTold) {
      await this.test.lever('/notices/settings', { mode: 'held' });
      await this.test.lever('/faults', { path: QUERY, kind: 'html-502', times: 10_000 });
    }
    await this.customer.pay(started);
    if (isTold) await this.customer.post(`/app/payments/${started.number}/look`);
    return { order, number: started.number };
  }

  /** Proposed by one, agreed to by the other, given back by WeChat. */
  async refund({ order }: Sale, amountFen: number): Promise<string> {
    const { id } = await this.maker.data<RefundProposalView>('POST', `/staff/orders/${order.number}/refund-proposals`, {
      amountFen,
      reason: '客户取消办理',
      changeReason: '协商一致',
    });
    await this.checker.data('POST', `/staff/refund-proposals/${id}/approval`);
    await this.test.settle();
    await this.test.advance(10_000);
    const { refunds } = await this.maker.data<RefundProposalView>('GET', `/staff/refund-proposals/${id}`);
    return refunds[0]!.number;
  }

  /** To half past ten of the next day; bills are fetched then and days compared. @returns the day that is over */
  async nextMorning(): Promise<string> {
    const over = await this.sleep();
    await this.fetch();
    return over;
  }

  /** The same, and nothing is fetched. */
  async sleep(): Promise<string> {
    const over = this.today;
    const now = this.test.clock.now();
    await this.test.advance(startOfNextDay(now).getTime() + HALF_PAST_TEN_MS - now.getTime());
    for (const who of [this.maker, this.checker]) await who.signIn(this.test.clock.now());
    return over;
  }

  async fetch(): Promise<void> {
    await fetchDueBills(this.desk);
    await this.test.settle();
  }

  day = (day: string) => this.maker.data<ReconciliationDayView>('GET', `/staff/reconciliation/days/${day}`);
  differences = (query = '') => this.maker.pages<DifferenceView>(`/staff/reconciliation/differences?limit=100${query}`);
  compareAgain = (day: string) =>
    this.maker.data<ReconciliationDayView>('POST', `/staff/reconciliation/days/${day}/runs`);
  plant = (day: string, body: object) => this.test.lever(`/pay/bills/${day}/plant`, body);
  real = async (day: string) => (await this.test.lever<{ books: RealDay }>(`/pay/bills/${day}`)).books;
  periods = () => this.maker.data<PeriodView>('GET', '/staff/periods');
  close = (period: string, who = this.checker) => who.codeOf('POST', '/staff/periods', { period });
  propose = (id: string, body: object, who = this.maker) =>
    who.codeOf('POST', `/staff/reconciliation/differences/${id}/proposal`, { note: '已核实', ...body });
  decide = (id: string, agree = true, who = this.checker) =>
    who.codeOf('POST', `/staff/reconciliation/differences/${id}/decision`, { agree });

  stop(): Promise<void> {
    return this.test.stop();
  }
}
