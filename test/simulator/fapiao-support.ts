import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { type Answer, orderBody, payClient, pull } from './pay-client.ts';

export const FAPIAO = '/v3/new-tax-control-fapiao';
export const APPLICATIONS = `${FAPIAO}/fapiao-applications`;
export const BUYER = { type: 'ORGANIZATION', name: '示例科技有限公司', taxpayer_id: '91000000MA00000001' };
export const ROW = {
  tax_code: '3010101020203000000',
  goods_name: '咨询服务',
  quantity: 100_000_000,
  total_amount: 19900,
  tax_rate: 600,
  discount: false,
};
export const one = (id: string, changes: object = {}) => ({
  fapiao_id: id,
  total_amount: 19900,
  items: [ROW],
  ...changes,
});

export interface Shown {
  status: string;
  blue_fapiao: { fapiao_code?: string; fapiao_number: string; fapiao_time: string };
  red_fapiao?: { fapiao_number: string };
  card_information: { card_openid: string; card_status: string };
  [more: string]: unknown;
}

/** A merchant who issues fapiao through the stand-in. */
export class Shop {
  readonly client: ReturnType<typeof payClient>;

  constructor(readonly simulator: RunningSimulator) {
    this.client = payClient(simulator);
  }

  /** A new world, whose clock stands, with a template of the card. */
  async open(): Promise<void> {
    await this.simulator.world.reset();
    await pull(this.simulator, '/clock', { frozen: true });
    await this.makeTemplate();
  }

  settings(changes: object): Promise<unknown> {
    return pull(this.simulator, '/pay/settings', changes);
  }
  later(advanceMs: number): Promise<unknown> {
    return pull(this.simulator, '/clock', { advanceMs });
  }

  makeTemplate(changes: object = {}): Promise<Answer> {
    return this.client.post(`${FAPIAO}/card-template`, {
      card_appid: this.simulator.world.kit.officialAccount.appid,
      card_template_information: { logo_url: 'http://mmbiz.qpic.cn/mmbiz/logo/0' },
      ...changes,
    });
  }

  /** @returns WeChat's number of the payment, which is that of the application too */
  async paid(changes: Record<string, unknown> = {}): Promise<string> {
    const body = orderBody(this.simulator, changes);
    await this.client.post('/v3/pay/transactions/jsapi', body);
    const number = String(body.out_trade_no);
    await pull(this.simulator, `/pay/orders/${number}/force-paid`, { notify: false });
    return this.simulator.world.pay.orders.get(number)!.payment!.transactionId;
  }

  issue(applyId: string, id: string, changes: object = {}, serial?: string): Promise<Answer> {
    const body = {
      scene: 'WITH_WECHATPAY',
      fapiao_apply_id: applyId,
      buyer_information: BUYER,
      fapiao_information: [one(id)],
      ...changes,
    };
    return this.client.post(APPLICATIONS, body, {
      headers: serial === undefined ? {} : { 'wechatpay-serial': serial },
    });
  }
  async issued(id: string): Promise<string> {
    const applyId = await this.paid();
    await this.issue(applyId, id);
    await this.later(5000);
    return applyId;
  }
  reverse(applyId: string, body: object): Promise<Answer> {
    return this.client.post(`${APPLICATIONS}/${applyId}/reverse`, body);
  }

  query(applyId: string, more = ''): Promise<Answer> {
    return this.client.get(`${APPLICATIONS}/${applyId}${more}`);
  }
  async shown(applyId: string, id: string): Promise<Shown> {
    return ((await this.query(applyId, `?fapiao_id=${id}`)).json.fapiao_information as Shown[])[0]!;
  }
}
