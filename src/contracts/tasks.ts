import type { PageQuery } from './app.ts';

/** attention: something stands still until staff mend it · invoice: finance issues one, or takes one back · complaint: a payer complained at WeChat Pay, which sets the time. */
export const taskKinds = {
  call: '电话联系',
  appointment: '预约',
  follow_up: '回访',
  attention: '系统提醒',
  invoice: '发票',
  complaint: '消费者投诉',
} as const;
export type TaskKind = keyof typeof taskKinds;

export const taskStates = { open: '待处理', done: '已完成', cancelled: '已取消' } as const;
export type TaskState = keyof typeof taskStates;

/** How a task ended. */
export const taskOutcomes = {
  reached: '已联系上',
  no_answer: '无人接听',
  wrong_number: '号码有误',
  refuses_calls: '客户拒绝来电',
  kept: '如期进行',
  missed: '客户未到',
  satisfied: '客户满意',
  complaint: '客户投诉',
  further_need: '客户有新需求',
  mended: '已处理',
  not_mendable: '无法处理',
} as const;
export type TaskOutcome = keyof typeof taskOutcomes;

/** The outcomes that each kind can have. */
export const outcomesOf: Record<TaskKind, readonly TaskOutcome[]> = {
  call: ['reached', 'no_answer', 'wrong_number', 'refuses_calls'],
  appointment: ['kept', 'missed'],
  follow_up: ['satisfied', 'complaint', 'further_need', 'no_answer', 'wrong_number', 'refuses_calls'],
  attention: ['mended', 'not_mendable'],
  invoice: ['mended', 'not_mendable'],
  complaint: ['mended', 'not_mendable'],
};

export interface TaskView {
  id: string;
  kind: TaskKind;
  kindWords: string;
  title: string;
  note: string | null;
  /** Where an appointment is kept. */
  place: string | null;
  state: TaskState;
  stateWords: string;
  owner: { username: string; name: string } | null;
  teamId: string | null;
  customer: { id: string; nickname: string | null } | null;
  orderNumber: string | null;
  campaignId: string | null;
  /** The message that it stands in for. */
  messageId: string | null;
  /** ISO instant; of an appointment: when it is. */
  dueAt: string;
  isOverdue: boolean;
  outcome: TaskOutcome | null;
  outcomeWords: string | null;
  outcomeNote: string | null;
  /** The task that this one goes on with. */
  followsId: string | null;
  /** Name; null: the system. */
  createdBy: string | null;
  createdAt: string;
  endedBy: string | null;
  endedAt: string | null;
}

/** GET /staff/tasks */
export interface TaskListQuery extends PageQuery {
  state?: TaskState | undefined;
  kind?: TaskKind | undefined;
  /** User name, or `none`, or `me`. */
  owner?: string | undefined;
  team?: string | undefined;
  customerId?: string | undefined;
  campaignId?: string | undefined;
  /** Only open ones that should have been done. */
  overdue?: boolean | undefined;
}

/** GET /staff/tasks/export: the list, all of it. */
export interface TaskExportQuery extends Omit<TaskListQuery, keyof PageQuery> {
  /** xlsx when left out. */
  format?: 'csv' | 'xlsx' | undefined;
}

/** POST /staff/tasks */
export interface NewTaskBody {
  kind: 'call' | 'appointment' | 'follow_up';
  title: string;
  note?: string | undefined;
  place?: string | undefined;
  /** ISO instant, not past. */
  dueAt: string;
  /** A customer, or an order of theirs. */
  about: { orderNumber: string } | { customerId: string };
  /** User name; null: whoever of the team takes it; left out: oneself. */
  owner?: string | null | undefined;
  /** Tells the customer of an appointment, or of a follow-up about an order. */
  tellCustomer?: boolean | undefined;
}

/** PATCH /staff/tasks/:id; what is left out stays. */
export interface ChangeTaskBody {
  title?: string | undefined;
  note?: string | null | undefined;
  place?: string | null | undefined;
  dueAt?: string | undefined;
  owner?: string | null | undefined;
}

/** POST /staff/tasks/:id/outcome */
export interface TaskOutcomeBody {
  outcome: TaskOutcome;
  note?: string | undefined;
  /** ISO instant: once more then, as a new task. */
  againAt?: string | undefined;
}

/** POST /staff/tasks/:id/cancel */
export interface CancelTaskBody {
  reason: string;
}

/** One row of GET /staff/tasks/workload */
export interface WorkloadView {
  /** null: nobody's yet. */
  owner: { username: string; name: string } | null;
  open: number;
  overdue: number;
}
