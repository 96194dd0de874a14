import type { Invoice } from '../../entities/invoice.ts';
import type { Transaction } from '../platform/work.ts';
import { openTasks } from '../tasks/index.ts';

const WITHIN_MS = 24 * 3600_000;

/** What the task of issuing an invoice is about. */
export const toIssue = ({ id }: Pick<Invoice, 'id'>): string => `invoice:${id}`;

/** What the task of taking it back is about: one for each time that it became necessary. */
export const toTakeBack = (id: string, since: Date): string => `invoice:${id}:red:${since.getTime()}`;

/** Puts what finance has to do about an invoice on the task list. */
export const askFinance = (
  work: Transaction,
  { customerId }: Pick<Invoice, 'customerId'>,
  task: { about: string; title: string; note: string; orderNumber: string },
): Promise<void> =>
  openTasks(work, [{ kind: 'invoice', customerId, ...task, dueAt: new Date(work.now().getTime() + WITHIN_MS) }]);
