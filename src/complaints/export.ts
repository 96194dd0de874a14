import type { ComplaintListQuery, ComplaintRowView } from '../contracts/complaints.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { listComplaints } from './list-complaints.ts';

const AT_ONCE = 500;

/** The list as a table, in its own order. */
export const exportComplaints = (work: Work, query: ComplaintListQuery): Sheet => ({
  name: '消费者投诉',
  columns: [
    { title: '投诉单号', width: 30 },
    { title: '状态', width: 12 },
    { title: '问题类型', width: 14 },
    { title: '问题', width: 30 },
    { title: '投诉内容', width: 60 },
    { title: '订单编号', width: 18 },
    { title: '微信支付单号', width: 32 },
    { title: '订单金额（元）', width: 14 },
    { title: '申请退款（元）', width: 14 },
    { title: '投诉次数', width: 10 },
    { title: '投诉时间', width: 20 },
    { title: '首次回复', width: 20 },
    { title: '处理完成', width: 20 },
    { title: '最晚处理', width: 20 },
    { title: '是否超时', width: 10 },
  ],
  rows: rowsOf(work, query),
});

async function* rowsOf(work: Work, query: ComplaintListQuery) {
  for (let after: string | undefined; ;) {
    const listed = await listComplaints(work, { ...query, after, limit: AT_ONCE });
    for (const view of listed.slice(0, AT_ONCE)) yield cellsOf(view);
    if (listed.length <= AT_ONCE) return;
    after = listed[AT_ONCE - 1]!.id;
  }
}

const cellsOf = (view: ComplaintRowView): string[] => [
  view.complaintId,
  view.stateWords,
  view.problemWords,
  view.title,
  view.content,
  view.orderNumber ?? '',
  view.transactionId ?? '',
  yuan(view.amountFen),
  yuan(view.askedFen),
  String(view.times),
  shanghaiTime(view.complainedAt),
  timeOf(view.answeredAt),
  timeOf(view.completedAt),
  timeOf(view.dueAt),
  view.isOverdue ? '是' : '否',
];

const timeOf = (at: string | null): string => (at === null ? '' : shanghaiTime(at));
const yuan = (fen: number | null): string => (fen === null ? '' : (fen / 100).toFixed(2));
