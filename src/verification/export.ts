import type { AccountListQuery, StaffAccountView } from '../contracts/accounts.ts';
import type { StaffActor } from '../platform/actor.ts';
import { shanghaiDay, shanghaiTime } from '../platform/calendar.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { listAccounts } from './list-accounts.ts';

const AT_ONCE = 500;

/** The board as a table, in the list's own order. */
export const exportAccounts = (work: Work, who: StaffActor, query: AccountListQuery): Sheet => ({
  name: '账号认证状态',
  columns: [
    { title: '账号名称', width: 24 },
    { title: '账号类型', width: 10 },
    { title: '账号标识', width: 20 },
    { title: '主体名称', width: 32 },
    { title: '归属', width: 20 },
    { title: '顾问', width: 12 },
    { title: '认证状态', width: 20 },
    { title: '接口权限', width: 12 },
    { title: '认证标识', width: 10 },
    { title: '有效期至', width: 12 },
    { title: '剩余天数', width: 10 },
    { title: '年审开始', width: 12 },
    { title: '待复核', width: 8 },
    { title: '最近查询', width: 20 },
    { title: '查询说明', width: 40 },
  ],
  rows: rowsOf(work, who, query),
});

async function* rowsOf(work: Work, who: StaffActor, query: AccountListQuery) {
  for (let after: string | undefined; ;) {
    const listed = await listAccounts(work, who, { ...query, after, limit: AT_ONCE });
    for (const { view } of listed.slice(0, AT_ONCE)) yield cellsOf(view);
    if (listed.length <= AT_ONCE) return;
    after = listed[AT_ONCE - 1]!.id;
  }
}

const dayOf = (instant: string | null): string => (instant ? shanghaiDay(new Date(instant)) : '');

const cellsOf = (account: StaffAccountView): (string | number)[] => [
  account.name,
  account.kindWords,
  account.appid ?? '',
  account.subject ?? '',
  account.isOwn ? '本机构' : (account.customer?.nickname ?? '客户'),
  account.consultant?.name ?? '',
  account.stateWords,
  account.rightsWords,
  account.hasTick ? '有' : '无',
  dayOf(account.expiresAt),
  account.daysLeft ?? '',
  dayOf(account.reviewFrom),
  account.waiting,
  account.answeredAt ? shanghaiTime(account.answeredAt) : '',
  account.askFailureWords ?? '',
];
