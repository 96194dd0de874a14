import { Task } from '../../entities/task.ts';
import { type ChangeTaskBody, outcomesOf, type TaskOutcomeBody } from '../contracts/tasks.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';
import { taskEnded, taskNotFound } from './errors.ts';
import { findOwner, futureInstant, subjectOf, toldOf } from './plan-task.ts';
import { canWorkOn } from './policy.ts';
import { tellCustomer } from './tell-customer.ts';

/**
 * Changes an open task; a customer who was told of its time is told of the new one.
 * @throws {AppError} task.not_found, task.ended, staff.not_allowed, staff.member_not_found, request.invalid
 */
export async function changeTask(work: Transaction, who: StaffActor, id: string, news: ChangeTaskBody): Promise<Task> {
  const task = await lockOpen(work, who, id);
  const before = { ...toldOf(task), note: task.note };
  if (news.title !== undefined) task.title = news.title;
  if (news.note !== undefined) task.note = news.note || null;
  if (news.place !== undefined) task.place = news.place;
  if (news.owner !== undefined) task.ownerId = await findOwner(work, who, news.owner);
  const isMoved = news.dueAt !== undefined && new Date(news.dueAt).getTime() !== task.dueAt.getTime();
  if (isMoved) task.dueAt = futureInstant(work, news.dueAt!);
  if (isMoved && task.toldAt) await tellCustomer(work, task);
  const after = { ...toldOf(task), note: task.note };
  if (JSON.stringify(after) === JSON.stringify(before)) return unchanged(work, task);
  await work.db.save(Task, task);
  work.audit({ deed: 'task-changed', subject: subjectOf(task), before, after });
  return task;
}

/**
 * Writes down how a task ended; where it has to be done again, a new one goes on with it.
 * @throws {AppError} task.not_found, task.ended, staff.not_allowed, request.invalid
 */
export async function finishTask(
  work: Transaction,
  who: StaffActor,
  id: string,
  { outcome, note, againAt }: TaskOutcomeBody,
): Promise<Task> {
  const task = await lockOpen(work, who, id);
  if (!outcomesOf[task.kind].includes(outcome)) throw invalid([{ field: 'outcome', message: '该任务没有这种结果' }]);
  task.end('done', who.id, work.now());
  Object.assign(task, { outcome, outcomeNote: note || null });
  await work.db.save(Task, task);
  if (againAt) await goOn(work, who, task, againAt);
  work.audit({ deed: 'task-finished', subject: subjectOf(task), after: { outcome, againAt: againAt ?? null } });
  return task;
}

async function goOn(work: Transaction, who: StaffActor, done: Task, againAt: string): Promise<void> {
  const id = newId();
  const next = Object.assign(new Task(), done, {
    id,
    about: `task:${id}`,
    dueAt: futureInstant(work, againAt, 'againAt'),
    followsId: done.id,
    createdBy: who.id,
    createdAt: work.now(),
  });
  next.reopen();
  if (done.toldAt) await tellCustomer(work, next);
  await work.db.insert(Task, next);
}

/** @throws {AppError} task.not_found, task.ended, staff.not_allowed */
export async function cancelTask(work: Transaction, who: StaffActor, id: string, reason: string): Promise<Task> {
  const task = await lockOpen(work, who, id);
  task.end('cancelled', who.id, work.now());
  task.outcomeNote = reason;
  await work.db.save(Task, task);
  work.audit({ deed: 'task-cancelled', subject: subjectOf(task), after: { reason } });
  return task;
}

/**
 * Undoes an end that was written down by mistake.
 * @throws {AppError} task.not_found, task.illegal_move, staff.not_allowed
 */
export async function reopenTask(work: Transaction, who: StaffActor, id: string): Promise<Task> {
  const task = await lockTask(work, who, id);
  const before = { state: task.state, outcome: task.outcome };
  task.reopen();
  await work.db.save(Task, task);
  work.audit({ deed: 'task-reopened', subject: subjectOf(task), before });
  return task;
}

function unchanged(work: Transaction, task: Task): Task {
  work.unchanged();
  return task;
}

async function lockOpen(work: Transaction, who: StaffActor, id: string): Promise<Task> {
  const task = await lockTask(work, who, id);
  if (task.state !== 'open') throw taskEnded();
  return task;
}

async function lockTask({ db }: Transaction, who: StaffActor, id: string): Promise<Task> {
  const task = await db.findOne(Task, { where: { id }, ...locked<Task>(db) });
  if (!task) throw taskNotFound();
  if (!canWorkOn(who, task)) throw notAllowed();
  return task;
}
