import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { AuditEntry } from '../../entities/audit-entry.ts';
import { Job } from '../../entities/job.ts';
import { ReconciliationDay } from '../../entities/reconciliation.ts';
import { dayAfter, shanghaiDay } from '../../src/platform/calendar.ts';
import { fetchDueBills } from '../../src/reconciliation/index.ts';
import { npmRun } from '../support/npm-run.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

jest.setTimeout(60_000);

const TRADE = '/v3/bill/tradebill';
const today = shanghaiDay(new Date());
/** Whatever the hour, bills of the day before yesterday are there. */
const [first, second, third, fourth] = [-5, -4, -3, -2].map((days) => dayAfter(today, days)) as [
  string,
  string,
  string,
  string,
];

let folder: string;
let world: TestWorld;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tongban-bills-'));
  writeFileSync(path.join(folder, 'secret-key'), `${'5a'.repeat(32)}\n`);
  world = await startWorld({ environment: { DATA_FOLDER: folder, REDIS_URL: '' } });
});
afterEach(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** On the embedded database with what `npm start` left in the folder; else with a configuration of its own. */
const run = (...words: string[]) => {
  const { DATABASE_URL, SECRET_KEY } = world.config;
  const own: Record<string, string> = DATABASE_URL ? { DATABASE_URL, SECRET_KEY } : {};
  return npmRun({ DATA_FOLDER: folder, ...own }, 'bills', '--', ...words);
};
const range = (from: string, to: string) => ['--from', from, '--to', to];

function serve(): TestWorld {
  world.world.jobs.start();
  return world;
}

describe('npm run bills -- fetch', () => {
  it('has the running server fetch what is missing, shows how far it is, and says of each day what is still missing and why', async () => {
    const { lever } = serve();
    await lever(`/pay/bills/${second}/plant`, { kind: 'extra-payment', amount: 1000 });
    await lever(`/pay/bills/${third}/plant`, { kind: 'extra-payment', amount: 2000 });
    await lever('/faults', { path: TRADE, kind: 'bill-late', times: 4 });
    await lever('/faults', { path: '/v3/bill/fundflowbill', kind: 'html-502', times: 8 });
    const early = await run('fetch', ...range(first, fourth));
    expect(early.code).toBe(1);
    expect(early.said).toContain('4/4 天 · days');
    for (const day of [first, second, third, fourth])
      expect(early.said).toMatch(new RegExp(`✗ ${day} 缺交易账单、资金账单：(微信支付正在生成账单|无法连接微信支付)`));
    expect(early.said).toContain('还缺 4 天的账单');

    const later = await run('fetch', ...range(first, fourth));
    expect(later).toMatchObject({ code: 0, said: expect.stringContaining(`✓ ${first} 至 ${fourth} 的账单已齐`) });
    const days = await world.world.database.reader.find(ReconciliationDay, { order: { day: 'ASC' } });
    expect(days.map(({ day, trade, fundFlow }) => [day, trade, fundFlow])).toEqual([
      [first, 'empty', 'empty'],
      [second, 'kept', 'kept'],
      [third, 'kept', 'kept'],
      [fourth, 'empty', 'empty'],
    ]);
    const trail = await world.world.database.reader.findBy(AuditEntry, { deed: 'bills-asked-for' });
    expect(trail).toHaveLength(8);
    expect(new Set(trail.map(({ actorKind }) => actorKind))).toEqual(new Set(['operator']));

    const asked = (await lever<unknown[]>(`/calls?path=${TRADE}`)).length;
    expect(await run('fetch', ...range(first, fourth))).toMatchObject({ code: 0 });
    expect((await lever<unknown[]>(`/calls?path=${TRADE}`)).length).toBe(asked);

    const listed = await run('list', ...range(first, fourth));
    expect(listed.code).toBe(0);
    expect(listed.said.split('\n')).toContain(`${first}  已对账  交易账单 当日无交易  资金账单 当日无交易`);
    expect(listed.said).toMatch(new RegExp(`${second} .*交易账单 已获取  资金账单 已获取  未处理差异 1`));
  });

  it('leaves no gap between the days that it asked for and those of the books', async () => {
    const { world: inner } = serve();
    expect(await run('fetch', ...range(first, first))).toMatchObject({ code: 0 });
    await fetchDueBills(inner.desk);
    const days = await inner.database.reader.find(ReconciliationDay, { order: { day: 'ASC' } });
    expect(days.slice(0, 4).map(({ day }) => day)).toEqual([first, second, third, fourth]);
  });

  it('says plainly that no server works on the jobs', async () => {
    const left = await run('fetch', ...range(third, fourth), '--patience', '1');
    expect(left.code).toBe(1);
    expect(left.said).toContain('no server works on the jobs');
    expect(left.said).toContain(`✗ ${third} 缺交易账单、资金账单：尚未有服务器处理`);
    expect(await world.world.database.reader.countBy(Job, { kind: 'bills.fetch' })).toBe(2);
  });

  it.each([
    [['2026-02-30', today], '2026-02-30 不是日期'],
    [['yesterday', today], 'yesterday 不是日期'],
    [[fourth, first], '晚于结束日期'],
    [[fourth, dayAfter(today)], '还没有到'],
    [[fourth, today], '次日 10:15 以后'],
    [[dayAfter(fourth, -92), fourth], '一次最多 92 天'],
    [[dayAfter(today, -90), first], `最早 ${dayAfter(today, -89)}`],
  ])('refuses %j in one sentence', async ([from, to], sentence) => {
    const { code, said } = await run('fetch', ...range(from!, to!));
    expect(code).toBe(1);
    expect(said.trim()).toContain(sentence);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it.each([[[]], [['fetch']], [['list', '--from', first]], [['fetch', ...range(first, fourth), '--patience', 'long']]])(
    '%j says how it is used',
    async (words) => {
      expect(await run(...words)).toEqual({ code: 1, said: expect.stringContaining('npm run bills -- fetch --from') });
    },
  );
});
