import type { Kit } from '../kit.ts';
import { defaultFapiaoSettings, FAPIAO_CHOICES, type FapiaoSettings } from './fapiao/settings.ts';

/** An appid that is bound to the merchant but belongs to a mobile app: no page can pay with it. */
export const MOBILE_APPID = 'wx5100000000000c03';

/** What the merchant set up at WeChat Pay, and the choices where WeChat's own behaviour is not confirmed. */
export interface PaySettings extends FapiaoSettings {
  /** Which keys WeChat Pay signs with (documentation 4012154180). */
  keyMode: 'certificate' | 'public-key' | 'switching';
  /** In certificate mode: which of the two overlapping certificates signs; `mixed` takes turns. */
  certificateInUse: 'older' | 'newer' | 'mixed';
  /** While switching: how many of 100 notices are signed with the public key. */
  callbackShare: number;
  /** What GET /v3/certificates says in public-key mode; all three were seen by merchants. */
  certificatesAbsence: 'RESOURCE_NOT_EXISTS' | 'NOT_FOUND' | 'empty-list';
  /**
   * The first or the second domain is down: a port of its own refuses connections. The first one on the port of all
   * other hosts can only cut them.
   */
  primaryDown: boolean;
  backupDown: boolean;
  /** Answers other than 2xx carry no signature: a client must not depend on it. */
  errorsUnsigned: boolean;
  /** Not WeChat's: notices may go to plain http on a local address. */
  allowLocalNotifyUrls: boolean;
  /** Not WeChat's: an H5 payer may sit on this machine. */
  allowLocalClientIps: boolean;
  /** Unconfirmed at WeChat: a merchant certificate's serial in lower case. */
  acceptLowerCaseSerial: boolean;
  /** Unconfirmed at WeChat: refuse a nonce that was used within the window. */
  refuseReusedNonces: boolean;
  /** Appids bound to the merchant. */
  boundAppids: string[];
  /** Products that the merchant opened. */
  products: ('jsapi' | 'native' | 'h5')[];
  /** Hosts from which an H5 payment may be opened; none: not checked. */
  h5Domains: string[];
  /** More Pay calls within one virtual second are answered 429; null: no limit. */
  requestsPerSecond: number | null;
  /** Virtual milliseconds during which a fresh order cannot be queried or closed yet. */
  queryLagMs: number;
  /** A repeated order call gives the first prepay id again, even when that has run out (reported by merchants). */
  staleRepeatedPrepay: boolean;
  /** Unconfirmed: the answer to the same number with other parameters. */
  changedOrderCode: 'INVALID_REQUEST' | 'OUT_TRADE_NO_USED';
  /** Unconfirmed: the answer to an order call for a paid number. */
  paidOrderCode: 'ORDER_PAID' | 'OUT_TRADE_NO_USED';
  /** Unconfirmed: the answer to an openid of another appid. */
  openidMismatchCode: 'PARAM_ERROR' | 'OPENID_MISMATCH';
  /** Parts of ten thousand that WeChat Pay takes of each payment from now on: 60 is 0.60 %. */
  feeRate: number;
  /** How refunds end, and after how many virtual milliseconds; `held`: when a lever says so. */
  refundOutcome: 'SUCCESS' | 'CLOSED' | 'ABNORMAL' | 'held';
  refundDelayMs: number;
  /** Virtual milliseconds between two refunds of one order: less is 429 (global documentation, chapter 3.4.3). */
  refundGapMs: number;
  /** Unconfirmed: the fee that a refund gives back is netted in its row of the fund-flow bill, or has a row of its own. */
  refundFeeBooking: 'net' | 'own-row';
  /** The hour of the next day, Beijing time, from which a bill can be had (documentation 4013071246, 4013071249). */
  tradeBillHour: number;
  fundBillHour: number;
  /** The status of NO_STATEMENT_EXIST; both were seen by merchants. */
  noStatementStatus: 400 | 404;
  /** Counts in summaries: `3` in trade bills and `3.0` in fund-flow bills as in WeChat's samples, or one way in both. */
  billCounts: 'samples' | 'whole' | 'decimal';
  /** Characters of an answer to a complaint: 500 since September 2025, 200 before (partner documentation 4012467213). */
  complaintAnswerMax: number;
  /** Merchants are told of what they did themselves too; the pages say so, WeChat's own answers to merchants say not. */
  complaintOwnDeedsTold: boolean;
  /** The payer's images are shown to merchants on WeChat's white list alone. */
  complaintImagesShown: boolean;
  /** What the merchant uploaded can be downloaded again; merchants report that it cannot. */
  ownImagesDownloadable: boolean;
  /** Unconfirmed: in which order the negotiation is told. */
  negotiationOrder: 'oldest-first' | 'newest-first';
  /** Unconfirmed: a processed complaint takes another answer. */
  answersAfterEnd: boolean;
  /** Unconfirmed: what completing a processed complaint is answered. */
  repeatedCompletion: 'INVALID_REQUEST' | 'accepted';
  /** Both spellings are in WeChat's pages: ORDER_PAID and ORDERPAID. */
  codeSpelling: 'underscored' | 'joined';
}

