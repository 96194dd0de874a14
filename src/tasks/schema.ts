import { z } from 'zod';
import {
  type CancelTaskBody,
  type ChangeTaskBody,
  type NewTaskBody,
  type TaskExportQuery,
  taskKinds,
  type TaskListQuery,
  type TaskOutcomeBody,
  taskOutcomes,
  taskStates,
  type TaskView,
  type WorkloadView,
} from '../contracts/tasks.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { after, limit, line, lines, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';
import { LONGEST } from './open-task.ts';

const instantIn = z.iso.datetime('时间格式不正确，例如 2026-11-25T08:00:00Z');
const instant = z.iso.datetime();
const username = z.string().min(1).max(32);
const title = line(LONGEST.title);
const note = lines(LONGEST.note);
const place = line(20);

export const byId = z.object({ id: z.uuid() });

const filters = z.object({
  state: oneOf(taskStates).optional(),
  kind: oneOf(taskKinds).optional(),
  owner: username.optional(),
  team: z.union([z.uuid(), z.literal('none')]).optional(),
  customerId: z.uuid().optional(),
  campaignId: z.uuid().optional(),
  overdue: z.stringbool('请填 true 或 false').optional(),
});
export const taskListQuery = queryOf<TaskListQuery>()(
  filters.extend({ after: after.optional(), limit: limit.default(50) }),
);
export const taskExportQuery = queryOf<TaskExportQuery>()(
  filters.extend({ format: oneOf(spreadsheetKinds).default('xlsx') }),
);

export const newTaskBody = shapeOf<NewTaskBody>()(
  z.strictObject({
    kind: z.enum(['call', 'appointment', 'follow_up'], '请选择：call、appointment、follow_up'),
    title,
    note: note.optional(),
    place: place.optional(),
    dueAt: instantIn,
    about: z.union([
      z.strictObject({ orderNumber: z.string().regex(/^TB\d{14}$/, '订单号不正确') }),
      z.strictObject({ customerId: z.uuid() }),
    ]),
    owner: username.nullable().optional(),
    tellCustomer: z.boolean().optional(),
  }),
);
export const changeTaskBody = shapeOf<ChangeTaskBody>()(
  z.strictObject({
    title: title.optional(),
    note: note.nullable().optional(),
    place: place.nullable().optional(),
    dueAt: instantIn.optional(),
    owner: username.nullable().optional(),
  }),
);
export const taskOutcomeBody = shapeOf<TaskOutcomeBody>()(
  z.strictObject({ outcome: oneOf(taskOutcomes), note: note.optional(), againAt: instantIn.optional() }),
);
export const cancelTaskBody = shapeOf<CancelTaskBody>()(z.strictObject({ reason: line(100) }));

const owner = z.object({ username: z.string(), name: z.string() }).nullable();
export const taskView = shapeOf<TaskView>()(
  z.object({
    id: z.uuid(),
    kind: oneOf(taskKinds),
    kindWords: z.string(),
    title: z.string(),
    note: z.string().nullable(),
    place: z.string().nullable(),
    state: oneOf(taskStates),
    stateWords: z.string(),
    owner,
    teamId: z.uuid().nullable(),
    customer: z.object({ id: z.uuid(), nickname: z.string().nullable() }).nullable(),
    orderNumber: z.string().nullable(),
    campaignId: z.uuid().nullable(),
    messageId: z.uuid().nullable(),
    dueAt: instant,
    isOverdue: z.boolean(),
    outcome: oneOf(taskOutcomes).nullable(),
    outcomeWords: z.string().nullable(),
    outcomeNote: z.string().nullable(),
    followsId: z.uuid().nullable(),
    createdBy: z.string().nullable(),
    createdAt: instant,
    endedBy: z.string().nullable(),
    endedAt: instant.nullable(),
  }),
);
export const workloadView = shapeOf<WorkloadView>()(z.object({ owner, open: z.int(), overdue: z.int() }));
