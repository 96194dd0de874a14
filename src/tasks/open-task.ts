import { Task } from '../../entities/task.ts';
import { insertAll } from '../platform/database/index.ts';
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

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
