import type { SignatureFault } from './verify.ts';

/** What the customer is to pay, and until when. The same number must always come with the same content. */
export interface PrepayOrder {
  appid: string;
  /** 6 to 32 of `0-9A-Za-z_-`; never used twice. */
  outTradeNo: string;
  /** At most 127 characters; the customer reads it on the bill. */
  description: string;
  amountFen: number;
  /** A full address without a query. */
  notifyUrl: string;
  /** The last moment to pay. WeChat does not close the order then. */
  expiresAt: Date;
  /** At most 128 characters; comes back in queries, notices and bills. */
  attach?: string | undefined;
}

/** Paid inside WeChat, by one person under one appid. */
export type JsapiOrder = PrepayOrder & { openid: string };

/** Paid in a browser outside WeChat; the address is the customer's own, never a loopback one. */
export type H5Order = PrepayOrder & { payerIp: string };

export interface PreparedJsapi {
  prepayId: string;
  /** Until when it can be used; the order's own end may come earlier. */
  usableUntil: Date;
}

export interface PreparedNative {
  /** To be shown as a QR code; opaque. */
  codeUrl: string;
  usableUntil: Date;
}

export interface PreparedH5 {
  /** To be opened in the customer's browser; only `&redirect_url=` may be added. */
  h5Url: string;
  usableUntil: Date;
}

/** What `wx.requestPayment` and `WeixinJSBridge` take. The mini-program does not pass `appId` on; it is signed all the same. */
export interface PayParameters {
  appId: string;
  /** Seconds, as text. */
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'RSA';
  paySign: string;
}

export type TradeType = 'jsapi' | 'native' | 'app' | 'h5' | 'micropay' | 'facepay' | 'unrecognised';

/** WeChat says, under its signature, that the money came. */
export interface PaidFact {
  /** `refund`: paid, and a refund has been started since. */
  state: 'success' | 'refund';
  outTradeNo: string;
  transactionId: string;
  appid: string;
  mchid: string;
  /** What the order asked for: the amount to compare with. */
  amountFen: number;
  /** What the customer paid after coupons; null when WeChat does not say. Never a reason to call a payment short. */
  payerFen: number | null;
  currency: string;
  openid?: string | undefined;
  tradeType: TradeType;
  paidAt: Date;
  attach?: string | undefined;
}

/** WeChat says, under its signature, that the order is there and no money came. */
export interface UnpaidFact {
  state: 'not_paid' | 'closed' | 'revoked' | 'paying' | 'pay_failed' | 'unrecognised';
  outTradeNo: string;
  appid: string;
  mchid: string;
}

export type TransactionFact = PaidFact | UnpaidFact;

export const isPaid = (fact: TransactionFact): fact is PaidFact => fact.state === 'success' || fact.state === 'refund';

/** `paid` and `not-found` are WeChat's word without a signature: ask before anything is concluded about money. */
export type CloseOutcome = 'closed' | 'paid' | 'not-found';

/** What is to go back of a payment. The same number must always come with the same content; after an unknown outcome it is the same number again. */
export interface RefundOrder {
  /** 1 to 64 of `0-9A-Za-z_-`; after a closed refund another one. */
  outRefundNo: string;
  transactionId: string;
  amountFen: number;
  /** What the payment was, not what is left of it. */
  totalFen: number;
  /** At most 80 characters; the customer reads it. */
  reason: string;
  /** A full address without a query. */
  notifyUrl: string;
}

/** Where a refund goes that could not go back the way it came: a debit card of the payer's. */
export interface RefundCard {
  refundId: string;
  outRefundNo: string;
  /** One of the banks that WeChat does this for: its code without `_DEBIT`, in small letters. */
  bank: string;
  /** Digits alone. */
  cardNumber: string;
  cardHolder: string;
}

/** WeChat says, under its signature, how a refund stands. */
export interface RefundFact {
  /** `processing`: accepted, not yet given back · `abnormal`: could not be given back, somebody must act · success and closed are final. */
  state: 'processing' | 'success' | 'closed' | 'abnormal' | 'unrecognised';
  outRefundNo: string;
  refundId: string;
  outTradeNo: string;
  transactionId: string;
  amountFen: number;
  totalFen: number;
  /** When WeChat took the money from the merchant's account; a notice does not say it. */
  acceptedAt: Date | null;
  succeededAt: Date | null;
  /** Where it went, in WeChat's words, for example 支付用户零钱. */
  receivedBy: string | null;
}

export type BillKind = 'trade' | 'fund_flow';

/** A bill that is ready; to be fetched within minutes. */
export interface BillOffer {
  /** Of the uncompressed file, 40 hexadecimal digits. */
  sha1: string;
  origin: string;
  /** Path and query, to the letter. */
  target: string;
}

interface NoticeHead {
  /** Unique; the same on a repeat. */
  id: string;
  eventType: string;
}

interface NoticeContent {
  transaction: TransactionFact;
  refund: RefundFact & { mchid: string };
  /** Something happened to it; what, is asked. */
  complaint: { complaintId: string };
  /** The same, of what was applied for under this number. */
  fapiao: { applyId: string };
}

type NoticeAbout<Kind extends keyof NoticeContent> = NoticeHead & { kind: Kind } & Pick<NoticeContent, Kind> & {
    [Other in Exclude<keyof NoticeContent, Kind>]?: undefined;
  };

/** A genuine notice, opened. `other`: about none of these (combined orders …). */
export type Notice =
  | NoticeAbout<'transaction'>
  | NoticeAbout<'refund'>
  | NoticeAbout<'complaint'>
  | NoticeAbout<'fapiao'>
  | (NoticeHead & { kind: 'other' } & { [Other in keyof NoticeContent]?: undefined });

export type NoticeFault = SignatureFault | 'too-large' | 'seal-broken' | 'unexpected-shape';

/** `genuine`: the signature was right and the content could not be read all the same, so WeChat should send it again. */
export type NoticeOutcome = { opened: true; notice: Notice } | { opened: false; fault: NoticeFault; genuine: boolean };
