import {
  And,
  type FindOperator,
  type FindOptionsWhere,
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  MoreThan,
} from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { Task } from '../../entities/task.ts';
import type { TaskListQuery, TaskView, WorkloadView } from '../contracts/tasks.ts';
import type { StaffActor } from '../platform/actor.ts';
import { AppError } from '../platform/errors.ts';
import { invalid } from '../platform/http/accept.ts';
import type { Work } from '../platform/work.ts';
import { taskNotFound } from './errors.ts';
import { ownerView, presentTask } from './presenter.ts';

type Query = Omit<TaskListQuery, 'limit'> & { limit: number };

/** A task with the mark that its page is read on from. */
export interface ListedTask {
  id: string;
  view: TaskView;
}

/**
 * Open tasks, the most urgent first; ended ones, the latest due first. One row more than the page holds.
 * @throws {AppError} staff.member_not_found
 */
export async function listTasks(work: Work, who: StaffActor, query: Query): Promise<ListedTask[]> {
  const { after, limit, state = 'open' } = query;
  const where = { ...(await wantedBy(work, who, query)), state };
  const isUrgentFirst = state === 'open';
  const found = await work.db.find(Task, {
    where: after ? beyond(where, after, isUrgentFirst ? MoreThan : LessThan) : where,
    order: isUrgentFirst ? { dueAt: 'ASC', id: 'ASC' } : { dueAt: 'DESC', id: 'DESC' },
    take: limit + 1,
  });
  const views = await presentTasks(work, found);
  return found.map(({ id, dueAt }, at) => ({ id: `${dueAt.getTime()}_${id}`, view: views[at]! }));
}

async function wantedBy(work: Work, who: StaffActor, query: Query): Promise<FindOptionsWhere<Task>> {
  const { kind, owner, team, customerId, campaignId, overdue } = query;
  return {
    ...(kind ? { kind } : {}),
    ...(owner ? { ownerId: await ownerOf(work, who, owner) } : {}),
    ...(team ? { teamId: team === 'none' ? IsNull() : team } : {}),
    ...(customerId ? { customerId } : {}),
    ...(campaignId ? { campaignId } : {}),
    ...(overdue ? { dueAt: LessThanOrEqual(work.now()) } : {}),
  };
}

async function ownerOf({ db }: Work, who: StaffActor, owner: string) {
  if (owner === 'none') return IsNull();
  if (owner === 'me') return who.id;
  const member = await db.findOneBy(StaffMember, { username: owner });
  if (!member) throw new AppError(404, 'staff.member_not_found');
  return member.id;
}

/** @throws {AppError} request.invalid */
function beyond(where: FindOptionsWhere<Task>, after: string, past: typeof MoreThan): FindOptionsWhere<Task>[] {
  const [, ms, id] = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(after) ?? [];
  if (!ms || !id) throw invalid([{ field: 'after', message: '翻页标识不正确' }]);
  const dueAt = new Date(Number(ms));
  const later = past(dueAt);
  return [
    { ...where, dueAt, id: past(id) },
    // What is asked to be overdue must be so on every page.
    { ...where, dueAt: where.dueAt ? And(later, where.dueAt as FindOperator<Date>) : later },
  ];
}

/** @throws {AppError} task.not_found */
export async function getTask(work: Work, id: string): Promise<TaskView> {
  const task = await work.db.findOneBy(Task, { id });
  if (!task) throw taskNotFound();
  return (await presentTasks(work, [task]))[0]!;
}

export async function presentTasks(work: Work, tasks: readonly Task[]): Promise<TaskView[]> {
  const known = (ids: (string | null)[]) => In(ids.filter((id) => id !== null));
  const staffIds = tasks.flatMap(({ ownerId, createdBy, endedBy }) => [ownerId, createdBy, endedBy]);
  const members = await work.db.findBy(StaffMember, { id: known(staffIds) });
  const customers = await work.db.findBy(Customer, { id: known(tasks.map(({ customerId }) => customerId)) });
  const staff = new Map(members.map((member) => [member.id, member]));
  const nicknames = new Map(customers.map(({ id, nickname }) => [id, nickname]));
  return tasks.map((task) => presentTask(task, { staff, nicknames, now: work.now() }));
}

/** How many open tasks everybody has, and how many of them are late. */
export async function workloads({ db, now }: Work): Promise<WorkloadView[]> {
  const rows = await db
    .createQueryBuilder(Task, 'task')
    .select('task.ownerId', 'ownerId')
    .addSelect('COUNT(*)', 'open')
    .addSelect('SUM(CASE WHEN task.dueAt <= :now THEN 1 ELSE 0 END)', 'overdue')
    .where("task.state = 'open'")
    .setParameter('now', now())
    .groupBy('task.ownerId')
    .getRawMany<{ ownerId: string | null; open: number | string; overdue: number | string }>();
  const members = await db.findBy(StaffMember, { id: In(rows.flatMap(({ ownerId }) => ownerId ?? [])) });
  const staff = new Map(members.map((member) => [member.id, member]));
  return rows
    .map(({ ownerId, open, overdue }) => ({
      owner: ownerView(staff, ownerId),
      open: Number(open),
      overdue: Number(overdue),
    }))
    .toSorted((one, other) => other.overdue - one.overdue || other.open - one.open);
}
