import { z } from 'zod';
import {
  ledgerAccounts,
  postingKinds,
  type PostingView,
  type StatementFileQuery,
  type StatementLineView,
  type StatementQuery,
  type TrialBalanceView,
} from '../contracts/ledger.ts';
import { after, limit, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';

const day = z.iso.date('日期格式为 YYYY-MM-DD');
const fen = z.int().describe('fen');

export const byOrder = z.object({ number: z.string().regex(/^TB\d{14}$/, '订单号不正确') });
export const balanceQuery = z.object({ day: day.optional().describe('Shanghai day; today when left out') });
export const statementQuery = queryOf<StatementQuery>()(
  z
    .object({ account: oneOf(ledgerAccounts), from: day, to: day, after: after.optional(), limit: limit.default(50) })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: '结束日期不能早于开始日期' }),
);
export const statementFileQuery = queryOf<StatementFileQuery>()(
  z
    .object({ account: oneOf(ledgerAccounts), from: day, to: day, format: z.enum(['csv', 'xlsx']) })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: '结束日期不能早于开始日期' }),
);

const account = { account: oneOf(ledgerAccounts), accountWords: z.string() };

export const trialBalanceView = shapeOf<TrialBalanceView>()(
  z.object({
    day: z.string(),
    accounts: z.array(z.object({ ...account, debitFen: fen, creditFen: fen, balanceFen: fen })),
    debitFen: fen,
    creditFen: fen,
  }),
);

const posting = {
  id: z.uuid(),
  day: z.string(),
  eventDay: z.string(),
  happenedAt: z.iso.datetime(),
  kind: oneOf(postingKinds),
  kindWords: z.string(),
  reference: z.string(),
};

export const statementLineView = shapeOf<StatementLineView>()(
  z.object({ ...posting, orderNumber: z.string().nullable(), amountFen: fen, balanceFen: fen }),
);
export const postingView = shapeOf<PostingView>()(
  z.object({ ...posting, postedAt: z.iso.datetime(), lines: z.array(z.object({ ...account, amountFen: fen })) }),
);
