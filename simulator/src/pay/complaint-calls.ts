import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { type Complaint, describeComplaint, describeEntry } from './complaint.ts';
import { act } from './complaint-life.ts';
import { badField, checkField, type Field } from './fields.ts';
import { beijingTime } from './numbers.ts';

type Query = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;
const MOST_DAYS = 30;
const MOST_IMAGES = 4;

/** Complaints that were raised on some days, the newest first (WeChat Pay documentation 4012533431; the order is not confirmed). */
export function listComplaints(world: World, query: Query): Record<string, unknown> {
  const { pay, kit } = world;
  const { limit, offset } = pageOf(query, { usual: 10, most: 50 });
  const from = dayOf(query, 'begin_date');
  const until = dayOf(query, 'end_date');
  if (from > until) throw badQuery('end_date', query.end_date, '结束日期早于开始日期');
  if ((Date.parse(until) - Date.parse(from)) / DAY_MS >= MOST_DAYS)
    throw badQuery('end_date', query.end_date, `查询日期跨度不超过${MOST_DAYS}天`);
  const { complainted_mchid: asked } = query;
  if (asked !== undefined && asked !== kit.mchid) throw noAuth('无权查询该商户号的投诉');

  const found = [...pay.complaints.values()]
    .filter(({ at }) => beijingTime(at).slice(0, 10) >= from && beijingTime(at).slice(0, 10) <= until)
    .toReversed();
  return pageFrom(found, { limit, offset }, (complaint) => describe(world, complaint));
}

/** WeChat Pay partner documentation 4012691648. The list does not name the payer's openid. */
export function queryComplaint(world: World, id: string): Record<string, unknown> {
  const complaint = getComplaint(world, id);
  const { openid } = complaint.order.payment!;
  return { ...describe(world, complaint), ...(openid === null ? {} : { payer_openid: openid }) };
}

/** WeChat Pay documentation 4012533439. */
export function listHistory(world: World, id: string, query: Query): Record<string, unknown> {
  const page = pageOf(query, { usual: 100, most: 300 });
  const { entries } = getComplaint(world, id);
  const isNewestFirst = world.pay.settings.negotiationOrder === 'newest-first';
  return pageFrom(isNewestFirst ? entries.toReversed() : entries, page, describeEntry);
}

const MINI_PROGRAM: Field = {
  is: 'group',
  fields: {
    appid: { is: 'text', max: 32, must: true },
    path: { is: 'text', max: 512, must: true },
    text: { is: 'text', max: 32, must: true },
  },
};

const MCHID: Field = { is: 'text', max: 64, must: true };

