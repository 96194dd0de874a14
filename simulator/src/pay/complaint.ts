import type { KeyObject } from 'node:crypto';
import { sealForMerchant } from './cryptography.ts';
import { beijingTime } from './numbers.ts';
import type { Order } from './order.ts';

/** WeChat Pay partner documentation 4012691648, as for direct merchants. */
export type ComplaintState = 'PENDING' | 'PROCESSING' | 'PROCESSED';
export type ProblemType = 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS';

export type MediaType = 'USER_COMPLAINT_IMAGE' | 'OPERATION_IMAGE';

/** One step of the negotiation (WeChat Pay documentation 4012533439). */
export interface ComplaintEntry {
  logId: string;
  operator: '投诉人' | '商家' | '微信支付客服' | '系统';
  /** Virtual Unix milliseconds, as all instants here. */
  at: number;
  type: string;
  details: string;
  mediaType: MediaType;
  mediaIds: string[];
}

/** What a payer complains of about one paid order. */
export interface Complaint {
  id: string;
  mchid: string;
  order: Order;
  at: number;
  state: ComplaintState;
  problemType: ProblemType;
  problem: string;
  detail: string;
  /** Fen; of a wish for a refund. */
  askedFen: number | null;
  /** null: the payer gave none. */
  phone: string | null;
  mediaIds: string[];
  /** How often the payer complained. */
  times: number;
  /** The payer waits for an answer to what was said last. */
  isWaiting: boolean;
  isFullyRefunded: boolean;
  /** What the merchant decided of the wish for a refund. */
  decision: 'APPROVE' | 'REJECT' | null;
  entries: ComplaintEntry[];
}

/** What the host of images is, whatever port this program has. */
const IMAGES = 'https://api.mch.weixin.qq.com/v3/merchant-service/images/';

const mediaUrl = (mediaId: string): string => IMAGES + encodeURIComponent(mediaId);

/** A complaint as the list and the query show it; the list does not name the openid (documentation 4012533431, partner documentation 4012691648). */
export function describeComplaint(complaint: Complaint, merchantKey: KeyObject, showsImages: boolean) {
  const { order, phone, askedFen, mediaIds } = complaint;
  return {
    complaint_id: complaint.id,
    complaint_time: beijingTime(complaint.at),
    complaint_detail: complaint.detail,
    complainted_mchid: complaint.mchid,
    complaint_state: complaint.state,
    ...(phone === null ? {} : { payer_phone: sealForMerchant(phone, merchantKey) }),
    complaint_order_info: [
      { transaction_id: order.payment!.transactionId, out_trade_no: order.outTradeNo, amount: order.payment!.total },
    ],
    complaint_full_refunded: complaint.isFullyRefunded,
    incoming_user_response: complaint.isWaiting,
    user_complaint_times: complaint.times,
    problem_description: complaint.problem,
    problem_type: complaint.problemType,
    ...(askedFen === null ? {} : { apply_refund_amount: askedFen }),
    user_tag_list: [],
    service_order_info: [],
    complaint_media_list:
      showsImages && mediaIds.length > 0
        ? [{ media_type: 'USER_COMPLAINT_IMAGE', media_url: mediaIds.map(mediaUrl) }]
        : [],
    in_platform_service: false,
    need_immediate_service: false,
  };
}

export function describeEntry({ logId, operator, at, type, details, mediaType, mediaIds }: ComplaintEntry) {
  return {
    log_id: logId,
    operator,
    operate_time: beijingTime(at),
    operate_type: type,
    operate_details: details,
    image_list: [],
    ...(mediaIds.length > 0
      ? { complaint_media_list: { media_type: mediaType, media_url: mediaIds.map(mediaUrl) } }
      : {}),
  };
}
