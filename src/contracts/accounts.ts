import type { PageQuery } from './app.ts';

/** Kinds of accounts (账号类型). */
export const accountKinds = { service: '服务号', subscription: '订阅号', mini_program: '小程序' } as const;
export type AccountKind = keyof typeof accountKinds;

/** Derived from what is known; the first that fits, in the order of WeChat's table. unknown: nothing was heard of the account yet. */
export const verificationStates = {
  unknown: '尚未获知',
  unverified: '未认证',
  pending: '审核中',
  failed: '认证未通过',
  qualified_no_name: '资质已认证，名称未认证',
  verified: '已认证',
  renewal_due: '待年审',
  expired: '认证已过期',
} as const;
export type VerificationState = keyof typeof verificationStates;

/** What qualification gives, apart from the tick that naming gives. */
export const apiRights = { granted: '有接口权限', none: '无接口权限', unknown: '尚未获知' } as const;
export type ApiRights = keyof typeof apiRights;

/** Who says so. */
export const verificationSources = {
  event: '微信推送',
  query: '微信查询',
  staff: '人工录入',
  clock: '到期推算',
} as const;
export type VerificationSource = keyof typeof verificationSources;

/** The parts that are known each by itself. */
export const verificationParts = {
  qualification: '资质认证',
  naming: '名称认证',
  attempt: '最近一次申请',
  real_name: '实名核验',
  expiry: '有效期至',
  review: '年审开始',
  subject: '主体名称',
  kind: '账号类型',
  name: '账号名称',
} as const;
export type VerificationPart = keyof typeof verificationParts;

/** How the last application for qualification went. */
export const attempts = { pending: '审核中', passed: '已通过', failed: '未通过' } as const;
export type Attempt = keyof typeof attempts;

export const realNames = { passed: '已通过', in_progress: '核验中', failed: '未通过' } as const;
export type RealName = keyof typeof realNames;

/** waiting: what staff entered, until a second person has looked at the proof. */
export const verificationEntryStates = { waiting: '待复核', counted: '已采信', refused: '复核未通过' } as const;
export type VerificationEntryState = keyof typeof verificationEntryStates;

/** Why something that was said does not count. */
export const setAsideReasons = {
  dates_backwards: '有效期早于已知日期',
  over_already: '有效期在通知之前已结束',
  from_the_future: '时间晚于现在',
  nothing_said: '没有可用的内容',
  corrected: '已被更正',
} as const;
export type SetAsideReason = keyof typeof setAsideReasons;

/** Why WeChat cannot be asked about an account. */
export const askFailures = {
  not_available: '微信未向本账号开放查询，以微信推送和人工录入为准',
  not_authorised: '账号未授权，以人工录入为准',
  authorisation_lost: '账号已取消授权，以人工录入为准',
  unreachable: '微信暂时无法查询，稍后会自动重试',
} as const;
export type AskFailure = keyof typeof askFailures;

/** One part, in words for people. */
export interface PartView {
  part: VerificationPart;
  partWords: string;
  words: string;
  source: VerificationSource;
  sourceWords: string;
  /** ISO instant: since when this is known to be so, or was last confirmed. */
  at: string;
}

/** Two sources say different things of one part. */
export interface ContradictionView {
  part: VerificationPart;
  partWords: string;
  counts: PartView;
  other: PartView;
}

/** What of an account everybody may see. */
export interface AccountView {
  id: string;
  kind: AccountKind;
  kindWords: string;
  name: string;
  /** Company or person whose account it is; null while not known. */
  subject: string | null;
  state: VerificationState;
  stateWords: string;
  rights: ApiRights;
  rightsWords: string;
  /** The tick that clients show. */
  hasTick: boolean;
  /** ISO instants; null while not known. */
  expiresAt: string | null;
  reviewFrom: string | null;
  /** Shanghai days until the end; negative when it is over. */
  daysLeft: number | null;
  /** Of the last application, when it failed. */
  failure: { part: 'qualification' | 'naming'; reason: string | null; at: string } | null;
  /** What the state takes away or leaves, in plain words. */
  effects: string[];
  /** What to do next, in plain words; null: nothing. */
  advice: string | null;
}

/** The same for staff. */
export interface StaffAccountView extends AccountView {
  appid: string | null;
  /** One of the agency's own. */
  isOwn: boolean;
  customer: { id: string; nickname: string | null } | null;
  /** Further customers who are told of it. */
  contacts: { id: string; nickname: string | null }[];
  consultant: { username: string; name: string } | null;
  /** Every part with its source. */
  parts: PartView[];
  contradictions: ContradictionView[];
  /** When WeChat last answered, and when it was last asked. */
  answeredAt: string | null;
  askedAt: string | null;
  askFailure: AskFailure | null;
  askFailureWords: string | null;
  /** Entries of staff that wait for a second person. */
  waiting: number;
  createdAt: string;
}

