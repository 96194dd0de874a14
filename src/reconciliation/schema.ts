import { z } from 'zod';
import {
  type AttachmentView,
  billKinds,
  type BillListQuery,
  billSources,
  billStates,
  type BillView,
  closeObstacles,
  closings,
  contraAccounts,
  type DayListQuery,
  dayStates,
  type DecideResolutionBody,
  differenceCauses,
  differenceKinds,
  type DifferenceExportQuery,
  type DifferenceListQuery,
  differenceStates,
  differenceSubjects,
  type DifferenceView,
  fetchFailures,
  fetchStates,
  periodDeeds,
  type PeriodView,
  type ProposeResolutionBody,
  type ReconciliationDayView,
  resolutions,
  type RunView,
  type UploadBillQuery,
} from '../contracts/reconciliation.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';

export const day = z.iso.date('日期格式为 YYYY-MM-DD');
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份格式为 YYYY-MM');
const mchid = z.string().regex(/^\d{8,12}$/, '商户号不正确');
const fen = z.int().describe('fen');
const instant = z.iso.datetime();
const paged = { after: after.optional(), limit: limit.default(50) };

export const byId = z.object({ id: z.uuid() });
export const byDay = z.object({ day });
export const periodBody = z.strictObject({ period: z.union([day, month], '请填写日期或月份') });
export const reopenBody = z.strictObject({ day, note: line(100) });
export const reopenDecisionBody = z.strictObject({ agree: z.boolean() });
export const periodQuery = z.object({ month: month.optional() });
export const billListQuery = queryOf<BillListQuery>()(
  z.object({ ...paged, mchid: mchid.optional(), day: day.optional(), kind: oneOf(billKinds).optional() }),
);
export const uploadBillQuery = queryOf<UploadBillQuery>()(z.object({ kind: oneOf(billKinds), day, mchid }));
export const dayListQuery = queryOf<DayListQuery>()(
  z.object({ ...paged, from: day.optional(), to: day.optional(), state: oneOf(dayStates).optional() }),
);
const differenceFilter = {
  day: day.optional(),
  from: day.optional(),
  to: day.optional(),
  state: oneOf(differenceStates).optional(),
  undecided: z.stringbool('请填 true 或 false').optional(),
  kind: oneOf(differenceKinds).optional(),
  cause: oneOf(differenceCauses).optional(),
};
export const differenceListQuery = queryOf<DifferenceListQuery>()(z.object({ ...paged, ...differenceFilter }));
export const differenceExportQuery = queryOf<DifferenceExportQuery>()(
  z.object({ ...differenceFilter, format: z.enum(['csv', 'xlsx']) }),
);
export const proposeBody = shapeOf<ProposeResolutionBody>()(
  z
    .strictObject({
      resolution: oneOf(resolutions),
      account: oneOf(contraAccounts).optional(),
      note: line(100),
      attachmentId: z.uuid().optional(),
    })
    .refine(({ resolution, account }) => (resolution === 'book') === (account !== undefined), {
      path: ['account'],
      message: '记账调整须选择对方科目，其他处理方式不填',
    }),
);
export const decideBody = shapeOf<DecideResolutionBody>()(
  z.strictObject({ agree: z.boolean(), note: line(100).optional() }),
);
export const attachmentQuery = z.object({ name: line(60) });
export const attachmentView = shapeOf<AttachmentView>()(z.object({ id: z.uuid(), name: z.string(), bytes: z.int() }));

const side = z.object({ payments: z.int(), paidFen: fen, refunds: z.int(), refundedFen: fen, feeFen: fen });
const totals = z.object({
  books: side,
  trade: side,
  funds: side,
  booksClosingFen: fen,
  fundsClosingFen: fen.nullable(),
});

export const billView = shapeOf<BillView>()(
  z.object({
    id: z.uuid(),
    kind: oneOf(billKinds),
    kindWords: z.string(),
    mchid: z.string(),
    day: z.string(),
    version: z.int(),
    source: oneOf(billSources),
    sourceWords: z.string(),
    state: oneOf(billStates),
    stateWords: z.string(),
    reason: z.string().nullable(),
    sha1: z.string(),
    bytes: z.int(),
    totals: z.object({
      rows: z.int(),
      payments: z.int(),
      paidFen: fen,
      refunds: z.int(),
      refundedFen: fen,
      feeFen: fen,
      inFen: fen,
      outFen: fen,
      closingFen: fen.nullable(),
    }),
    keptAt: instant,
    keptBy: z.string().nullable(),
  }),
);

export const dayView = shapeOf<ReconciliationDayView>()(
  z.object({
    day: z.string(),
    state: oneOf(dayStates),
    stateWords: z.string(),
    trade: oneOf(fetchStates),
    tradeWords: z.string(),
    fundFlow: oneOf(fetchStates),
    fundFlowWords: z.string(),
    failure: oneOf(fetchFailures).nullable(),
    failureWords: z.string().nullable(),
    nextTryAt: instant.nullable(),
    version: z.int().nullable(),
    matchedAt: instant.nullable(),
    totals: totals.nullable(),
    openDifferences: z.int(),
    differences: z.int(),
  }),
);

export const runView = shapeOf<RunView>()(
  z.object({
    version: z.int(),
    startedAt: instant,
    endedAt: instant,
    startedBy: z.string().nullable(),
    tradeVersion: z.int().nullable(),
    fundFlowVersion: z.int().nullable(),
    totals,
    found: z.int(),
    appeared: z.int(),
    gone: z.int(),
  }),
);

export const differenceView = shapeOf<DifferenceView>()(
  z.object({
    id: z.uuid(),
    day: z.string(),
    kind: oneOf(differenceKinds),
    kindWords: z.string(),
    cause: oneOf(differenceCauses),
    causeWords: z.string(),
    subject: oneOf(differenceSubjects),
    subjectWords: z.string(),
    transactionId: z.string().nullable(),
    number: z.string().nullable(),
    orderNumber: z.string().nullable(),
    booksFen: fen.nullable(),
    tradeFen: fen.nullable(),
    fundsFen: fen.nullable(),
    adjustFen: fen,
    count: z.int(),
    note: z.string().nullable(),
    state: oneOf(differenceStates),
    stateWords: z.string(),
    ageDays: z.int(),
    closing: oneOf(closings).nullable(),
    closingWords: z.string().nullable(),
    resolution: oneOf(resolutions).nullable(),
    resolutionWords: z.string().nullable(),
    account: oneOf(contraAccounts).nullable(),
    proposalNote: z.string().nullable(),
    attachment: z.string().nullable(),
    proposedBy: z.string().nullable(),
    proposedAt: instant.nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    decisionNote: z.string().nullable(),
  }),
);

export const periodView = shapeOf<PeriodView>()(
  z.object({
    closedThrough: z.string().nullable(),
    next: z.string().nullable(),
    obstacles: z.array(z.object({ code: oneOf(closeObstacles), words: z.string(), count: z.int() })),
    events: z.array(
      z.object({
        id: z.uuid(),
        deed: oneOf(periodDeeds),
        deedWords: z.string(),
        period: z.string(),
        by: z.string(),
        at: instant,
        note: z.string().nullable(),
      }),
    ),
  }),
);
