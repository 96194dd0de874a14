import { IsNull, Like } from 'typeorm';
import { Task } from '../../entities/task.ts';
import type { StaffActor } from '../platform/actor.ts';
import { insertAll, locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';

/** Most characters of a task's title and note. */
export const LONGEST = { title: 40, note: 300 } as const;

export type NewTask = Pick<Task, 'kind' | 'about' | 'title' | 'dueAt'> & Partial<Task>;

/** Puts tasks on the list; what one thing has made before is left as it is. Titles and notes are cut to what the list holds. */
export async function openTasks(work: Transaction, wanted: readonly NewTask[]): Promise<void> {
  const rows = wanted.map((one) =>
    Object.assign(new Task(), one, {
      id: newId(),
      title: cut(one.title, LONGEST.title),
      note: one.note ? cut(one.note, LONGEST.note) : null,
      createdAt: work.now(),
    }),
  );
  await insertAll(work.db, Task, rows, { ifNew: true });
}

/** What a task asked for was done elsewhere: if it is still open, it need not be done any more. `who` is null when nobody knows by whom. */
export async function mendTask(work: Transaction, who: Pick<StaffActor, 'id'> | null, about: string): Promise<void> {
  const task = await lockOpen(work, about);
  if (task) await mend(work, who, task);
}

/**
 * The same for all that were made about parts of one thing: `about:…`.
 * @param except of these parts the task stays
 */
export async function mendTasks(
  work: Transaction,
  who: Pick<StaffActor, 'id'> | null,
  about: string,
  except: string | null = null,
): Promise<void> {
  const open = await work.db.find(Task, {
    where: { about: Like(`${about}:%`), state: 'open' },
    ...locked<Task>(work.db),
  });
  for (const task of open) if (task.about !== `${about}:${except}`) await mend(work, who, task);
}

async function mend(work: Transaction, who: Pick<StaffActor, 'id'> | null, task: Task): Promise<void> {
  task.end('done', who?.id ?? null, work.now());
  task.outcome = 'mended';
  await work.db.save(Task, task);
}

/** What is open about a thing (`…:about:…`) and was with one person, or with nobody, goes to another. */
export async function handOverTasks(
  { db }: Transaction,
  { about, from, to }: { about: string; from: string | null; to: string | null },
): Promise<void> {
  await db.update(Task, { about: Like(`%:${about}:%`), state: 'open', ownerId: from ?? IsNull() }, { ownerId: to });
}

/** What a task is for is wanted by another time, and perhaps called otherwise; one that has ended stays as it is, and so do notes, which staff write on. */
export async function moveTask(
  work: Transaction,
  about: string,
  { dueAt, title }: Pick<NewTask, 'dueAt'> & Partial<Pick<NewTask, 'title'>>,
): Promise<void> {
  const task = await lockOpen(work, about);
  if (task) await work.db.save(Task, Object.assign(task, { dueAt, title: cut(title ?? task.title, LONGEST.title) }));
}

const lockOpen = ({ db }: Transaction, about: string): Promise<Task | null> =>
  db.findOne(Task, { where: { about, state: 'open' }, ...locked<Task>(db) });

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
