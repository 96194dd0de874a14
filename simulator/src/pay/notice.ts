import { randomBytes } from 'node:crypto';
import type { Timer } from '../clock.ts';
import type { World } from '../world.ts';
import type { Complaint } from './complaint.ts';
import { seal } from './cryptography.ts';
import { beijingDigits, beijingTime, randomDigits } from './numbers.ts';
import { describeOrder, type Order } from './order.ts';
import { describeForNotice, type Refund } from './refund.ts';

const MINUTE = 60;
const HOUR = 3600;

/** Seconds after the first, second … failure (WeChat Pay documentation 4012791861). */
// prettier-ignore
const SCHEDULE = [
  15, 15, 30, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE,
  3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR,
];

export interface NoticeSettings {
  /** `held`: notices are made but not sent until a lever says so. */
  mode: 'auto' | 'held';
  /** Seconds from each failure to the next send. */
  schedule: number[];
  /** After so many sends nothing more comes. */
  maxSends: number;
  /** Real milliseconds that the merchant has to answer. */
  answerLimitMs: number;
  /** How many times each planned send goes out, all at once. */
  copies: number;
  /** The first send of every notice carries a wrong signature on purpose. */
  probing: boolean;
  /** WeChat's pages admit all three. */
  associatedData: 'given' | 'empty' | 'absent';
}

export const NOTICE_CHOICES: { [Key in keyof NoticeSettings]?: readonly NoticeSettings[Key][] } = {
  mode: ['auto', 'held'],
  associatedData: ['given', 'empty', 'absent'],
};

export const defaultNoticeSettings = (): NoticeSettings => ({
  mode: 'auto',
  schedule: [...SCHEDULE],
  maxSends: 15,
  answerLimitMs: 5000,
  copies: 1,
  probing: false,
  associatedData: 'given',
});

/** One request to the merchant and what came of it. */
export interface NoticeSend {
  /** Virtual Unix milliseconds. */
  at: number;
  by: 'schedule' | 'lever';
  tamper?: string;
  /** Null when no answer came. */
  status: number | null;
  /** The beginning of the answer. */
  body: string;
  error?: string;
  /** Real milliseconds. */
  ms: number;
}

export interface Notice {
  /** The same on every send. */
  id: string;
  createdAt: number;
  eventType: string;
  summary: string;
  /** `original_type` and, where it is given, the associated data. */
  about: 'transaction' | 'refund' | 'complaint' | 'fapiao';
  /** Of the order; of a fapiao that is about none, its fapiao_apply_id. */
  outTradeNo: string;
  url: string;
  /** What is sealed inside. */
  content: Record<string, unknown>;
  /** The sealed envelope, byte for byte the same on every honest send. */
  body: Buffer;
  state: 'waiting' | 'delivered' | 'given-up';
  /** Virtual Unix milliseconds of the next planned send. */
  nextAt: number | null;
  timer: Timer | null;
  plannedSends: number;
  sends: NoticeSend[];
  /** The request that went out last, for replaying it. */
  last: NoticeRequest | null;
}

export interface NoticeRequest {
  headers: Record<string, string>;
  body: Buffer;
}

/** What a notice tells, and where. */
export type News = Pick<Notice, 'eventType' | 'summary' | 'about' | 'outTradeNo' | 'url' | 'content'>;

export const paymentNews = (order: Order): News => ({
  eventType: 'TRANSACTION.SUCCESS',
  summary: '支付成功',
  about: 'transaction',
  outTradeNo: order.outTradeNo,
  url: order.asked.notify_url,
  content: describeOrder(order),
});

const REFUND_WORDS = { PROCESSING: '', SUCCESS: '退款成功', CLOSED: '退款关闭', ABNORMAL: '退款异常' } as const;

export const refundNews = (refund: Refund, mchid: string): News => ({
  eventType: `REFUND.${refund.status}`,
  summary: REFUND_WORDS[refund.status],
  about: 'refund',
  outTradeNo: refund.order.outTradeNo,
  url: refund.notifyUrl!,
  content: describeForNotice(refund, mchid),
});

/** It says what happened and no more: the merchant asks (WeChat Pay partner documentation 4012076174; wording seen by merchants). */
export const complaintNews = ({ id, order }: Complaint, action: string, url: string): News => ({
  eventType: action === 'CREATE_COMPLAINT' ? 'COMPLAINT.CREATE' : 'COMPLAINT.STATE_CHANGE',
  summary: action === 'CREATE_COMPLAINT' ? '产生新投诉' : '投诉状态变更',
  about: 'complaint',
  outTradeNo: order.outTradeNo,
  url,
  content: { complaint_id: id, action_type: action },
});

export type FapiaoEvent =
  'FAPIAO.USER_APPLIED' | 'FAPIAO.ISSUED' | 'FAPIAO.REVERSED' | 'FAPIAO.CARD_INSERTED' | 'FAPIAO.CARD_DISCARDED';

const FAPIAO_WORDS: Record<FapiaoEvent, string> = {
  'FAPIAO.USER_APPLIED': '用户发票抬头填写完成',
  'FAPIAO.ISSUED': '发票开具成功',
  'FAPIAO.REVERSED': '发票冲红成功',
  'FAPIAO.CARD_INSERTED': '发票插入用户卡包成功',
  'FAPIAO.CARD_DISCARDED': '发票卡券作废',
};

/** Documentation of the five notices, by the webhooks of wechatpay.js.org; `original_type` and summaries are not confirmed. */
export const fapiaoNews = (
  { applyId, order }: { applyId: string; order: Order | null },
  eventType: FapiaoEvent,
  more: Record<string, unknown>,
  to: { url: string; mchid: string },
): News => ({
  eventType,
  summary: FAPIAO_WORDS[eventType],
  about: 'fapiao',
  outTradeNo: order?.outTradeNo ?? applyId,
  url: to.url,
  content: { mchid: to.mchid, fapiao_apply_id: applyId, ...more },
});

/** A notice, not yet sent. */
export function makeNotice(world: World, news: News): Notice {
  const createdAt = world.clock.now();
  const notice: Notice = {
    id: `EV-${beijingDigits(createdAt)}${randomDigits(10)}`,
    createdAt,
    ...news,
    body: Buffer.alloc(0),
    state: 'waiting',
    nextAt: null,
    timer: null,
    plannedSends: 0,
    sends: [],
    last: null,
  };
  notice.body = sealNotice(world, notice, notice.content);
  return notice;
}

/** The envelope around sealed content (WeChat Pay documentation 4012791861). */
export function sealNotice(world: World, notice: Notice, content: object, apiV3Key = world.kit.apiV3Key): Buffer {
  const nonce = randomBytes(6).toString('hex');
  const how = world.pay.noticeSettings.associatedData;
  const associatedData = how === 'given' ? notice.about : '';
  const envelope = {
    id: notice.id,
    create_time: beijingTime(notice.createdAt),
    resource_type: 'encrypt-resource',
    event_type: notice.eventType,
    summary: notice.summary,
    resource: {
      original_type: notice.about,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: seal(apiV3Key, JSON.stringify(content), nonce, associatedData),
      ...(how === 'absent' ? {} : { associated_data: associatedData }),
      nonce,
    },
  };
  return Buffer.from(JSON.stringify(envelope));
}
