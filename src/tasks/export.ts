import type { TaskListQuery, TaskView } from '../contracts/tasks.ts';
import type { StaffActor } from '../platform/actor.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { listTasks } from './list-tasks.ts';

const AT_ONCE = 500;

/** The task list as a table, in the list's own order. */
export const exportTasks = (work: Work, who: StaffActor, query: TaskListQuery): Sheet => ({
  name: '任务',
  columns: [
    { title: '类型', width: 12 },
    { title: '任务', width: 40 },
    { title: '状态', width: 10 },
    { title: '时间', width: 20 },
    { title: '负责人', width: 14 },
    { title: '客户', width: 20 },
    { title: '订单编号', width: 18 },
    { title: '结果', width: 16 },
    { title: '结果说明', width: 40 },
    { title: '结束时间', width: 20 },
    { title: '任务编号', width: 38 },
  ],
  rows: rowsOf(work, who, query),
});

async function* rowsOf(work: Work, who: StaffActor, query: TaskListQuery) {
  for (let after: string | undefined; ;) {
    const listed = await listTasks(work, who, { ...query, after, limit: AT_ONCE });
    for (const { view } of listed.slice(0, AT_ONCE)) yield cellsOf(view);
    if (listed.length <= AT_ONCE) return;
    after = listed[AT_ONCE - 1]!.id;
  }
}

const cellsOf = (task: TaskView): string[] => [
  task.kindWords,
  task.title,
  task.stateWords,
  shanghaiTime(task.dueAt),
  task.owner?.name ?? '',
  task.customer?.nickname ?? '',
  task.orderNumber ?? '',
  task.outcomeWords ?? '',
  task.outcomeNote ?? '',
  task.endedAt ? shanghaiTime(task.endedAt) : '',
  task.id,
];
