import { Order } from '../../entities/order.ts';
import type {
  BooksReportName,
  GovernmentPaymentView,
  OrderView,
  ReportLineView,
  ReportName,
  ReportRowView,
  ReportView,
  TeamView,
  TrialBalanceView,
} from '../../src/contracts/index.ts';
import { booksReports, reports } from '../../src/contracts/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { FinanceWorld, type Sale } from '../reconciliation/finance-world.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff } from '../support/staff.ts';

export const NAMES = Object.keys(reports) as ReportName[];
export const BOOKS = Object.keys(booksReports) as BooksReportName[];

const LICENCE = { packageCode: 'nationwide_distributed', planCode: 'three_parts' };

/** Looks like a formula. */
export const TEAM = '=华南组';

/** Finance, some days after much was sold. */
export class ReportsWorld {
  private constructor(
    readonly finance: FinanceWorld,
    /** The first one to the last, which is today. */
    readonly days: string[],
    readonly orders: Record<'fee' | 'plain' | 'licence' | 'byCode', Sale>,
  ) {}

  /**
   * A customer of a team buys what has a fee of an authority and, in instalments, a licence; a customer of nobody buys two things, one
   * by a code on a screen. Work goes on; money goes back, once more than the rule says; the fee is passed on in part; a bill has
   * a payment of somebody else.
   */
  static async start(): Promise<ReportsWorld> {
    const finance = await FinanceWorld.start();
    const { customer: ours } = finance;
    const other = await finance.test.person();
    await other.signInMiniProgram();
    const days = [finance.today];
    const fee = await buy(finance, ours, 'service-account-verification');
    const licence = await buy(finance, ours, 'call-centre-licence', LICENCE);
    const plain = await buy(finance, other, 'service-account-opening');
    await putIntoTeam(finance, fee);
    await reach(finance, fee, 'work_started');
    await reach(finance, licence, 'submitted');
    await finance.nextMorning();
    days.push(finance.today);
    const byCode = await buy(finance, other, 'service-account-opening', { way: 'native' });
    await finance.maker.data<GovernmentPaymentView>('POST', `/staff/orders/${fee.order.number}/government-payments`, {
      amountFen: 20_000,
      paidOn: finance.today,
      authority: '腾讯认证',
      receiptNumber: 'RZ-1',
    });
    await reach(finance, byCode, 'work_started');
    await reach(finance, licence, 'licence_issued');
    await finance.nextMorning();
    days.push(finance.today);
    await pay(finance, ours, licence.order, 'native');
    await reach(finance, fee, 'verified');
    await finance.refund(fee, 50_000);
    await finance.refund(plain, 1);
    await finance.plant(finance.today, { kind: 'extra-payment', amount: 12_345 });
    await finance.nextMorning();
    days.push(finance.today);
    await finance.test.settle();
    return new ReportsWorld(finance, days, { fee, plain, licence, byCode });
  }

  get range(): string {
    return `from=${this.days[0]}&to=${this.days.at(-1)}`;
  }

  read = (name: ReportName, query = this.range): Promise<ReportView> =>
    this.finance.maker.data<ReportView>('GET', `/staff/reports/${name}?${query}`);

  /** Every line behind a figure. */
  lines = (address: string): Promise<ReportLineView[]> =>
    this.finance.maker.pages<ReportLineView>(`${address}&limit=3`);

  /** What an account holds at the end of a day, debit less credit. */
  async balance(account: string, day: string): Promise<number> {
    const trial = await this.finance.maker.data<TrialBalanceView>('GET', `/staff/books/trial-balance?day=${day}`);
    return trial.accounts.find((one) => one.account === account)!.balanceFen;
  }

  /** Of the row that begins with these words. */
  static rowOf({ columns, rows }: ReportView, words: string): ReportRowView['cells'] {
    const found = rows.find(({ cells }) => cells[columns[0]!.code] === words);
    if (!found) throw new Error(`no row ${words}: ${JSON.stringify(rows.map(({ cells }) => cells))}`);
    return found.cells;
  }
}

async function buy(
  finance: FinanceWorld,
  customer: Phone,
  serviceCode: string,
  { way, ...wanted }: { packageCode?: string; planCode?: string; way?: 'native' } = {},
): Promise<Sale> {
  const order = await customer.order(serviceCode, wanted);
  return { order, number: await pay(finance, customer, order, way) };
}

/** What is due. @returns our number of the payment */
async function pay({ test }: FinanceWorld, customer: Phone, order: OrderView, way?: 'native'): Promise<string> {
  const started = await customer.startPayment(order.number, way);
  if (way) await test.lever(`/pay/orders/${started.number}/force-paid`, {});
  else await customer.pay(started);
  await customer.post(`/app/payments/${started.number}/look`);
  await test.settle();
  return started.number;
}

async function reach({ test, desk }: FinanceWorld, { order }: Sale, code: string): Promise<void> {
  const { id } = await desk.db.findOneByOrFail(Order, { number: order.number });
  await desk.transaction((work) => reachMilestone(work, id, code));
  await test.settle();
}

async function putIntoTeam({ test, desk }: FinanceWorld, { order }: Sale): Promise<void> {
  const administrator = await buildStaff(test, ['administrator']);
  const { id: teamId } = await administrator.data<TeamView>('POST', '/staff/teams', { name: TEAM });
  const { customerId } = await desk.db.findOneByOrFail(Order, { number: order.number });
  await administrator.data('PUT', `/staff/customers/${customerId}/team`, { teamId });
}
