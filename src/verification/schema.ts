import { z } from 'zod';
import {
  accountKinds,
  accountOrders,
  type AccountContactsBody,
  type AccountExportQuery,
  type AccountListQuery,
  type AccountSummaryView,
  type AccountView,
  apiRights,
  type AuthorisationLinkView,
  askFailures,
  attempts,
  type ChangeAccountBody,
  type EntryDecisionBody,
  type NewAccountBody,
  type NewEntryBody,
  type ProofView,
  setAsideReasons,
  type StaffAccountView,
  verificationEntryStates,
  type VerificationEntryView,
  verificationParts,
  verificationSources,
  verificationStates,
} from '../contracts/accounts.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';

/** A link that was cut or mistyped on its way is answered in words, like one that is over. */
export const byToken = z.object({ token: z.string() });
export const returnQuery = z.object({
  auth_code: z.string().min(1).max(512).optional(),
  expires_in: z.string().optional(),
});
export const byAppid = z.object({ appid: z.string().regex(/^wx[0-9A-Za-z]{16}$/) });
export const byId = z.object({ id: z.uuid() });
export const proofQuery = z.object({ name: line(60) });
export const entryListQuery = z.object({ after: after.optional(), limit: limit.default(50) });

const appid = z.string().regex(/^wx[0-9a-f]{16}$/, '账号标识（AppID）以 wx 开头，共 18 位');
const username = z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, '用户名不正确');

const filters = z.object({
  state: oneOf(verificationStates).optional(),
  kind: oneOf(accountKinds).optional(),
  owner: z.union([z.literal('own'), z.uuid()], '请填 own 或客户编号').optional(),
  consultant: username.optional(),
  within: z.coerce.number().int().min(0).max(1000).optional(),
  search: line(64).optional(),
  waiting: z.stringbool('请填 true 或 false').optional(),
  order: oneOf(accountOrders).optional(),
});
export const accountListQuery = queryOf<AccountListQuery>()(
  filters.extend({ after: after.optional(), limit: limit.default(50) }),
);
export const accountExportQuery = queryOf<AccountExportQuery>()(
  filters.extend({ format: oneOf(spreadsheetKinds).default('xlsx') }),
);

export const newAccountBody = shapeOf<NewAccountBody>()(
  z.strictObject({
    kind: oneOf(accountKinds),
    name: line(30),
    customerId: z.uuid(),
    appid: appid.optional(),
    subject: line(100).optional(),
    consultant: username.optional(),
  }),
);
export const changeAccountBody = shapeOf<ChangeAccountBody>()(
  z.strictObject({ name: line(30).optional(), appid: appid.optional(), consultant: username.nullable().optional() }),
);

export const accountContactsBody = shapeOf<AccountContactsBody>()(
  z.strictObject({ customerIds: z.array(z.uuid()).max(20, '最多 20 位') }),
);

/** Something must be said, and what is said must go together. */
export const newEntryBody = shapeOf<NewEntryBody>()(
  z
    .strictObject({
      happenedAt: z.iso.datetime('时间格式不正确，例如 2026-11-25T08:00:00Z'),
      attempt: oneOf(attempts).optional(),
      isQualified: z.boolean().optional(),
      isNamed: z.boolean().optional(),
      expiryDay: z.iso.date('日期格式不正确，例如 2026-11-25').optional(),
      reason: line(200).optional(),
      subject: line(100).optional(),
      note: line(300),
      proofId: z.uuid('请先上传证明'),
      corrects: z.uuid().optional(),
    })
    .refine(({ attempt, isQualified }) => attempt !== 'passed' || isQualified !== false, {
      path: ['isQualified'],
      message: '申请已通过时，资质认证不能是未通过',
    })
    .refine(({ isQualified, isNamed }) => !(isNamed && isQualified === false), {
      path: ['isNamed'],
      message: '资质认证未通过时，名称认证不能是已通过',
    })
    .refine(({ attempt, isNamed, reason }) => reason === undefined || attempt === 'failed' || isNamed === false, {
      path: ['reason'],
      message: '只有未通过时才填写原因',
    }),
);
export const entryDecisionBody = shapeOf<EntryDecisionBody>()(
  z
    .strictObject({ agree: z.boolean(), note: line(300).optional() })
    .refine(({ agree, note }) => agree || note !== undefined, { path: ['note'], message: '不同意时请说明原因' }),
);

const instant = z.iso.datetime();
const part = oneOf(verificationParts);
const partView = z.object({
  part,
  partWords: z.string(),
  words: z.string(),
  source: oneOf(verificationSources),
  sourceWords: z.string(),
  at: instant,
});

const accountFields = {
  id: z.uuid(),
  kind: oneOf(accountKinds),
  kindWords: z.string(),
  name: z.string(),
  subject: z.string().nullable(),
  state: oneOf(verificationStates),
  stateWords: z.string(),
  rights: oneOf(apiRights),
  rightsWords: z.string(),
  hasTick: z.boolean(),
  expiresAt: instant.nullable(),
  reviewFrom: instant.nullable(),
  daysLeft: z.int().nullable().describe('Shanghai days; negative when it is over'),
  failure: z
    .object({ part: z.enum(['qualification', 'naming']), reason: z.string().nullable(), at: instant })
    .nullable(),
  effects: z.array(z.string()),
  advice: z.string().nullable(),
};
export const accountView = shapeOf<AccountView>()(z.object(accountFields));
export const staffAccountView = shapeOf<StaffAccountView>()(
  z.object({
    ...accountFields,
    appid: z.string().nullable(),
    isOwn: z.boolean(),
    customer: z.object({ id: z.uuid(), nickname: z.string().nullable() }).nullable(),
    contacts: z.array(z.object({ id: z.uuid(), nickname: z.string().nullable() })),
    consultant: z.object({ username: z.string(), name: z.string() }).nullable(),
    parts: z.array(partView),
    contradictions: z.array(z.object({ part, partWords: z.string(), counts: partView, other: partView })),
    answeredAt: instant.nullable(),
    askedAt: instant.nullable(),
    askFailure: oneOf(askFailures).nullable(),
    askFailureWords: z.string().nullable(),
    waiting: z.int(),
    createdAt: instant,
  }),
);
export const entryView = shapeOf<VerificationEntryView>()(
  z.object({
    id: z.uuid(),
    accountId: z.uuid(),
    source: oneOf(verificationSources),
    sourceWords: z.string(),
    event: z.string().nullable(),
    said: z.array(z.object({ part, partWords: z.string(), words: z.string() })),
    changes: z.array(
      z.object({
        part: z.union([part, z.literal('state')]),
        partWords: z.string(),
        before: z.string().nullable(),
        after: z.string(),
      }),
    ),
    reason: z.string().nullable(),
    state: oneOf(verificationEntryStates),
    stateWords: z.string(),
    setAside: oneOf(setAsideReasons).nullable(),
    setAsideWords: z.string().nullable(),
    happenedAt: instant,
    recordedAt: instant,
    note: z.string().nullable(),
    proof: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    corrects: z.uuid().nullable(),
    enteredBy: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    decisionNote: z.string().nullable(),
  }),
);
export const summaryView = shapeOf<AccountSummaryView>()(
  z.object({ state: oneOf(verificationStates), stateWords: z.string(), count: z.int() }),
);
export const authorisationLinkView = shapeOf<AuthorisationLinkView>()(z.object({ url: z.url(), expiresAt: instant }));
export const proofView = shapeOf<ProofView>()(z.object({ id: z.uuid(), name: z.string(), bytes: z.int() }));
