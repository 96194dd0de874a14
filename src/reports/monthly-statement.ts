import { ledgerAccounts, type LedgerAccount } from '../contracts/ledger.ts';
import type { ReportColumnView } from '../contracts/reports.ts';
import { readTotals } from '../ledger/index.ts';
import { dayBefore } from '../platform/calendar.ts';
import type { Work } from '../platform/work.ts';
import { linkTo } from './links.ts';
import type { Period } from './period.ts';
import { addUp, codesOf, type Table } from './table.ts';

const COLUMNS: readonly ReportColumnView[] = [
  { code: 'account', title: '科目', kind: 'text' },
  { code: 'openingFen', title: '期初余额', kind: 'fen' },
  { code: 'debitFen', title: '借方发生额', kind: 'fen' },
  { code: 'creditFen', title: '贷方发生额', kind: 'fen' },
  { code: 'closingFen', title: '期末余额', kind: 'fen' },
];
const ACCOUNTS = Object.keys(ledgerAccounts) as LedgerAccount[];

/** Every account at the beginning and the end of a period, and what moved it; balances are debit less credit. */
export async function readMonthly(work: Work, period: Period): Promise<Table> {
  const before = await readTotals(work, { to: dayBefore(period.from) });
  const within = await readTotals(work, period);
  const trial = (day: string) => linkTo('/books/trial-balance', { day });
  const balances = { openingFen: trial(dayBefore(period.from)), closingFen: trial(period.to) };
  const rows = ACCOUNTS.map((account) => {
    const opening = before.find((one) => one.account === account) ?? { debitFen: 0, creditFen: 0 };
    const { debitFen, creditFen } = within.find((one) => one.account === account) ?? { debitFen: 0, creditFen: 0 };
    const openingFen = opening.debitFen - opening.creditFen;
    const closingFen = openingFen + debitFen - creditFen;
    const statement = linkTo('/books/statement', { account, ...period });
    return {
      cells: { account: ledgerAccounts[account], openingFen, debitFen, creditFen, closingFen },
      lines: { ...balances, debitFen: statement, creditFen: statement },
    };
  });
  return { columns: COLUMNS, rows, totals: { cells: addUp(rows, codesOf(COLUMNS)), lines: balances } };
}
