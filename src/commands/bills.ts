import { parseArgs } from 'node:util';
import process from 'node:process';
import type { ReconciliationDayView } from '../contracts/reconciliation.ts';
import { fetchDays, showDays } from '../reconciliation/index.ts';
import { type Days, fetchableDays, listableDays } from './bill-days.ts';
import { type Command, runCommand } from './command.ts';
import { showProgress } from './progress.ts';
import { watchFetching } from './watch-fetching.ts';

const USAGE = `npm run bills -- fetch --from YYYY-MM-DD --to YYYY-MM-DD [--patience SECONDS]   what is missing of these days, by the running server
npm run bills -- list --from YYYY-MM-DD --to YYYY-MM-DD    how the bills of these days stand`;

/** So long nothing may move before nobody is waited for. */
const PATIENCE_SECONDS = 60;

/** Bills of past days, from a shell on the machine; the server fetches them, this only asks and watches. */
await runCommand(USAGE, async (command, words) => {
  const asked = read(words);
  if (!asked) return false;
  const { deed, from, to, patience } = asked;
  const now = new Date();
  if (deed === 'list') await list(command, listableDays({ from, to }, now));
  else await fetchBills(command, fetchableDays({ from, to }, now), patience);
  return true;
});

/** @returns null when it is not understood */
function read(words: string[]): (Days & { deed: 'fetch' | 'list'; patience: number }) | null {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args: words,
      options: { from: text, to: text, patience: text },
      allowPositionals: true,
    });
    const [deed, ...more] = positionals;
    const patience = Number(values.patience ?? PATIENCE_SECONDS);
    if ((deed !== 'fetch' && deed !== 'list') || more.length > 0 || !values.from || !values.to) return null;
    if (!(patience > 0) || (deed === 'list' && values.patience)) return null;
    return { deed, from: values.from, to: values.to, patience };
  } catch {
    return null;
  }
}

async function list({ database }: Command, days: Days): Promise<void> {
  const views = await showDays({ db: database.reader }, days);
  for (const view of views) say(lineOf(view));
  say(`${views.length} 天有记录 · days are known`);
}

async function fetchBills(command: Command, days: Days, patience: number): Promise<void> {
  const asked = await command.deed((work) => fetchDays(work, days));
  const end = await watchFetching(command.database.reader, asked, {
    patienceMs: patience * 1000,
    show: showProgress(asked.length),
  });
  const missing = (await showDays({ db: command.database.reader }, days)).filter(isMissing);
  for (const view of missing) say(`✗ ${sentenceOf(view, end.left)}`);
  if (end.is === 'nobody')
    say(
      `${patience} 秒内没有任何进展：没有服务器在处理任务，请确认服务器（或 worker）正在运行 · nothing moved for ${patience} s: no server works on the jobs`,
    );
  if (end.is === 'failing')
    say(
      '服务器处理失败，会自动重试；原因见服务器日志 · the server tried and failed; it will try again, its log says why',
    );
  if (missing.length > 0) {
    say(`还缺 ${missing.length} 天的账单 · bills of ${missing.length} days are missing`);
    process.exitCode = 1;
  } else {
    say(`✓ ${days.from} 至 ${days.to} 的账单已齐 · all bills are here`);
  }
}

function isMissing({ trade, fundFlow }: ReconciliationDayView): boolean {
  return trade === 'wanted' || fundFlow === 'wanted';
}

function sentenceOf(view: ReconciliationDayView, left: readonly string[]): string {
  const { day, trade, fundFlow, failureWords } = view;
  const bills = [trade === 'wanted' ? '交易账单' : '', fundFlow === 'wanted' ? '资金账单' : ''].filter(Boolean);
  const why = left.includes(day) ? '尚未有服务器处理' : (failureWords ?? '原因不明');
  return `${day} 缺${bills.join('、')}：${why}`;
}

function lineOf(view: ReconciliationDayView): string {
  const { day, stateWords, tradeWords, fundFlowWords, failureWords, openDifferences } = view;
  const words = [day, stateWords, `交易账单 ${tradeWords}`, `资金账单 ${fundFlowWords}`];
  if (failureWords) words.push(failureWords);
  if (openDifferences > 0) words.push(`未处理差异 ${openDifferences}`);
  return words.join('  ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
