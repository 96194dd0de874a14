import { z } from 'zod';
import { postingKinds } from '../contracts/ledger.ts';
import {
  booksReports,
  type ReportFileQuery,
  type ReportLinesFileQuery,
  type ReportLinesQuery,
  type ReportLineView,
  type ReportQuery,
  reports,
  type ReportView,
} from '../contracts/reports.ts';
import { after, limit, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';

const day = z.iso.date('日期格式为 YYYY-MM-DD').optional();
const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份格式为 YYYY-MM')
  .optional();
const days = { day, month, from: day, to: day };
const format = z.enum(['csv', 'xlsx']);
const asked = { figure: z.string().max(32), key: z.string().max(64).optional() };

/** A day, or a month, or both ends of a range, and nothing beside it. */
function isOnePeriod(query: ReportQuery): boolean {
  const given = [query.day, query.month, query.from ?? query.to].filter((value) => value !== undefined);
  return given.length === 1 && (query.from === undefined) === (query.to === undefined);
}
const onePeriod = { path: ['from'], message: '请填写日期（day）、月份（month）或起止日期（from、to）中的一种' };

export const byReport = z.object({ name: oneOf(reports) });
export const byBooksReport = z.object({ name: oneOf(booksReports) });
export const reportQuery = queryOf<ReportQuery>()(z.object(days).refine(isOnePeriod, onePeriod));
export const reportFileQuery = queryOf<ReportFileQuery>()(z.object({ ...days, format }).refine(isOnePeriod, onePeriod));
export const linesQuery = queryOf<ReportLinesQuery>()(
  z.object({ ...days, ...asked, after: after.optional(), limit: limit.default(50) }).refine(isOnePeriod, onePeriod),
);
export const linesFileQuery = queryOf<ReportLinesFileQuery>()(
  z.object({ ...days, ...asked, format }).refine(isOnePeriod, onePeriod),
);

const row = z.object({
  cells: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  lines: z.record(z.string(), z.string()),
});
export const reportView = shapeOf<ReportView>()(
  z.object({
    name: oneOf(reports),
    title: z.string(),
    from: z.string(),
    to: z.string(),
    madeAt: z.iso.datetime(),
    columns: z.array(z.object({ code: z.string(), title: z.string(), kind: z.enum(['text', 'day', 'count', 'fen']) })),
    rows: row.array(),
    totals: row,
  }),
);
export const reportLineView = shapeOf<ReportLineView>()(
  z.object({
    id: z.uuid(),
    day: z.string(),
    kind: oneOf(postingKinds).nullable(),
    kindWords: z.string().nullable(),
    reference: z.string().nullable(),
    orderNumber: z.string().nullable(),
    serviceName: z.string().nullable(),
    amountFen: z.int().describe('fen'),
    postings: z.string().nullable(),
  }),
);
