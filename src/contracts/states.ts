/** States that people see, with their Chinese words. */
export const orderStates = {
  awaiting_payment: '待支付',
  paid: '已支付',
  in_service: '办理中',
  completed: '已完成',
  cancelled: '已取消',
  refunded: '已退款',
} as const;
export type OrderState = keyof typeof orderStates;

export const cancelReasons = { customer: '您已取消', expired: '超时未支付', staff: '客服取消' } as const;
export type CancelReason = keyof typeof cancelReasons;

export const instalmentStates = { not_due: '未到付款节点', due: '待支付', paid: '已支付', void: '已作废' } as const;
export type InstalmentState = keyof typeof instalmentStates;

/** created: saved, WeChat's answer not known yet · open: can be paid · failed: refused by WeChat. */
export const paymentStates = {
  created: '正在创建',
  open: '待支付',
  paid: '已支付',
  closed: '已关闭',
  failed: '创建失败',
} as const;
export type PaymentState = keyof typeof paymentStates;

/** The three ways of paying; the mini-program and the service account's page both pay by JSAPI, each with its own appid. */
export const paymentWays = {
  'mini-program': '小程序支付',
  'official-account': '公众号支付',
  native: '扫码支付',
  h5: '手机浏览器支付',
} as const;
export type PaymentWay = keyof typeof paymentWays;

/** Why money that arrived was not counted as the sale. */
export const disputeReasons = {
  late: '订单关闭后到账',
  double: '重复支付',
  short: '金额不足',
  over: '金额多付',
  unknown: '找不到对应订单',
  currency: '币种不符',
  foreign_app: '应用不符',
  foreign_merchant: '商户号不符',
} as const;
export type DisputeReason = keyof typeof disputeReasons;

export const lineKinds = { service: '服务费', government_fee: '代收政府费用' } as const;
export type LineKind = keyof typeof lineKinds;

/** How one message to one person ended. */
export const deliveryStates = {
  waiting: '待发送',
  sending: '发送中',
  accepted: '微信已受理',
  delivered: '已送达',
  blocked: '用户拒收',
  failed: '发送失败',
  refused: '微信拒绝',
  unreachable: '无法送达',
  rate_limited: '超出额度未发送',
  cancelled: '已停止未发送',
  unknown: '结果未知',
} as const;
export type DeliveryState = keyof typeof deliveryStates;

export const preCheckVerdicts = { pass: '符合', fail: '不符合', unknown: '待确认' } as const;
export type PreCheckVerdict = keyof typeof preCheckVerdicts;

/** Whose title an invoice bears. */
export const titleKinds = { company: '企业单位', personal: '个人' } as const;
export type TitleKind = keyof typeof titleKinds;

export const invoiceKinds = { ordinary: '增值税普通发票', special: '增值税专用发票' } as const;
export type InvoiceKind = keyof typeof invoiceKinds;

/** red_lettered: cancelled as a whole by red-letter invoices (红字发票). */
export const invoiceStates = {
  asked: '待开票',
  issued: '已开票',
  refused: '未能开票',
  withdrawn: '已撤回',
  red_lettered: '已红冲',
} as const;
export type InvoiceState = keyof typeof invoiceStates;

/** How an invoice stands at WeChat. issued: also when taking it back failed. */
export const fapiaoStates = {
  applying: '正在提交微信',
  issuing: '微信开票中',
  issued: '微信已开票',
  failed: '微信开票失败',
  reversing: '微信冲红中',
  reversed: '微信已冲红',
} as const;
export type FapiaoState = keyof typeof fapiaoStates;

/** Why WeChat cannot issue an invoice, or take it back; it can be done by hand. */
export const unfitForWechat = {
  special: '增值税专用发票请按手工方式开具',
  several_orders: '微信一次只为一个订单开票',
  several_payments: '开票金额超过该订单任何一笔付款的可开金额，微信按单笔付款开票',
  tries_used: '这笔付款在微信的开票次数已用完',
  not_issued_there: '这张发票不是由微信开具的',
  partly_taken_back: '这张发票已部分红冲，微信只能全额冲红',
} as const;
export type UnfitForWechat = keyof typeof unfitForWechat;

/** Why nothing of an order can be invoiced now. */
export const notInvoiceable = {
  not_paid: '订单尚未付款',
  refunded: '款项已全部退回',
  only_government_fees: '所付款项均为代收政府费用，由收费机关出具票据',
  refund_under_way: '有退款正在处理，办结后可申请开票',
  all_invoiced: '已全部开票或已申请开票',
} as const;
export type NotInvoiceable = keyof typeof notInvoiceable;
