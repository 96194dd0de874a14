import { type FindOptionsWhere, In, LessThanOrEqual, Like } from 'typeorm';
import { Order } from '../../entities/order.ts';
import { Shipment } from '../../entities/shipment.ts';
import { Task } from '../../entities/task.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import type { Desk, Work } from '../platform/work.ts';
import { mendTasks, moveTask, type NewTask, openTasks } from '../tasks/index.ts';
import { findAccount } from './account.ts';

const HOUR_MS = 3600_000;
const ABOUT = 'shipping-late';
/** So many orders stand in the task itself; all of them in the list. */
const NAMED = 8;

/** Deadlines up to here are near: some hours before WeChat's own. */
const lateFrom = ({ now, config }: Work): Date => new Date(now().getTime() + config.SHIPPING_WARN_HOURS * HOUR_MS);

/** Not uploaded while the deadline is near or over, or refused by WeChat. */
export const isLate = (work: Work, { state, deadlineAt }: Shipment): boolean =>
  state === 'failed' || ((state === 'waiting' || state === 'due') && deadlineAt <= lateFrom(work));

/** The same as conditions; none where the account's money waits for no delivery. */
export async function whereLate(work: Work): Promise<FindOptionsWhere<Shipment>[]> {
  if ((await findAccount(work))?.managed === 'no') return [];
  const deadlineAt = LessThanOrEqual(lateFrom(work));
  return [{ state: 'failed' }, { state: 'waiting', deadlineAt }, { state: 'due', deadlineAt }];
}

/** One task for all that is late: its count and its time follow, and it is off the list when nothing is late any more. */
export async function askToShip(desk: Desk): Promise<void> {
  const wanted = await taskOf(desk);
  await desk.transaction(async (work) => {
    if (!wanted) return mendTasks(work, null, ABOUT);
    const open = await work.db.findOneBy(Task, { about: Like(`${ABOUT}:%`), state: 'open' });
    if (open) await moveTask(work, open.about, wanted);
    else await openTasks(work, [wanted]);
  });
}

async function taskOf(work: Work): Promise<NewTask | null> {
  const where = await whereLate(work);
  if (where.length === 0) return null;
  const [late, count] = await work.db.findAndCount(Shipment, { where, order: { deadlineAt: 'ASC' }, take: NAMED });
  const newest = await work.db.findOne(Shipment, { where, order: { id: 'DESC' } });
  if (!newest || !late[0]) return null;
  const orders = await work.db.findBy(Order, { id: In(late.map(({ orderId }) => orderId)) });
  const numbers = orders.map(({ number }) => number).join('、');
  return {
    kind: 'attention',
    about: `${ABOUT}:${shanghaiDay(work.now())}:${newest.id}`,
    title: `${count} 笔小程序款项即将超过发货期限`,
    note: `请开始办理或立即上传发货信息，否则款项会被微信冻结。订单：${numbers}${count > NAMED ? ' 等' : ''}。最新清单见发货记录。`,
    dueAt: late[0].deadlineAt,
  };
}
