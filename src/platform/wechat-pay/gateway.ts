import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type BillApplication, Bills } from './bills.ts';
import { downloadCertificates } from './certificates.ts';
import { complaintCalls, type WechatPayComplaints } from './complaint-calls.ts';
import { failure, isRefusedAs } from './errors.ts';
import { fapiaoCalls, type WechatPayFapiao } from './fapiao-calls.ts';
import { Exchange } from './exchange.ts';
import { KeyStore } from './keys.ts';
import { openNotice } from './notice.ts';
import { checkTradeNumber, checkTransactionId, orderBody } from './order.ts';
import {
  isPaid,
  type BillKind,
  type BillOffer,
  type CloseOutcome,
  type H5Order,
  type JsapiOrder,
  type NoticeOutcome,
  type PayParameters,
  type PreparedH5,
  type PreparedJsapi,
  type PreparedNative,
  type PrepayOrder,
  type RefundCard,
  type RefundFact,
  type RefundOrder,
  type TransactionFact,
} from './outcome.ts';
import { checkRefundNumber, findRefund, refundBody, rerouteCall } from './refund.ts';
import { RequestBuilder } from './request-builder.ts';
import { readKeyMaterial, type WechatPaySettings } from './settings.ts';
import { findTransaction } from './transaction.ts';
import { Transport } from './transport.ts';
import type { MessageHeaders } from '../wire.ts';

/**
 * WeChat Pay in our words. Every call may be repeated as it is, but for those about complaints and fapiao; all throw {@link UpstreamError} and nothing else.
 * Of `refused`, these codes tell what became of an order: `order_paid`, `order_closed`, `number_used`,
 * `parameters_changed`; `invalid_request` when WeChat does not say which.
 */
export interface WechatPay extends WechatPayComplaints, WechatPayFapiao {
  prepayJsapi(order: JsapiOrder): Promise<PreparedJsapi>;
  prepayNative(order: PrepayOrder): Promise<PreparedNative>;
  prepayH5(order: H5Order): Promise<PreparedH5>;
  /** Null when WeChat says that it has no such order; right after an order call without an answer that is no proof. */
  findByOutTradeNo(outTradeNo: string): Promise<TransactionFact | null>;
  /** Null when WeChat says that it has no such transaction. Only paid orders have an id. */
  findByTransactionId(transactionId: string): Promise<TransactionFact | null>;
  /** Ends the chance to pay. A payment may arrive while it is under way: ask afterwards. */
  close(outTradeNo: string): Promise<CloseOutcome>;
  /**
   * Asks for money to go back. That it is accepted is all that the answer says. Of `refused`: `not_enough` (top up, the same
   * number again), `resource_not_exists` (no such payment, or not paid), `invalid_request` (more than is left, too old, too many,
   * or another content under this number); `rate_limited` was not accepted.
   */
  refund(order: RefundOrder): Promise<RefundFact>;
  /** Null when WeChat says that it has no such refund; right after a call without an answer that is no proof. */
  findByOutRefundNo(outRefundNo: string): Promise<RefundFact | null>;
  /** Has an abnormal refund go to a debit card of the payer's. `invalid_request` of one that is not abnormal, or not any more. */
  rerouteRefund(card: RefundCard): Promise<RefundFact>;
  /**
   * Asks for the bill of a Shanghai day. `creating`: ask again later. `none`: WeChat says that there was nothing that day; our books know
   * whether that can be.
   */
  applyForBill(kind: BillKind, day: string): Promise<BillApplication>;
  /** The gzip file as it comes, unproved: what is in it is right when its SHA-1 is. May break off with any error. */
  downloadBill(offer: BillOffer): Promise<Readable>;
  /** For JSAPI and the mini-program; signed anew at every call. */
  payParametersFor(appid: string, prepayId: string): PayParameters;
  /**
   * Proves and opens a notice. Never throws and never calls WeChat. A refusal is logged here, in one line.
   * @param rawBody the bytes as they were received
   */
  openNotice(rawBody: Buffer, headers: MessageHeaders): NoticeOutcome;
  /** Fetches platform certificates, now and every hour; nothing to do in pure public-key mode. Does not fail. */
  start(): Promise<void>;
  /** Ends the timer, and the connections once the calls under way have ended. */
  stop(): Promise<void>;
}

