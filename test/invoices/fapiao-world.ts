import { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import type { MessageDelivery } from '../../entities/message-delivery.ts';
import { Order } from '../../entities/order.ts';
import type { Call } from '../../simulator/src/calls.ts';
import type { Fapiao } from '../../simulator/src/pay/fapiao/fapiao.ts';
import { defaultFapiaoSettings } from '../../simulator/src/pay/fapiao/settings.ts';
import type { InvoiceView, ServiceView, StaffInvoiceView, TaskView } from '../../src/contracts/index.ts';
import type { StaffClient } from '../../src/contracts/staff-client.ts';
import { askForFapiaoRegistration, lookAtForgottenFapiao } from '../../src/invoices/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { messagesOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import { ask, paidOrder, somebody, staff } from './invoice-world.ts';

export const APPLICATIONS = '/v3/new-tax-control-fapiao/fapiao-applications';
export const MINUTE_MS = 60_000;

type Named = Pick<InvoiceView, 'id'>;

/** A merchant who has WeChat's electronic fapiao; every test has a customer and somebody of finance of its own. */
export class FapiaoWorld {
  customer!: Phone;
  finance!: StaffClient;
  /** How many calls WeChat had heard when the test began. */
  private heardBefore = 0;

  private constructor(readonly world: TestWorld) {}

  static async start(environment: Record<string, string> = {}): Promise<FapiaoWorld> {
    const limits = { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', REFUND_LIMIT_SUPERVISOR_FEN: '100000000' };
    const started = new FapiaoWorld(await startWorld({ environment: { ...limits, ...environment } }));
    await askForFapiaoRegistration(started.world.world.desk);
    await started.world.settle();
    return started;
  }

  async begin(): Promise<void> {
    await this.settings({ ...defaultFapiaoSettings(), refundGapMs: 0 });
    await this.world.lever('/notices/settings', { mode: 'auto' });
    await this.world.lever('/faults', undefined, 'DELETE');
    this.customer = await somebody(this.world);
    await this.signIn();
    this.heardBefore = this.heard().length;
  }

  /** Also after a long time. */
  async signIn(): Promise<void> {
    this.finance = await staff(this.world, 'finance');
  }

  settings(changes: object): Promise<unknown> {
    return this.world.lever('/pay/settings', changes);
  }
  /** No notice goes out by itself. */
  hold(): Promise<unknown> {
    return this.world.lever('/notices/settings', { mode: 'held' });
  }

  async asked(): Promise<InvoiceView> {
    return ask(this.customer, [(await paidOrder(this.world, this.customer)).number]);
  }
  show(id: string): Promise<StaffInvoiceView> {
    return this.finance.getInvoice({ params: { id } });
  }
  async apply({ id }: Named): Promise<StaffInvoiceView> {
    const invoice = await this.finance.issueInvoiceAtWechat({ params: { id } });
    await this.world.settle();
    return invoice;
  }
  async reverse({ id }: Named): Promise<void> {
    await this.finance.reverseInvoiceAtWechat({ params: { id } });
    await this.world.settle();
  }
  async becomes({ id }: Named, state: string): Promise<StaffInvoiceView> {
    await this.world.until(async () => (await this.show(id)).atWechat?.state === state);
    return this.show(id);
  }
  async issued(): Promise<StaffInvoiceView> {
    const invoice = await this.asked();
    await this.apply(invoice);
    await this.world.advance(5000);
    return this.becomes(invoice, 'issued');
  }
  /** What happens by the clock. */
  async lookAgain(): Promise<void> {
    await lookAtForgottenFapiao(this.world.world.desk);
    await this.world.settle();
  }

  triesOf(invoiceId: string): Promise<InvoiceFapiao[]> {
    return this.world.world.desk.db.find(InvoiceFapiao, { where: { invoiceId }, order: { id: 'ASC' } });
  }
  /** What WeChat has of the payments that the invoice was tried with. */
  async atWechat({ id }: Named): Promise<Fapiao[]> {
    const { applications } = this.world.simulator.world.pay.fapiao;
    const applyIds = new Set((await this.triesOf(id)).map(({ transactionId }) => transactionId));
    return [...applyIds].flatMap((applyId) => applications.get(applyId)?.fapiaos ?? []);
  }
  /** Ends what WeChat has under way of the invoice. */
  async end(invoice: Named, how: object = {}): Promise<void> {
    await this.world.lever(`/pay/fapiao/${(await this.atWechat(invoice))[0]!.id}/issue`, how);
  }
  /** How often WeChat was asked for one, or with an ending for something about it, in this test. */
  posts(end = ''): number {
    return this.heard()
      .slice(this.heardBefore)
      .filter(({ method, path }) => method === 'POST' && path === APPLICATIONS + end).length;
  }
  private heard(): Call[] {
    return this.world.simulator.world.calls.all();
  }

  /** What the customer was told of it. */
  async told({ id }: Named): Promise<MessageDelivery[]> {
    return (await messagesOf(this.world.world)).filter(({ about }) => about === `invoice:${id}`);
  }
  async tasks({ orders }: Pick<InvoiceView, 'orders'>): Promise<TaskView[]> {
    const { data } = await this.finance.listTasks({ query: { kind: 'invoice', state: 'open', limit: 100 } });
    return data.filter(({ orderNumber }) => orderNumber === orders[0]!.number);
  }
  /** What does not go on at WeChat by itself. */
  async trouble(invoice: Pick<InvoiceView, 'orders'>): Promise<TaskView[]> {
    return (await this.tasks(invoice)).filter(({ title }) => title.startsWith('微信'));
  }
  /** How many files of invoices there are. */
  files(): Promise<number> {
    return this.world.world.desk.db.countBy(KeptFile, { contentType: 'application/pdf' });
  }

  /** An order that is sold in two parts, of which the first is paid. */
  async partedOrder(): Promise<{ number: string; payRest: () => Promise<void> }> {
    const { customer, world } = this;
    const service = 'call-centre-licence';
    const { packages } = await customer.get<ServiceView>(`/app/services/${service}`);
    const [plan] = packages.flatMap(({ code: packageCode, plans }) =>
      plans
        .filter(({ instalments }) => instalments.length === 2)
        .map(({ code: planCode }) => ({ packageCode, planCode })),
    );
    const { number, milestones } = await customer.order(service, plan);
    const pay = async () => {
      const started = await customer.startPayment(number);
      await customer.pay(started);
      await customer.post(`/app/payments/${started.number}/look`);
      await world.settle();
    };
    const payRest = async () => {
      const { id } = await world.world.desk.db.findOneByOrFail(Order, { number });
      for (const { code } of milestones.slice(1)) {
        await world.world.desk.transaction((work) => reachMilestone(work, id, code));
        if ((await customer.seeOrder(number)).canPay) await pay();
      }
    };
    await pay();
    return { number, payRest };
  }
}
