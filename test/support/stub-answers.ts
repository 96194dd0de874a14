import type {
  OrderView,
  OwnRefundQuoteView,
  PlaceOrderBody,
  PreCheckBody,
  PreCheckView,
  ServiceView,
  StartedPaymentView,
} from '../../src/contracts/index.ts';
import { refundObstacles } from '../../src/contracts/index.ts';
import type { ErrorCode } from '../../src/contracts/index.ts';

/** Thrown by the stub's answers; becomes a refusal as the contracts say. */
export class Refused extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: Record<string, unknown>;
  constructor(status: number, code: ErrorCode, detail: Record<string, unknown> = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

export const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

export const summaryOf = ({ code, name, summary, category, packages }: ServiceView) => ({
  code,
  name,
  summary,
  category,
  fromFen: packages.length === 0 ? null : Math.min(...packages.map(({ priceFen }) => priceFen)),
});

export function verdictOn(service: ServiceView, body: unknown): PreCheckView {
  const { answers, packageCode } = body as PreCheckBody;
  const asked = service.preCheck.filter(({ packages }) => packages === null || packages.includes(packageCode));
  const items = asked.map(({ code, question, required }) => {
    const answer = answers[code] ?? 'unknown';
    const verdict =
      answer === 'yes' ? ('pass' as const) : answer === 'no' && required ? ('fail' as const) : ('unknown' as const);
    const advice = answer === 'yes' ? null : '请先完成工商变更登记，再准备验资报告；如需协助，顾问可在下单前与您沟通。';
    return { code, question, answer, verdict, advice };
  });
  const verdict = items.some((item) => item.verdict === 'fail')
    ? 'fail'
    : items.some((item) => item.verdict === 'unknown')
      ? 'unknown'
      : 'pass';
  return { verdict, canOrder: verdict !== 'fail', items };
}

export function pageOf(orders: OrderView[], query: URLSearchParams) {
  const state = query.get('state');
  const fitting = orders.filter((order) => state === null || order.state === state);
  const from = query.get('after') === null ? 0 : fitting.findIndex(({ number }) => number === query.get('after')) + 1;
  const limit = Number(query.get('limit') ?? 20);
  const data = fitting.slice(from, from + limit);
  return { data, next: from + limit < fitting.length ? (data.at(-1)?.number ?? null) : null };
}

export function orderFrom(service: ServiceView, wish: PlaceOrderBody, number: string): OrderView {
  const bought = service.packages.find(({ code }) => code === wish.packageCode);
  const plan = bought?.plans.find(({ code }) => code === wish.planCode);
  if (!bought || !plan) throw new Refused(409, 'catalogue.package_not_on_sale');
  const company = wish.buyer.kind === 'company' ? wish.buyer : null;
  return {
    number,
    state: 'awaiting_payment',
    serviceName: service.name,
    packageName: bought.name,
    amountFen: bought.totalFen,
    paidFen: 0,
    dueFen: plan.instalments[0]?.amountFen ?? bought.totalFen,
    placedAt: inMinutes(0),
    expiresAt: inMinutes(30),
    serviceCode: service.code,
    serviceVersion: service.version,
    province: wish.province ?? null,
    buyer: {
      kind: wish.buyer.kind,
      companyName: company?.companyName ?? null,
      creditCode: company?.creditCode ?? null,
      contactName: wish.buyer.contactName,
      contactPhoneMasked: wish.buyer.contactPhone.replace(/^(\d{3})\d{4}/, '$1****'),
    },
    note: wish.note ?? null,
    cancelReason: null,
    cancelledAt: null,
    lines: [
      { kind: 'service', name: `${bought.name} 服务费`, amountFen: bought.priceFen },
      ...bought.governmentFees.map((fee) => ({ kind: 'government_fee' as const, ...fee })),
    ],
    instalments: plan.instalments.map(({ name, milestoneName, amountFen }, at) => ({
      position: at + 1,
      name,
      milestoneName,
      amountFen,
      state: at === 0 ? 'due' : 'not_due',
      paidAt: null,
    })),
    milestones: plan.instalments.map(({ milestone, milestoneName }, at) => ({
      code: milestone,
      name: milestoneName,
      reachedAt: at === 0 ? inMinutes(0) : null,
    })),
    preCheck: verdictOn(service, wish).items,
    canPay: true,
    canCancel: true,
    payment: null,
    disputedFen: 0,
  };
}

export const quoteOf = ({ paidFen }: OrderView): OwnRefundQuoteView => ({
  paidFen,
  refundedFen: 0,
  amountFen: paidFen,
  percent: 100,
  milestoneName: '下单',
  sentences: ['开始办理前可全额退款。'],
  whyNot: paidFen === 0 ? 'not_paid' : null,
  whyNotWords: paidFen === 0 ? refundObstacles.not_paid : null,
});

export function startedFrom(order: OrderView, way: StartedPaymentView['way'], number: string): StartedPaymentView {
  const isHere = way === 'mini-program' || way === 'official-account';
  return {
    number,
    way,
    state: 'open',
    amountFen: order.dueFen,
    expiresAt: order.expiresAt ?? inMinutes(30),
    paidAt: null,
    payParameters: isHere
      ? {
          appId: 'wx0000000000000002',
          timeStamp: '1763776800',
          nonceStr: 'n',
          package: `prepay_id=${number}`,
          signType: 'RSA',
          paySign: 's',
        }
      : null,
    qrSvg:
      way === 'native'
        ? '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h3v3H0zM6 0h3v3H6zM0 6h3v3H0zM4 4h2v2H4z"/></svg>'
        : null,
    codeUrl: way === 'native' ? 'weixin://wxpay/bizpayurl?pr=stub' : null,
    h5Url: way === 'h5' ? '/h5-pay?prepay_id=stub' : null,
  };
}

export function payInstalment(order: OrderView): void {
  const due = order.instalments.find(({ state }) => state === 'due');
  Object.assign(order, {
    state: 'paid',
    paidFen: order.paidFen + order.dueFen,
    dueFen: 0,
    expiresAt: null,
    canPay: false,
    canCancel: false,
  });
  if (due) Object.assign(due, { state: 'paid', paidAt: inMinutes(0) });
  if (order.payment) Object.assign(order.payment, { state: 'paid', paidAt: inMinutes(0) });
}