/** One thing that was said of an account; never changed afterwards but for the second person's word. */
export interface VerificationEntryView {
  id: string;
  accountId: string;
  source: VerificationSource;
  sourceWords: string;
  /** WeChat's name of the event; null for the others. */
  event: string | null;
  /** What was said, part by part. */
  said: { part: VerificationPart; partWords: string; words: string }[];
  /** What it changed at that time. */
  changes: { part: VerificationPart | 'state'; partWords: string; before: string | null; after: string }[];
  /** Why something was refused, in WeChat's words. */
  reason: string | null;
  state: VerificationEntryState;
  stateWords: string;
  /** Why it does not count; null: it does. */
  setAside: SetAsideReason | null;
  setAsideWords: string | null;
  happenedAt: string;
  recordedAt: string;
  note: string | null;
  proof: { id: string; name: string } | null;
  /** Id of the entry of staff that was wrong, and does not count any more. */
  corrects: string | null;
  /** Names. */
  enteredBy: string | null;
  decidedBy: string | null;
  decidedAt: string | null;
  decisionNote: string | null;
}

export const accountOrders = { newest: '最新登记', end: '最早到期' } as const;
export type AccountOrder = keyof typeof accountOrders;

/** GET /staff/accounts */
export interface AccountListQuery extends PageQuery {
  state?: VerificationState | undefined;
  kind?: AccountKind | undefined;
  /** `own`, or the id of a customer. */
  owner?: string | undefined;
  /** User name, `me` or `none`. */
  consultant?: string | undefined;
  /** Ends within so many days, or has ended. */
  within?: number | undefined;
  /** Part of the name, of the subject, or the whole appid. */
  search?: string | undefined;
  /** Only those that wait for a second person. */
  waiting?: boolean | undefined;
  /** end: those that end first, and only those of which the end is known. newest when left out. */
  order?: AccountOrder | undefined;
}

/** GET /staff/accounts/export */
export interface AccountExportQuery extends Omit<AccountListQuery, keyof PageQuery> {
  /** xlsx when left out. */
  format?: 'csv' | 'xlsx' | undefined;
}

/** GET /staff/accounts/summary: how many accounts there are in each state. */
export interface AccountSummaryView {
  state: VerificationState;
  stateWords: string;
  count: number;
}

/** POST /staff/accounts: a customer's account, authorised or not. */
export interface NewAccountBody {
  kind: AccountKind;
  name: string;
  customerId: string;
  /** While the account is still to be opened, it has none. */
  appid?: string | undefined;
  subject?: string | undefined;
  /** User name; who enters it when left out. */
  consultant?: string | undefined;
}

/** PATCH /staff/accounts/:id; what is left out stays. */
export interface ChangeAccountBody {
  name?: string | undefined;
  /** Can be given once. */
  appid?: string | undefined;
  /** User name; null: nobody. */
  consultant?: string | null | undefined;
}

/** PUT /staff/accounts/:id/contacts: who is told of it besides the customer whose it is. */
export interface AccountContactsBody {
  customerIds: string[];
}

/** POST /staff/accounts/:id/entries: what a letter, a screenshot or the console says; counts once a second person agrees. */
export interface NewEntryBody {
  /** ISO instant: when it was so. */
  happenedAt: string;
  attempt?: Attempt | undefined;
  isQualified?: boolean | undefined;
  isNamed?: boolean | undefined;
  /** Shanghai day: the last one on which the verification holds. */
  expiryDay?: string | undefined;
  /** Why the application failed, in WeChat's words. */
  reason?: string | undefined;
  subject?: string | undefined;
  note: string;
  /** A screenshot or a letter, kept beforehand. */
  proofId: string;
  /** Id of an entry of staff that was wrong; without anything else that one is taken back. */
  corrects?: string | undefined;
}

/** POST /staff/verification-entries/:id/decision: by somebody else than who entered it. */
export interface EntryDecisionBody {
  agree: boolean;
  /** Needed to refuse. */
  note?: string | undefined;
}

/** POST /app/authorisations, POST /staff/customers/:id/authorisation-links */
export interface AuthorisationLinkView {
  /** A page of ours that leads to WeChat's; whoever manages the account opens it. */
  url: string;
  /** ISO instant. */
  expiresAt: string;
}

/** How an authorisation ended, in words for who comes back from WeChat's page. */
export const authorisationOutcomes = {
  granted: '我们会自动更新账号的认证状态，您可以关闭本页',
  claimed_elsewhere: '该账号已登记在其他客户名下，我们会与您联系核实，在此之前不会改变账号的归属',
  code_used: '授权码已使用或已过期。如账号没有出现在“我的账号”中，请重新打开链接授权',
  cancelled: '您没有完成授权，可以重新打开链接再试',
  link_over: '链接不完整或已过期，请向您的顾问索取新的链接，或在小程序“我的账号”中重新发起',
  unavailable: '微信暂时没有回应。如您已确认授权，账号稍后会自动出现在“我的账号”中',
} as const;
export type AuthorisationOutcome = keyof typeof authorisationOutcomes;

/** POST /staff/verification-proofs */
export interface ProofView {
  id: string;
  name: string;
  bytes: number;
}