export interface WechatPayWorld {
  now: () => Date;
  log: Logger;
}

/** Seen under three names. */
const NO_SUCH_REFUND = ['resource_not_exists', 'refund_not_exist', 'not_found'];

const PREPAY_MS = 2 * 3_600_000;
const H5_MS = 5 * 60_000;

const jsapiAnswer = z.object({ package: z.string().regex(/^prepay_id=./) });
const nativeAnswer = z.object({ code_url: z.string().min(1) });
const h5Answer = z.object({ h5_url: z.url({ protocol: /^https?$/ }) });

/** @throws Error when the settings cannot work; the message names every fault and no key */
export function createWechatPay(settings: WechatPaySettings, { now, log }: WechatPayWorld): WechatPay {
  const { merchantKey, publicKey, sealKey } = readKeyMaterial(settings);
  const { mchid, merchantSerial } = settings;
  const builder = new RequestBuilder({ mchid, merchantSerial, merchantKey }, now);
  const exchange = new Exchange({ settings, builder, now, log });
  const download = () => downloadCertificates({ exchange, sealKey, findKey: keys.find, now, log });
  const keys = new KeyStore({ publicKey, download: settings.useCertificates ? download : null, now, log });
  const bills = new Bills(settings, builder);
  const transport = new Transport(exchange, keys, now, log);
  builder.createHttp(transport);

  const usableUntil = (lifeMs: number): Date => new Date(now().getTime() + lifeMs);

  async function findOrder(asked: { out_trade_no: string } | { transaction_id: string }) {
    try {
      const { data } = await builder.query(asked);
      return ownTransaction(data, mchid, asked);
    } catch (error) {
      if (isRefusedAs(error, 'order_not_exist')) return null;
      throw error;
    }
  }

  async function findByOutTradeNo(outTradeNo: string): Promise<TransactionFact | null> {
    checkTradeNumber(outTradeNo);
    return findOrder({ out_trade_no: outTradeNo });
  }

  /** "Closed already" comes without a signature; the query's answer has one. */
  async function closedBefore(outTradeNo: string): Promise<CloseOutcome> {
    const fact = await findByOutTradeNo(outTradeNo);
    if (!fact) return 'not-found';
    if (isPaid(fact)) return 'paid';
    if (fact.state === 'closed') return 'closed';
    throw failure('unknown', 'not_closed');
  }

  return {
    async prepayJsapi(order) {
      const until = usableUntil(PREPAY_MS);
      const answer = await builder.transactions_jsapi({ ...orderBody(order), payer: { openid: order.openid } });
      // The package puts the prepay id into pay parameters of its own, which we do not use.
      const prepayId = understood(jsapiAnswer, answer.data).package.slice('prepay_id='.length);
      return { prepayId, usableUntil: until };
    },

    async prepayNative(order) {
      const until = usableUntil(PREPAY_MS);
      const answer = await builder.transactions_native(orderBody(order));
      return { codeUrl: understood(nativeAnswer, answer.data).code_url, usableUntil: until };
    },

    async prepayH5(order) {
      const until = usableUntil(H5_MS);
      // The package's types ask for a name of an app; WeChat does not, and a web page has none.
      const h5_info = { type: 'Wap' } as { type: string; app_name: string };
      const scene_info = { payer_client_ip: order.payerIp, h5_info };
      const answer = await builder.transactions_h5({ ...orderBody(order), scene_info });
      return { h5Url: understood(h5Answer, answer.data).h5_url, usableUntil: until };
    },

    findByOutTradeNo,

    async findByTransactionId(transactionId) {
      checkTransactionId(transactionId);
      return findOrder({ transaction_id: transactionId });
    },

    async close(outTradeNo) {
      checkTradeNumber(outTradeNo);
      try {
        await builder.close(outTradeNo);
        return 'closed';
      } catch (error) {
        if (isRefusedAs(error, 'order_paid')) return 'paid';
        if (isRefusedAs(error, 'order_not_exist')) return 'not-found';
        if (isRefusedAs(error, 'order_closed')) return closedBefore(outTradeNo);
        throw error;
      }
    },

    async refund(order) {
      const { data } = await builder.refunds(refundBody(order));
      return ownRefund(data, order);
    },

    async findByOutRefundNo(outRefundNo) {
      checkRefundNumber(outRefundNo);
      try {
        const { data } = await builder.find_refunds(outRefundNo);
        return ownRefund(data, { outRefundNo });
      } catch (error) {
        if (NO_SUCH_REFUND.some((code) => isRefusedAs(error, code))) return null;
        throw error;
      }
    },

    async rerouteRefund(card) {
      const { outRefundNo } = card;
      return ownRefund(await transport.call(rerouteCall(card, keys.fieldSeal())), { outRefundNo });
    },

    applyForBill: (kind, day) => bills.apply(kind, day),
    downloadBill: (offer) => bills.download(offer),
    ...complaintCalls({ transport, mchid, merchantKey, log }),
    ...fapiaoCalls({ transport, settings, fieldSeal: keys.fieldSeal }),

    payParametersFor: (appid, prepayId) => builder.payParametersFor(appid, prepayId),

    openNotice(rawBody, headers) {
      const outcome = openNotice(rawBody, headers, { findKey: keys.find, sealKey, now: now() });
      if (!outcome.opened) reportRefusal(outcome, log);
      return outcome;
    },

    start: () => keys.start(),

    async stop() {
      keys.stop();
      await exchange.close();
      await bills.close();
    },
  };
}

