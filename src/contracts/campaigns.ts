import type { PageQuery } from './app.ts';
import type { AudienceBody } from './audiences.ts';
import type { CardView, MessageApp } from './messages.ts';
import type { DeliveryState } from './states.ts';

/** awaiting_release: a second person must look · preparing: people are being written down · sleeping: goes on by itself. */
export const campaignStates = {
  draft: '草稿',
  awaiting_release: '待复核发布',
  preparing: '准备中',
  running: '发送中',
  sleeping: '等待中',
  paused: '已暂停',
  stopped: '已停止',
  done: '已完成',
} as const;
export type CampaignState = keyof typeof campaignStates;

/** Why somebody would not be, or was not, reached. */
export const unreachedWords = {
  no_wechat_identity: '没有微信身份',
  no_unionid: '小程序身份未与服务号打通，且无可用订阅',
  not_following_and_no_consent: '未关注服务号，且无可用订阅次数',
  blocked_before: '近期拒收过消息，且无可用订阅次数',
  template_not_configured: '消息未绑定模板',
  template_blocked: '模板不可用',
  facts_invalid: '个人内容不符合模板要求',
  foreign_team: '属于其他团队的客户',
} as const;
export type UnreachedReason = keyof typeof unreachedWords;

/** Why a message ended as it did. What is not here is WeChat's rarer word, and shown as its code. */
export const deliveryReasons = {
  ...unreachedWords,
  not_following: '用户未关注服务号',
  openid_unknown: '用户的微信身份已失效',
  user_refuses: '用户拒绝接收消息',
  user_blacklisted: '用户已被服务号拉黑',
  user_blocked: '微信限制了该用户',
  consent_used_up: '用户没有剩余的订阅次数',
  field_wrong: '字段内容不符合微信模板',
  content_irregular: '内容不符合微信规范',
  content_too_long: '内容过长',
  word_forbidden: '内容含有违禁词',
  marketing_refused: '被微信判定为营销内容',
  link_wrong: '链接不被微信接受',
  page_unknown: '小程序页面未发布',
  unknown_code: '微信返回了未公开的错误',
  template_unknown: '微信后台没有该模板',
  template_banned: '模板被微信封禁',
  not_authorised: '账号没有该接口的权限',
  rights_lapsed: '服务号没有接口权限（认证过期或被收回）',
  answer_lost: '微信的答复丢失，无法确认是否送达',
  campaign_stopped: '群发任务已停止',
  too_late: '已过截止时间',
} as const;

/** The words of a reason; of a rarer one of WeChat's the code itself. */
export const reasonWords = (reason: string): string => (deliveryReasons as Record<string, string>)[reason] ?? reason;

/** What staff can decide about a message of which nobody knows whether it arrived. */
export const unknownDecisions = { resend: '重新发送', call: '改为致电', leave: '不再处理' } as const;
export type UnknownDecision = keyof typeof unknownDecisions;

/** Whoever a campaign does not reach is called by somebody of these, in turn; without any, by who drafted it. */
export interface CallsBody {
  withinHours: number;
  /** User names. */
  owners: string[];
}

/** POST /staff/campaigns; PATCH takes any part of it. */
export interface CampaignBody {
  name: string;
  message: string;
  /** The service event that it is about, in words. */
  event: string;
  /** Facts that are the same for everybody; `orderNumber` and `serviceName` come from each person's order when left out, others from a list. */
  facts: Record<string, unknown>;
  audience: AudienceBody;
  /** The last way to those who are not reached: a call by staff. Left out or null: nobody is called. */
  calls?: CallsBody | null | undefined;
  /** Instead of the message's own page; within the allowed domains. */
  link?: string | null | undefined;
  /** ISO instant; not before. */
  startAt?: string | null | undefined;
  /** ISO instant; whoever was not reached by then is not written to any more. */
  endAt?: string | null | undefined;
}

export type ChangeCampaignBody = Partial<CampaignBody>;

