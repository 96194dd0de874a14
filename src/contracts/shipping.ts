import type { PageQuery } from './app.ts';

/** How a service reaches who bought it: by nothing that is carried, or handed over at our place. */
export const deliveryKinds = { virtual: '线上交付', pick_up: '到店交付' } as const;
export type DeliveryKind = keyof typeof deliveryKinds;

/**
 * How the delivery of one payment stands at WeChat (小程序发货信息管理).
 * waiting: the milestone that counts as delivery is not reached · due: it is, WeChat is to be told · corrected: told, and the
 * one correction is used · confirmed: received, by the user or by time · settled: the money is free.
 */
export const shipmentStates = {
  waiting: '待交付',
  due: '待上传发货信息',
  uploaded: '已发货',
  corrected: '已更正发货信息',
  confirmed: '已确认收货',
  settled: '已结算',
  not_required: '无需发货',
  failed: '上传被微信拒绝',
} as const;
export type ShipmentState = keyof typeof shipmentStates;

/** Why nothing needs to be uploaded, or what stands against it. What is not here is WeChat's rarer word, and shown as its code. */
export const shipmentFailures = {
  other_way: '不是在小程序支付的',
  not_managed: '小程序未开通发货信息管理',
  refunded: '款项已全部退回',
  order_unknown: '微信发货管理中没有这笔支付',
  not_shippable: '微信不接受：该支付单不可发货',
  payer_foreign: '微信不接受：付款人不符',
  shipping_wrong: '微信不接受：发货内容有误',
  correction_used: '更正机会已用完',
  not_authorised: '小程序没有发货信息管理接口的权限',
} as const;

export interface ShipmentView {
  id: string;
  orderNumber: string;
  /** WeChat's `out_trade_no`. */
  paymentNumber: string;
  transactionId: string;
  amountFen: number;
  state: ShipmentState;
  stateWords: string;
  failure: string | null;
  failureWords: string | null;
  kind: DeliveryKind;
  kindWords: string;
  /** What WeChat shows the customer as delivered. */
  item: string;
  paidAt: string;
  /** Until then WeChat wants to know of the delivery. */
  deadlineAt: string;
  /** Not uploaded, and the deadline is near or over. */
  isLate: boolean;
  /** WeChat has reminded of it. */
  remindedAt: string | null;
  deliveredAt: string | null;
  uploadedAt: string | null;
  estimatedSettlementAt: string | null;
  confirmedAt: string | null;
  settledAt: string | null;
  /** Null while nobody asked for one. */
  correction: {
    item: string;
    kind: DeliveryKind;
    reason: string;
    /** Name. */
    askedBy: string | null;
    askedAt: string;
    /** Null while WeChat has not taken it. */
    doneAt: string | null;
  } | null;
}

/** GET /staff/shipments */
export interface ShipmentListQuery extends PageQuery {
  state?: ShipmentState | undefined;
  orderNumber?: string | undefined;
  /** Only those not uploaded whose deadline is near or over. */
  late?: boolean | undefined;
}

/** GET /staff/shipments/export: the list, all of it. */
export interface ShipmentExportQuery extends Omit<ShipmentListQuery, keyof PageQuery> {
  /** xlsx when left out. */
  format?: 'csv' | 'xlsx' | undefined;
}

/** POST /staff/shipments/:id/correction: the only one that WeChat takes. */
export interface CorrectShipmentBody {
  item: string;
  /** The same when left out. */
  kind?: DeliveryKind | undefined;
  reason: string;
}

/** unknown: WeChat did not say. */
export const tradeManagements = { yes: '是', no: '否', unknown: '微信未说明' } as const;
export type TradeManaged = keyof typeof tradeManagements;

/** GET /staff/shipping-account: whether the mini-program's money waits for deliveries. */
export interface ShippingAccountView {
  /** unknown: deliveries are uploaded all the same. */
  managed: TradeManaged;
  managedWords: string;
  /** Every merchant number is authorised or unbound. */
  confirmed: TradeManaged;
  /** Null: not asked yet. */
  askedAt: string | null;
  failure: string | null;
}
