import { type FactColumn, factColumns, type MessageTemplate } from '../../templates/messages/index.ts';
import type { FieldFault } from '../contracts/errors.ts';

/** What a column of a list tells: who it is, or one fact. */
export type Column = { who: 'order' | 'customer' } | FactColumn;

const WHO = { 订单编号: 'order', orderNumber: 'order', 客户编号: 'customer', customerId: 'customer' } as const;

/** Enough to see what is wrong with a file. */
const MOST_FAULTS = 20;
const LONGEST_TITLE = 40;

/** Titles of a list for a message, as the sample file has them: each person by their order, then what they are told. */
export const titlesFor = (template: MessageTemplate): string[] => [
  '订单编号',
  ...ownColumns(template).map(({ title }) => title),
];

/** The order says its own number. */
const ownColumns = (template: MessageTemplate): FactColumn[] =>
  factColumns(template).filter(({ fact }) => fact !== 'orderNumber');

/**
 * What the titles of a list mean, by the card's words or by the names of facts.
 * @returns the columns, and what is wrong with them, by title
 */
export function readTitles(
  template: MessageTemplate,
  titles: readonly string[],
): { columns: Column[]; faults: FieldFault[] } {
  const known = ownColumns(template);
  const faults: FieldFault[] = [];
  const columns = titles.map((title, at): Column => {
    const who = Object.hasOwn(WHO, title) ? WHO[title as keyof typeof WHO] : null;
    if (who) return { who };
    const column = known.find((each) => each.title === title || each.fact === title);
    if (!column)
      faults.push({
        field: title.slice(0, LONGEST_TITLE) || `第 ${at + 1} 列`,
        message: '该消息没有这项内容，请删除这一列',
      });
    return column ?? { who: 'order' };
  });
  const keys = columns.map((column) => ('who' in column ? 'who' : column.fact));
  const twice = titles.filter((_title, at) => keys.indexOf(keys[at]!) !== at);
  if (faults.length === 0) for (const title of twice) faults.push({ field: title, message: '与前面的列重复' });
  if (!keys.includes('who')) faults.push({ field: '订单编号', message: '缺少“订单编号”或“客户编号”列' });
  return { columns, faults: faults.slice(0, MOST_FAULTS) };
}