/** WeChat Pay partner documentation 4012467213. The first answer makes it PROCESSING. */
export function answerComplaint(world: World, id: string, body: unknown): void {
  checkField(
    {
      is: 'group',
      fields: {
        complainted_mchid: MCHID,
        response_content: { is: 'text', max: world.pay.settings.complaintAnswerMax, must: true },
        response_images: { is: 'list', of: { is: 'text', max: 512 } },
        jump_url: { is: 'text', max: 512, matches: /^https:\/\// },
        jump_url_text: { is: 'text', max: 10 },
        mini_program_jump_info: MINI_PROGRAM,
      },
    },
    body,
    '',
  );
  const asked = body as {
    complainted_mchid: string;
    response_content: string;
    response_images?: string[];
    jump_url?: string;
    mini_program_jump_info?: object;
  };
  const complaint = ownComplaint(world, id, asked.complainted_mchid);
  if (asked.jump_url || asked.mini_program_jump_info) throw noAuth('此商户号暂不支持发送外部链接');
  const mediaIds = checkImages(world, asked.response_images, '/response_images');
  if (complaint.state === 'PROCESSED' && !world.pay.settings.answersAfterEnd) throw ended();
  if (complaint.state === 'PENDING') complaint.state = 'PROCESSING';
  complaint.isWaiting = false;
  const details = asked.response_content;
  act(world, complaint, { entry: 'MERCHANT_RESPONSE', action: 'MERCHANT_RESPONSE', details, mediaIds });
}

/** WeChat Pay partner documentation 4012467217. */
export function completeComplaint(world: World, id: string, body: unknown): void {
  checkField({ is: 'group', fields: { complainted_mchid: MCHID } }, body, '');
  const complaint = ownComplaint(world, id, (body as { complainted_mchid: string }).complainted_mchid);
  if (complaint.state === 'PROCESSED') {
    if (world.pay.settings.repeatedCompletion === 'accepted') return;
    throw ended();
  }
  Object.assign(complaint, { state: 'PROCESSED', isWaiting: false });
  const what = 'MERCHANT_CONFIRM_COMPLETE';
  act(world, complaint, { entry: what, action: what, details: '商户反馈处理完成' });
}

const DECISION: Field = {
  is: 'group',
  fields: {
    action: { is: 'text', max: 16, must: true, oneOf: ['APPROVE', 'REJECT'] },
    launch_refund_day: { is: 'whole', from: 0, to: 365 },
    reject_reason: { is: 'text', max: 200 },
    reject_media_list: { is: 'list', of: { is: 'text', max: 512 } },
    remark: { is: 'text', max: 200 },
  },
};

/** Of a wish for a refund, decided once and before the money is back (WeChat Pay partner documentation 4012467218, 4016111688). */
export function decideRefund(world: World, id: string, body: unknown): void {
  checkField(DECISION, body, '');
  const asked = body as {
    action: 'APPROVE' | 'REJECT';
    launch_refund_day?: number;
    reject_reason?: string;
    reject_media_list?: string[];
  };
  const complaint = getComplaint(world, id);
  if (complaint.mchid !== world.kit.mchid) throw noAuth('您暂无权限为该投诉单提交商户回复');
  if (asked.action === 'REJECT' && !asked.reject_reason) throw badField('/reject_reason', undefined, '必填字段缺失');
  const mediaIds = checkImages(world, asked.reject_media_list, '/reject_media_list');
  const isBack = complaint.entries.some(({ type }) => type === 'COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE');
  const isOpen = complaint.state !== 'PROCESSED' && complaint.decision === null && !isBack;
  if (complaint.problemType !== 'REFUND' || !isOpen) throw ended();
  complaint.decision = asked.action;
  complaint.isWaiting = false;
  if (asked.action === 'APPROVE') {
    complaint.state = 'PROCESSING';
    const details = `商户同意退款，预计${asked.launch_refund_day ?? 0}个工作日内发起`;
    return act(world, complaint, { entry: 'MERCHANT_APPROVE_REFUND', action: 'MERCHANT_APPROVE_REFUND', details });
  }
  complaint.state = 'PROCESSED';
  // The entry is misspelled in WeChat's own list.
  const details = asked.reject_reason!;
  act(world, complaint, { entry: 'MERCHANT_REFUSE_RERUND', action: 'MERCHANT_REJECT_REFUND', details, mediaIds });
}

const describe = ({ pay }: World, complaint: Complaint) =>
  describeComplaint(complaint, pay.keys.merchantKey, pay.settings.complaintImagesShown);

function getComplaint({ pay }: World, id: string): Complaint {
  const complaint = pay.complaints.get(id);
  // Neither status nor code is confirmed.
  if (!complaint) throw new PayError(404, 'RESOURCE_NOT_EXISTS', '投诉单不存在');
  return complaint;
}

/** Nobody answers for another merchant (partner documentation 4016111688). */
function ownComplaint(world: World, id: string, mchid: string): Complaint {
  const complaint = getComplaint(world, id);
  if (mchid !== complaint.mchid || mchid !== world.kit.mchid) throw noAuth('您暂无权限为该投诉单提交商户回复');
  return complaint;
}

function checkImages({ pay }: World, mediaIds: string[] = [], path: string): string[] {
  if (mediaIds.length > MOST_IMAGES) throw badField(path, undefined, `最多${MOST_IMAGES}张图片`);
  if (mediaIds.some((mediaId) => pay.images.get(mediaId)?.by !== 'merchant'))
    throw badField(path, undefined, '图片不存在，请先调用商户上传反馈图片接口');
  return mediaIds;
}

function dayOf(query: Query, name: string): string {
  const day = query[name];
  const isDay = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
  if (!isDay || new Date(day).toISOString().slice(0, 10) !== day) throw badQuery(name, day, '应为YYYY-MM-DD格式的日期');
  return day;
}

function pageOf(query: Query, { usual, most }: { usual: number; most: number }) {
  return { limit: wholeOf(query, 'limit', usual, 1, most), offset: wholeOf(query, 'offset', 0, 0, 1_000_000) };
}

function wholeOf(query: Query, name: string, usual: number, from: number, to: number): number {
  const text = query[name];
  if (text === undefined) return usual;
  const number = typeof text === 'string' && /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= from && number <= to)) throw badQuery(name, text, `取值范围为[${from},${to}]`);
  return number;
}

/** The count comes with the first page alone. */
const pageFrom = <Row>(
  rows: readonly Row[],
  { limit, offset }: { limit: number; offset: number },
  describeOne: (row: Row) => object,
) => ({
  data: rows.slice(offset, offset + limit).map(describeOne),
  limit,
  offset,
  ...(offset === 0 ? { total_count: rows.length } : {}),
});

const badQuery = (name: string, value: unknown, issue: string) =>
  badField(`/${name}`, value, issue, undefined, 'query');
const noAuth = (message: string) => new PayError(403, 'NO_AUTH', message);
const ended = () => new PayError(400, 'INVALID_REQUEST', '当前单据状态不支持操作，请检查是否重复调用');
