import type { PostingKind } from '../contracts/ledger.ts';
import { postingKinds } from '../contracts/ledger.ts';
import type { BooksReportName, ReportLineView } from '../contracts/reports.ts';
import { invalid } from '../platform/http/accept.ts';
import type { Work } from '../platform/work.ts';
import { amountOf, conditionOf, linesOf } from './books-query.ts';
import { definitions, type Figure } from './books-reports.ts';
import { postingsOf } from './links.ts';
import type { Period } from './period.ts';

/** Which figure, of which row. */
export interface Asked {
  figure: string;
  key?: string | undefined;
}

type Raw = Pick<ReportLineView, 'id' | 'day' | 'orderNumber' | 'serviceName'> & {
  kind?: PostingKind;
  reference?: string;
  amountFen: string;
};

/**
 * What a figure was added up from: lines of the books as they were booked, or the orders that were counted. One row more than
 * the page holds.
 * @throws {AppError} request.invalid for a figure that the report does not have
 */
export async function readLines(
  work: Work,
  name: BooksReportName,
  { figure, key, period, after, limit }: Asked & { period: Period; after?: string | undefined; limit: number },
): Promise<ReportLineView[]> {
  const { by, orders } = definitions[name];
  const isOrders = figure === 'orders' && orders !== null;
  const found = getFigure(name, isOrders ? orders : figure);
  const place = isOrders ? 'posting.orderId' : 'line.id';
  const lines = linesOf(work, by, period, key)
    .andWhere(conditionOf(found))
    .select(place, 'id')
    .addSelect(isOrders ? 'MIN(posting.day)' : 'posting.day', 'day')
    .addSelect(isOrders ? 'MAX(sold.number)' : 'sold.number', 'orderNumber')
    .addSelect(isOrders ? 'MAX(sold.serviceName)' : 'sold.serviceName', 'serviceName')
    .addSelect(isOrders ? `SUM(${amountOf(found)})` : amountOf(found), 'amountFen')
    .orderBy(place, 'ASC')
    .limit(limit + 1);
  if (after) lines.andWhere(`${place} > :after`, { after });
  if (isOrders)
    lines
      .andWhere('posting.orderId IS NOT NULL')
      .groupBy(place)
      .having(`SUM(${amountOf(found)}) <> 0`);
  else lines.addSelect('posting.kind', 'kind').addSelect('posting.reference', 'reference');
  return (await lines.getRawMany<Raw>()).map(present);
}

/** @throws {AppError} request.invalid for a figure that the report does not have */
export function assertFigure(name: BooksReportName, figure: string): void {
  if (figure !== 'orders' || definitions[name].orders === null) getFigure(name, figure);
}

function getFigure(name: BooksReportName, figure: string): Figure {
  const found = definitions[name].figures.find(({ code }) => code === figure);
  if (!found) throw invalid([{ field: 'figure', message: '该报表没有这个项目' }]);
  return found;
}

const present = ({ kind, reference, amountFen, ...raw }: Raw): ReportLineView => ({
  ...raw,
  kind: kind ?? null,
  kindWords: kind ? postingKinds[kind] : null,
  reference: reference ?? null,
  amountFen: Number(amountFen),
  postings: postingsOf(raw.orderNumber),
});
