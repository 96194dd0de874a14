import { z } from 'zod';
import type { Task } from '../../entities/task.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import type { Transaction } from '../platform/work.ts';
import { exportTasks } from './export.ts';
import { getTask, listTasks, presentTasks, workloads } from './list-tasks.ts';
import { planTask } from './plan-task.ts';
import {
  byId,
  cancelTaskBody,
  changeTaskBody,
  newTaskBody,
  taskExportQuery,
  taskListQuery,
  taskOutcomeBody,
  taskView,
  workloadView,
} from './schema.ts';
import { cancelTask, changeTask, finishTask, reopenTask } from './steer-task.ts';

/** What staff have to do: calls, appointments, follow-ups, and what stands still until somebody looks. */
export const taskRoutes = newRoutes();

async function perform(ctx: Context, deed: (work: Transaction) => Promise<Task>): Promise<void> {
  const { desk } = ctx.state;
  const [view] = await presentTasks(desk, [await desk.transaction(deed)]);
  ctx.body = { data: view };
}

taskRoutes.get(
  '/tasks',
  accept(
    {
      summary: 'Open tasks, the most urgent first, or ended ones; by kind, owner, team, customer, campaign, overdue',
      needs: 'read-tasks',
      query: taskListQuery,
      answers: { status: 200, data: taskView, isPage: true },
      refuses: ['staff.member_not_found'],
    },
    async (ctx, { query }) => {
      const { desk, staff } = ctx.state;
      ctx.body = page(await listTasks(desk, staff, query), query.limit, ({ view }) => view);
    },
  ),
);

taskRoutes.post(
  '/tasks',
  accept(
    {
      summary: 'Plan a call, an appointment or a follow-up; the customer can be told',
      needs: 'work-tasks',
      body: newTaskBody,
      answers: { status: 201, data: taskView },
      refuses: ['customer.not_found', 'order.not_found', 'staff.member_not_found'],
    },
    async (ctx, { body }) => {
      await perform(ctx, (work) => planTask(work, ctx.state.staff, body));
      ctx.status = 201;
    },
  ),
);

taskRoutes.get(
  '/tasks/workload',
  accept(
    {
      summary: 'How many open tasks everybody has, and how many are overdue',
      needs: 'read-tasks',
      answers: { status: 200, data: z.array(workloadView) },
    },
    async (ctx) => {
      ctx.body = { data: await workloads(ctx.state.desk) };
    },
  ),
);

taskRoutes.get(
  '/tasks/export',
  accept(
    {
      summary: 'The task list as a table',
      needs: 'read-tasks',
      query: taskExportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['staff.member_not_found'],
    },
    async (ctx, { query: { format, ...query } }) => {
      const { desk, staff } = ctx.state;
      sendSheet(ctx, format, exportTasks(desk, staff, query));
    },
  ),
);

taskRoutes.get(
  '/tasks/:id',
  accept(
    {
      summary: 'One task',
      needs: 'read-tasks',
      params: byId,
      answers: { status: 200, data: taskView },
      refuses: ['task.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await getTask(ctx.state.desk, params.id) };
    },
  ),
);

taskRoutes.patch(
  '/tasks/:id',
  accept(
    {
      summary: 'Change an open task, or hand it over; a customer who was told of its time is told of the new one',
      needs: 'work-tasks',
      params: byId,
      body: changeTaskBody,
      answers: { status: 200, data: taskView },
      refuses: ['task.not_found', 'task.ended', 'staff.member_not_found'],
    },
    (ctx, { params, body }) => perform(ctx, (work) => changeTask(work, ctx.state.staff, params.id, body)),
  ),
);

taskRoutes.post(
  '/tasks/:id/outcome',
  accept(
    {
      summary: 'Write down how it ended; with `againAt` a new task goes on with it',
      needs: 'work-tasks',
      params: byId,
      body: taskOutcomeBody,
      answers: { status: 200, data: taskView },
      refuses: ['task.not_found', 'task.ended'],
    },
    (ctx, { params, body }) => perform(ctx, (work) => finishTask(work, ctx.state.staff, params.id, body)),
  ),
);

taskRoutes.post(
  '/tasks/:id/cancel',
  accept(
    {
      summary: 'Say why it need not be done',
      needs: 'work-tasks',
      params: byId,
      body: cancelTaskBody,
      answers: { status: 200, data: taskView },
      refuses: ['task.not_found', 'task.ended'],
    },
    (ctx, { params, body }) => perform(ctx, (work) => cancelTask(work, ctx.state.staff, params.id, body.reason)),
  ),
);

taskRoutes.post(
  '/tasks/:id/reopen',
  accept(
    {
      summary: 'Undo an end that was written down by mistake',
      needs: 'work-tasks',
      params: byId,
      answers: { status: 200, data: taskView },
      refuses: ['task.not_found', 'task.illegal_move'],
    },
    (ctx, { params }) => perform(ctx, (work) => reopenTask(work, ctx.state.staff, params.id)),
  ),
);