/** What a campaign would do, tried out without sending anything. */
export interface RehearsalView {
  rehearsedAt: string;
  /** People whom the audience names. */
  people: number;
  /** Orders beyond the newest of each person: one message a person. */
  duplicates: number;
  reachable: { app: MessageApp; people: number }[];
  unreachable: { reason: UnreachedReason; words: string; people: number }[];
  /** The first people whose own facts do not fit, and how many there are. */
  violations: { people: number; first: { customerId: string; orderNumber: string | null; fields: string[] }[] };
  /**
   * Messages that each app may send today, what is used, what this would take, and over how many days.
   * Counted by WeChat, or by us alone when WeChat does not say.
   */
  budget: {
    app: MessageApp;
    limit: number;
    used: number;
    needed: number;
    days: number;
    countedBy: 'wechat' | 'us';
  }[];
  /** Would begin in the quiet hours: goes out after them. */
  waitsUntil: string | null;
  /** The service account will have no right to send it by then: it cannot be released so. `day`: the last one with the right. */
  rightsLapse: { day: string | null; why: string } | null;
  /** A second person must release it. */
  needsSecondPerson: boolean;
  /** Seconds that it takes at the configured rate. */
  seconds: number;
  samples: CardView[];
}

export interface CampaignView {
  id: string;
  name: string;
  message: string;
  title: string;
  event: string;
  facts: Record<string, unknown>;
  audience: AudienceBody;
  calls: CallsBody | null;
  link: string | null;
  state: CampaignState;
  stateWords: string;
  stateReason: string | null;
  startAt: string | null;
  endAt: string | null;
  wakeAt: string | null;
  rehearsal: RehearsalView | null;
  createdBy: string;
  createdAt: string;
  releasedBy: string | null;
  releasedAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
}

/** Counts of a campaign, by how its messages stand. */
export interface CampaignProgressView {
  state: CampaignState;
  stateReason: string | null;
  people: number;
  counts: Record<DeliveryState, number>;
  /** Handed to WeChat, or at an end otherwise. */
  settled: number;
  /** Messages a second since it began; null before. */
  perSecond: number | null;
  secondsLeft: number | null;
}

/** One person of a campaign, or one message by itself. */
export interface DeliveryView {
  id: string;
  message: string;
  customerId: string;
  nickname: string | null;
  state: DeliveryState;
  stateWords: string;
  channel: MessageApp | null;
  /** A code, for example `user_refuses`. */
  reason: string | null;
  /** The same for people; the code itself where it has no words. */
  reasonWords: string | null;
  /** Of an unknown one: what staff decided. */
  decision: UnknownDecision | null;
  createdAt: string;
  sentAt: string | null;
  endedAt: string | null;
}

/** POST /staff/messages/:id/decision */
export interface UnknownDecisionBody {
  decision: UnknownDecision;
}

/** GET /staff/campaigns */
export interface CampaignListQuery extends PageQuery {
  state?: CampaignState | undefined;
}

/** GET /staff/campaigns/:id/deliveries */
export interface DeliveryListQuery extends PageQuery {
  state?: DeliveryState | undefined;
  /** A code, for example `user_refuses`. */
  reason?: string | undefined;
  /** Of unknown ones: whether staff decided. */
  decided?: boolean | undefined;
}

/** GET /staff/messages */
export interface MessageListQuery extends DeliveryListQuery {
  customerId?: string | undefined;
}

/** GET /staff/campaigns/:id/export */
export interface ExportQuery {
  /** xlsx when left out. */
  format?: 'csv' | 'xlsx' | undefined;
  state?: DeliveryState | undefined;
}

/** POST /staff/messages */
export interface StaffMessageBody {
  message: string;
  /** To the customer of an order, or to a customer. */
  to: { orderNumber: string } | { customerId: string };
  /** `orderNumber` and `serviceName` come from the order when left out. */
  facts: Record<string, unknown>;
}