/** @throws UpstreamError unknown, when a verified answer is not what the documentation promises */
function understood<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw failure('unknown', 'unexpected_answer', { cause: new Error(z.prettifyError(parsed.error)) });
}

/** @throws UpstreamError unknown, when the answer cannot be read or speaks of something else than was asked */
function ownTransaction(
  value: unknown,
  mchid: string,
  asked: { out_trade_no?: string; transaction_id?: string },
): TransactionFact {
  const fact = findTransaction(value);
  if (!fact) throw failure('unknown', 'unexpected_answer');

  const isAskedFor = asked.out_trade_no
    ? fact.outTradeNo === asked.out_trade_no
    : isPaid(fact) && fact.transactionId === asked.transaction_id;
  if (!isAskedFor || fact.mchid !== mchid) throw failure('unknown', 'answer_about_another_order');
  return fact;
}

/** @throws UpstreamError unknown, when the answer cannot be read or speaks of something else than was asked */
function ownRefund(value: unknown, asked: Pick<RefundOrder, 'outRefundNo'> & Partial<RefundOrder>): RefundFact {
  const fact = findRefund(value);
  if (!fact) throw failure('unknown', 'unexpected_answer');
  const { outRefundNo, transactionId = fact.transactionId, amountFen = fact.amountFen } = asked;
  if (fact.outRefundNo !== outRefundNo || fact.transactionId !== transactionId || fact.amountFen !== amountFen)
    throw failure('unknown', 'answer_about_another_refund');
  return fact;
}

/** A genuine notice that cannot be opened is ours to mend; the usual cause is a wrong APIv3 key. */
function reportRefusal({ fault, genuine }: { fault: string; genuine: boolean }, log: Logger): void {
  if (genuine) log.error({ fault }, 'a genuine wechat pay notice could not be opened');
  else log.warn({ fault }, 'wechat pay notice refused');
}
