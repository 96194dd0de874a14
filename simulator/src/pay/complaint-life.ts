import { LeverError } from '../errors.ts';
import type { World } from '../world.ts';
import type { Complaint, ComplaintEntry, ProblemType } from './complaint.ts';
import { keepImage, pictureOf } from './complaint-images.ts';
import { announceComplaint } from './notice-sending.ts';
import { beijingDigits, randomDigits } from './numbers.ts';
import type { Order } from './order.ts';
import type { Refund } from './refund.ts';

export interface NewComplaint {
  detail: string;
  problem: string;
  type: ProblemType;
  /** Fen; with the type REFUND. */
  refundFen: number | null;
  phone: string | null;
  /** How many pictures come with it. */
  images: number;
  mchid: string;
}

/** WeChat's number of a complaint and of an entry: 27 digits. */
const longNumber = ({ clock }: World, begin: string): string =>
  `${begin}${beijingDigits(clock.now())}${randomDigits(27 - begin.length - 14)}`;

/** A payer complains about a paid order. */
export function raise(world: World, order: Order, wanted: NewComplaint, notify: boolean): Complaint {
  const at = world.clock.now();
  const complaint: Complaint = {
    id: longNumber(world, '200'),
    mchid: wanted.mchid,
    order,
    at,
    state: 'PENDING',
    problemType: wanted.type,
    problem: wanted.problem,
    detail: wanted.detail,
    askedFen: wanted.type === 'REFUND' ? (wanted.refundFen ?? order.payment!.total) : null,
    phone: wanted.phone,
    mediaIds: pictures(world, wanted.images),
    times: 1,
    isWaiting: true,
    isFullyRefunded: false,
    decision: null,
    entries: [],
  };
  world.pay.complaints.set(complaint.id, complaint);
  write(world, complaint, '投诉人', 'USER_CREATE_COMPLAINT', wanted.detail, complaint.mediaIds);
  if (notify) announceComplaint(world, complaint, 'CREATE_COMPLAINT');
  return complaint;
}

/** The payer is not content with how it ended, or wants to say that it goes on. */
export function goOn(world: World, complaint: Complaint, detail: string, notify: boolean): void {
  Object.assign(complaint, { state: 'PENDING', times: complaint.times + 1, isWaiting: true, decision: null });
  write(world, complaint, '投诉人', 'USER_CONTINUE_COMPLAINT', detail);
  if (notify) announceComplaint(world, complaint, 'CONTINUE_COMPLAINT');
}

/** Whoever is not the merchant says something. */
export function say(
  world: World,
  complaint: Complaint,
  { by, text, images }: { by: 'user' | 'platform'; text: string; images: number },
  notify: boolean,
): void {
  if (complaint.state === 'PROCESSED' && by === 'user')
    throw new LeverError(409, 'the complaint is processed: the payer can only go on with it');
  const isUser = by === 'user';
  if (isUser) complaint.isWaiting = true;
  const type = isUser ? 'USER_RESPONSE' : 'PLATFORM_RESPONSE';
  write(world, complaint, isUser ? '投诉人' : '微信支付客服', type, text, pictures(world, images));
  if (notify) announceComplaint(world, complaint, isUser ? 'USER_RESPONSE' : 'RESPONSE_BY_PLATFORM');
}

const pictures = (world: World, count: number): string[] =>
  Array.from({ length: count }, () => keepImage(world, pictureOf('png'), 'user'));

/** The merchant does something; merchants are said not to be told of their own deeds (community post 000a0606d345a0). */
export function act(
  world: World,
  complaint: Complaint,
  { entry, action, details, mediaIds }: { entry: string; action: string; details: string; mediaIds?: string[] },
): void {
  write(world, complaint, '商家', entry, details, mediaIds);
  if (world.pay.settings.complaintOwnDeedsTold) announceComplaint(world, complaint, action);
}

/** Money of the order goes back, or has arrived: what becomes of complaints about it. */
export function noteRefund(world: World, refund: Refund, what: 'started' | 'received'): void {
  for (const complaint of world.pay.complaints.values()) {
    if (complaint.order !== refund.order) continue;
    const isWhole = refundedFen(world, refund.order) >= refund.order.payment!.total;
    if (what === 'started') {
      complaint.isFullyRefunded ||= isWhole;
      const entry = `COMPLAINT_${isWhole ? 'FULL' : 'PARTIAL'}_REFUNDED_SYSTEM_MESSAGE`;
      write(world, complaint, '系统', entry, isWhole ? '商户发起全额退款' : '商户发起部分退款');
      continue;
    }
    write(world, complaint, '系统', 'COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE', '退款已到账');
    if (complaint.decision !== 'APPROVE') continue;
    // A wish for a refund that was granted is over once the money is back (partner documentation 4012467218).
    Object.assign(complaint, { state: 'PROCESSED', isWaiting: false });
    announceComplaint(world, complaint, 'REFUND_SUCCESS');
  }
}

const refundedFen = ({ pay }: World, order: Order): number =>
  [...pay.refunds.values()]
    .filter((refund) => refund.order === order && refund.status !== 'CLOSED')
    .reduce((sum, { amount }) => sum + amount, 0);

function write(
  world: World,
  complaint: Complaint,
  operator: ComplaintEntry['operator'],
  type: string,
  details: string,
  mediaIds: string[] = [],
): void {
  complaint.entries.push({
    logId: longNumber(world, '300'),
    operator,
    at: world.clock.now(),
    type,
    details,
    mediaType: operator === '投诉人' ? 'USER_COMPLAINT_IMAGE' : 'OPERATION_IMAGE',
    mediaIds,
  });
}