/** What each named choice admits. */
export const PAY_CHOICES: { [Key in keyof PaySettings]?: readonly PaySettings[Key][] } = {
  keyMode: ['certificate', 'public-key', 'switching'],
  certificateInUse: ['older', 'newer', 'mixed'],
  certificatesAbsence: ['RESOURCE_NOT_EXISTS', 'NOT_FOUND', 'empty-list'],
  changedOrderCode: ['INVALID_REQUEST', 'OUT_TRADE_NO_USED'],
  paidOrderCode: ['ORDER_PAID', 'OUT_TRADE_NO_USED'],
  openidMismatchCode: ['PARAM_ERROR', 'OPENID_MISMATCH'],
  refundOutcome: ['SUCCESS', 'CLOSED', 'ABNORMAL', 'held'],
  refundFeeBooking: ['net', 'own-row'],
  noStatementStatus: [400, 404],
  billCounts: ['samples', 'whole', 'decimal'],
  negotiationOrder: ['oldest-first', 'newest-first'],
  repeatedCompletion: ['INVALID_REQUEST', 'accepted'],
  codeSpelling: ['underscored', 'joined'],
  ...FAPIAO_CHOICES,
};

export const defaultPaySettings = (kit: Kit): PaySettings => ({
  keyMode: 'public-key',
  certificateInUse: 'older',
  callbackShare: 0,
  certificatesAbsence: 'RESOURCE_NOT_EXISTS',
  primaryDown: false,
  backupDown: false,
  errorsUnsigned: false,
  allowLocalNotifyUrls: true,
  allowLocalClientIps: true,
  acceptLowerCaseSerial: false,
  refuseReusedNonces: false,
  boundAppids: [kit.officialAccount.appid, kit.miniProgram.appid, MOBILE_APPID],
  products: ['jsapi', 'native', 'h5'],
  h5Domains: [],
  requestsPerSecond: null,
  queryLagMs: 0,
  staleRepeatedPrepay: false,
  changedOrderCode: 'INVALID_REQUEST',
  paidOrderCode: 'ORDER_PAID',
  openidMismatchCode: 'PARAM_ERROR',
  feeRate: 60,
  refundOutcome: 'SUCCESS',
  refundDelayMs: 5000,
  refundGapMs: 60_000,
  refundFeeBooking: 'net',
  tradeBillHour: 9,
  fundBillHour: 10,
  noStatementStatus: 400,
  billCounts: 'samples',
  complaintAnswerMax: 500,
  complaintOwnDeedsTold: false,
  complaintImagesShown: true,
  ownImagesDownloadable: false,
  negotiationOrder: 'oldest-first',
  answersAfterEnd: false,
  repeatedCompletion: 'INVALID_REQUEST',
  codeSpelling: 'underscored',
  ...defaultFapiaoSettings(),
});
