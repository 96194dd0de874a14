import { Order } from '../../entities/order.ts';
import { ledgerAccounts, type StatementLineView, type StatementQuery } from '../contracts/ledger.ts';
import { shanghaiDay, shanghaiTime } from '../platform/calendar.ts';
import { AppError } from '../platform/errors.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import type { Work } from '../platform/work.ts';
import { postingsOf, readStatement, trialBalance } from './read-books.ts';
import {
  balanceQuery,
  byOrder,
  postingView,
  statementFileQuery,
  statementLineView,
  statementQuery,
  trialBalanceView,
} from './schema.ts';

/** The books, for reading. */
export const booksRoutes = newRoutes();

booksRoutes.get(
  '/books/trial-balance',
  accept(
    {
      summary: 'How every account stands at the end of a Shanghai day',
      needs: 'read-books',
      query: balanceQuery,
      answers: { status: 200, data: trialBalanceView },
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      ctx.body = { data: await trialBalance(desk, query.day ?? shanghaiDay(desk.now())) };
    },
  ),
);

booksRoutes.get(
  '/books/statement',
  accept(
    {
      summary: 'The lines of one account in some days, oldest first, with the balance after each',
      needs: 'read-books',
      query: statementQuery,
      answers: { status: 200, data: statementLineView, isPage: true },
    },
    async (ctx, { query }) => {
      ctx.body = page(await readStatement(ctx.state.desk, query), query.limit, (line) => line);
    },
  ),
);

booksRoutes.get(
  '/books/statement/file',
  accept(
    {
      summary: 'The same, whole, as a file',
      needs: 'read-books',
      query: statementFileQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
    },
    (ctx, { query: { format, ...query } }) => {
      // A sheet's name has at most 31 characters.
      const days = [query.from, query.to].map((day) => day.replaceAll('-', '')).join('-');
      const name = `${ledgerAccounts[query.account]}明细 ${days}`;
      sendSheet(ctx, format, { name, columns: COLUMNS, rows: statementRows(ctx.state.desk, query) });
      return Promise.resolve();
    },
  ),
);

booksRoutes.get(
  '/orders/:number/postings',
  accept(
    {
      summary: 'What the books say of one order, oldest first',
      needs: 'read-books',
      params: byOrder,
      answers: { status: 200, data: postingView.array() },
      refuses: ['order.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const order = await desk.db.findOneBy(Order, params);
      if (!order) throw new AppError(404, 'order.not_found');
      ctx.body = { data: await postingsOf(desk, order.id) };
    },
  ),
);

const COLUMNS = [
  { title: '记账日', width: 12, kind: 'day' },
  { title: '发生时间', width: 20 },
  { title: '摘要', width: 18 },
  { title: '凭证号', width: 36 },
  { title: '订单号', width: 20 },
  { title: '借方（元）', width: 14, kind: 'yuan' },
  { title: '贷方（元）', width: 14, kind: 'yuan' },
  { title: '余额（元）', width: 16, kind: 'yuan' },
] as const;
const ROWS_AT_ONCE = 1000;

async function* statementRows(work: Work, query: Omit<StatementQuery, 'after' | 'limit'>) {
  for (let after: string | undefined; ;) {
    const lines: StatementLineView[] = await readStatement(work, { ...query, after, limit: ROWS_AT_ONCE });
    for (const line of lines.slice(0, ROWS_AT_ONCE)) yield rowOf(line);
    if (lines.length <= ROWS_AT_ONCE) return;
    after = lines[ROWS_AT_ONCE - 1]!.id;
  }
}

const rowOf = ({ day, happenedAt, kindWords, reference, orderNumber, amountFen, balanceFen }: StatementLineView) => [
  day,
  shanghaiTime(happenedAt),
  kindWords,
  reference,
  orderNumber,
  amountFen > 0 ? amountFen / 100 : null,
  amountFen < 0 ? -amountFen / 100 : null,
  balanceFen / 100,
];
