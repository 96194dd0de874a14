export { BillFault, type BillFaultCode } from './bill-lines.ts';
export { readBillFile } from './bill-file.ts';
export { fundFlowBill, type FundRow, tradeBill, type TradeRow } from './bill-layouts.ts';
export { type ComplaintFact, type ListedComplaint, type NegotiationEntry } from './complaint.ts';
export { answerLimits, type WechatPayComplaints } from './complaint-calls.ts';
export { type FapiaoFact } from './fapiao.ts';
export {
  type FapiaoAddress,
  type FapiaoBuyer,
  type FapiaoOrder,
  type ReverseReason,
  type WechatPayFapiao,
} from './fapiao-calls.ts';
export { createWechatPay, type WechatPay, type WechatPayWorld } from './gateway.ts';
export {
  isPaid,
  type BillKind,
  type BillOffer,
  type CloseOutcome,
  type H5Order,
  type JsapiOrder,
  type Notice,
  type NoticeFault,
  type NoticeOutcome,
  type PaidFact,
  type PayParameters,
  type PreparedH5,
  type PreparedJsapi,
  type PreparedNative,
  type PrepayOrder,
  type RefundFact,
  type RefundOrder,
  type TradeType,
  type TransactionFact,
  type UnpaidFact,
} from './outcome.ts';
export { readKeyMaterial, wechatPayDefaults, type WechatPaySettings, wechatPaySettings } from './settings.ts';
