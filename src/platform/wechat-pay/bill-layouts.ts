import type { Layout } from './bill-file.ts';

/** A payment or a refund, as the trade bill has it. Amounts in fen. */
export interface TradeRow {
  kind: 'payment' | 'refund' | 'revoked';
  /** Beijing time as WeChat writes it: success of a payment, acceptance of a refund. */
  at: string;
  mchid: string;
  transactionId: string;
  outTradeNo: string;
  currency: string;
  /** What the order asked for, or what goes back; never negative. */
  amountFen: number;
  /** Empty of a payment. */
  refundId: string;
  outRefundNo: string;
  /** When the bill was made; never brought up to date. */
  refundState: string;
  /** Negative when it comes back. */
  feeFen: number;
  /** As WeChat writes it, `0.60%`. */
  rate: string;
  settledFen: number;
  returnedFen: number;
  returnedCouponFen: number;
  orderFen: number;
  askedBackFen: number;
}

/** A movement of the merchant's account, as the fund-flow bill has it. Amounts in fen. */
export interface FundRow {
  /** Beijing time as WeChat writes it. */
  at: string;
  /** WeChat's number of the payment, the refund or the withdrawal. */
  businessId: string;
  flowId: string;
  business: string;
  kind: string;
  /** Negative: paid out. */
  amountFen: number;
  balanceFen: number;
  applicant: string;
  remark: string;
  /** The merchant's own number of it, where there is one. */
  voucher: string;
  isIncome: boolean;
}

const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
/** Of a payment. */
const NONE = '0';

const TRADE_COLUMNS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
/** Old merchants still have these. */
const OLDER_TRADE_COLUMNS = '子商户号,总金额,企业红包金额,企业红包退款金额';

/** Source: WeChat Pay documentation 4013071246; the older layout as merchants report it. */
export const tradeBill: Layout<TradeRow> = {
  columns: new Set(`${TRADE_COLUMNS},${OLDER_TRADE_COLUMNS}`.split(',')),
  bind(find) {
    const need = (...names: string[]) => find(names)!;
    const [time, merchant, currency] = [need('交易时间'), need('商户号'), need('货币种类')];
    const [transactionId, outTradeNo, state] = [need('微信订单号'), need('商户订单号'), need('交易状态')];
    const settled = need('应结订单金额', '总金额');
    const order = find(['订单金额'], true) ?? settled;
    const [refundId, outRefundNo, refundState] = [need('微信退款单号'), need('商户退款单号'), need('退款状态')];
    const returned = need('退款金额');
    const askedBack = find(['申请退款金额'], true) ?? returned;
    const returnedCoupon = need('充值券退款金额', '企业红包退款金额');
    const [fee, rate] = [need('手续费'), need('费率')];
    return (fields, read) => {
      const kind = KINDS[fields[state.at]!];
      if (!kind) throw read.fault(state);
      if (!TIME.test(fields[time.at]!)) throw read.fault(time);
      if (!fields[transactionId.at]) throw read.fault(transactionId);
      const isRefund = kind !== 'payment';
      const [orderFen, askedBackFen] = [read.fen(order), read.fen(askedBack)];
      return {
        kind,
        at: fields[time.at]!,
        mchid: fields[merchant.at]!,
        transactionId: fields[transactionId.at]!,
        outTradeNo: fields[outTradeNo.at]!,
        currency: fields[currency.at]!,
        amountFen: isRefund ? askedBackFen : orderFen,
        refundId: textOf(fields[refundId.at]!),
        outRefundNo: textOf(fields[outRefundNo.at]!),
        refundState: fields[refundState.at]!,
        feeFen: read.fee(fee),
        rate: fields[rate.at]!,
        settledFen: read.fen(settled),
        returnedFen: read.fen(returned),
        returnedCouponFen: read.fen(returnedCoupon),
        orderFen,
        askedBackFen,
      };
    };
  },
  summary: {
    总交易单数: { kind: 'count', add: () => 1 },
    应结订单总金额: { kind: 'fen', add: (row) => row.settledFen },
    总交易额: { kind: 'fen', add: (row) => row.settledFen },
    退款总金额: { kind: 'fen', add: (row) => row.returnedFen },
    总退款金额: { kind: 'fen', add: (row) => row.returnedFen },
    充值券退款总金额: { kind: 'fen', add: (row) => row.returnedCouponFen },
    总企业红包退款金额: { kind: 'fen', add: (row) => row.returnedCouponFen },
    手续费总金额: { kind: 'fee', add: (row) => row.feeFen },
    订单总金额: { kind: 'fen', add: (row) => row.orderFen },
    申请退款总金额: { kind: 'fen', add: (row) => row.askedBackFen },
  },
  summaryNeeds: ['总交易单数', '手续费总金额'],
};

const KINDS: Readonly<Record<string, TradeRow['kind']>> = { SUCCESS: 'payment', REFUND: 'refund', REVOKED: 'revoked' };

const textOf = (text: string): string => (text === NONE ? '' : text);

const INCOME = '收入';
const DIRECTIONS = new Set([INCOME, '支出']);

/** Source: WeChat Pay documentation 4013071249. */
export const fundFlowBill: Layout<FundRow> = {
  columns: new Set(
    '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号'.split(
      ',',
    ),
  ),
  bind(find) {
    const need = (...names: string[]) => find(names)!;
    const [time, businessId, flowId] = [need('记账时间'), need('微信支付业务单号'), need('资金流水单号')];
    const [business, kind, direction] = [need('业务名称'), need('业务类型'), need('收支类型')];
    const [amount, balance] = [need('收支金额(元)'), need('账户结余(元)')];
    const [applicant, remark, voucher] = [need('资金变更提交申请人'), need('备注'), need('业务凭证号')];
    return (fields, read) => {
      const isIncome = fields[direction.at] === INCOME;
      if (!DIRECTIONS.has(fields[direction.at]!)) throw read.fault(direction);
      if (!TIME.test(fields[time.at]!)) throw read.fault(time);
      const amountFen = read.fen(amount);
      return {
        at: fields[time.at]!,
        businessId: fields[businessId.at]!,
        flowId: fields[flowId.at]!,
        business: fields[business.at]!,
        kind: fields[kind.at]!,
        amountFen: isIncome ? amountFen : -amountFen,
        balanceFen: read.fen(balance),
        applicant: fields[applicant.at]!,
        remark: fields[remark.at]!,
        voucher: fields[voucher.at]!,
        isIncome,
      };
    };
  },
  summary: {
    资金流水总笔数: { kind: 'count', add: () => 1 },
    收入笔数: { kind: 'count', add: (row) => (row.isIncome ? 1 : 0) },
    收入金额: { kind: 'fen', add: (row) => (row.isIncome ? row.amountFen : 0) },
    支出笔数: { kind: 'count', add: (row) => (row.isIncome ? 0 : 1) },
    支出金额: { kind: 'fen', add: (row) => (row.isIncome ? 0 : -row.amountFen) },
  },
  summaryNeeds: ['资金流水总笔数', '收入金额', '支出金额'],
};
