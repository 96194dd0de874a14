import { readXlsx } from 'hucre/xlsx';
import type { DifferenceView, ReportView } from '../../src/contracts/index.ts';
import { dayAfter, dayBefore } from '../../src/platform/calendar.ts';
import { bookedSum } from '../support/books.ts';
import { buildStaff } from '../support/staff.ts';
import { BOOKS, NAMES, ReportsWorld, TEAM } from './reports-world.ts';

let world: ReportsWorld;
beforeAll(async () => {
  world = await ReportsWorld.start();
}, 120_000);
afterAll(async () => {
  expect(await bookedSum(world.finance.test.world)).toBe(0);
  await world.finance.stop();
});

const { rowOf } = ReportsWorld;
const first = () => world.days[0]!;
const last = () => world.days.at(-1)!;
/** What a period moved on an account, credit less debit. */
const movedOf = async (account: string) =>
  (await world.balance(account, dayBefore(first()))) - (await world.balance(account, last()));

describe('A report adds up to the books', () => {
  it.each(['revenue-by-service', 'revenue-by-channel', 'revenue-by-consultant'] as const)('%s', async (name) => {
    const { totals } = await world.read(name);
    expect(totals.cells.revenueFen).toBe(await movedOf('revenue'));
    expect(totals.cells.revenueFen).toBe(Number(totals.cells.recognisedFen) - Number(totals.cells.takenBackFen));
    expect(totals.cells.takenBackFen).toBeGreaterThan(0);
  });

  it('fees', async () => {
    const { totals } = await world.read('fees');
    expect(totals.cells.feeFen).toBe(-(await movedOf('wechat_pay_fees')));
    expect(totals.cells.feeFen).toBeGreaterThan(0);
  });

  it.each([
    ['owed-to-authorities', 'government_fees_collected', 'passedOnFen'],
    ['deferred-revenue', 'advance_from_customers', 'recognisedFen'],
  ] as const)('%s', async (name, account, outflow) => {
    for (const day of world.days) {
      const { totals, rows } = await world.read(name, `day=${day}`);
      for (const { cells } of [...rows, totals]) {
        const moved = Number(cells.receivedFen) - Number(cells.refundedFen) - Number(cells[outflow]);
        expect(Number(cells.openingFen) + moved).toBe(cells.closingFen);
      }
      expect(totals.cells.closingFen).toBe(0 - (await world.balance(account, day)));
    }
  });

  it('refunds', async () => {
    const { totals } = await world.read('refunds');
    const { acceptedFen, closedFen, refundedFen, ownFen, governmentFen, disputedFen } = totals.cells;
    expect([acceptedFen, closedFen, refundedFen]).toEqual([50_001, 0, 50_001]);
    expect(Number(ownFen) + Number(governmentFen) + Number(disputedFen)).toBe(refundedFen);
    // What was not passed on of the fee went back first.
    expect(governmentFen).toBe(10_000);
  });

  it('monthly-statement', async () => {
    const { rows, totals } = await world.read('monthly-statement');
    expect(totals.cells).toMatchObject({ openingFen: 0, closingFen: 0 });
    expect(totals.cells.debitFen).toBe(totals.cells.creditFen);
    const bank = rows.find(({ cells }) => cells.account === '银行存款')!;
    expect(bank.cells.closingFen).toBe(await world.balance('bank', last()));
    expect(bank.cells.creditFen).toBe(20_000);
  });
});

describe('A report tells apart', () => {
  it('services, ways of payment and teams', async () => {
    const services = await world.read('revenue-by-service');
    expect(services.rows.map(({ cells }) => cells.service)).toEqual(
      expect.arrayContaining([world.orders.fee.order.serviceName, world.orders.licence.order.serviceName]),
    );
    const channels = await world.read('revenue-by-channel');
    // The licence's second instalment was paid by a code, the first was not: it is counted whole to the first.
    expect(channels.rows.map(({ cells }) => cells.channel).toSorted()).toEqual(['小程序支付', '扫码支付'].toSorted());
    const teams = await world.read('revenue-by-consultant');
    expect(rowOf(teams, TEAM).orders).toBe(2);
    expect(rowOf(teams, '未分配团队').revenueFen).toBe(
      rowOf(services, world.orders.plain.order.serviceName).revenueFen,
    );
  });

  it('what is owed of which order', async () => {
    const { rows } = await world.read('owed-to-authorities');
    expect(rows.map(({ cells }) => cells)).toEqual([
      {
        service: world.orders.fee.order.serviceName,
        openingFen: 0,
        receivedFen: 30_000,
        refundedFen: 10_000,
        passedOnFen: 20_000,
        closingFen: 0,
        orders: 0,
      },
    ]);
    const before = await world.read('owed-to-authorities', `day=${world.days[1]}`);
    const [order] = await world.lines(before.rows[0]!.lines.orders!);
    const { number } = world.orders.fee.order;
    expect(order).toMatchObject({ orderNumber: number, amountFen: 10_000, day: first(), kind: null });
    expect(await world.finance.maker.codeOf('GET', order!.postings!)).toBe(200);
  });

  it('days: three totals, differences and their age', async () => {
    const { rows, totals } = await world.read('daily-reconciliation');
    expect(rows.map(({ cells }) => cells.day)).toEqual(world.days.slice(0, 3));
    for (const { cells } of rows.slice(0, 2)) {
      expect(cells.booksPaidFen).toBeGreaterThan(0);
      expect([cells.tradePaidFen, cells.fundsPaidFen]).toEqual([cells.booksPaidFen, cells.booksPaidFen]);
      expect(cells.fundsClosingFen).toBe(cells.booksClosingFen);
      expect(cells.ageDays).toBeNull();
    }
    const { cells, lines } = rows[2]!;
    expect(Number(cells.tradePaidFen) - Number(cells.booksPaidFen)).toBe(12_345);
    expect(cells).toMatchObject({ differences: 1, openDifferences: 1, ageDays: 1 });
    expect(totals.cells).toMatchObject({ differences: 1, openDifferences: 1, ageDays: 1 });
    const found = await world.finance.maker.pages<DifferenceView>(`${lines.openDifferences}&limit=1`);
    expect(found).toMatchObject([{ day: cells.day, tradeFen: 12_345 }]);
    expect(await world.finance.maker.codeOf('GET', lines.tradePaidFen!)).toBe(200);
    expect(await world.finance.maker.codeOf('GET', lines.booksPaidFen!)).toBe(200);
  });

  it('what is not reconciled, by state, kind and cause', async () => {
    const { rows, totals } = await world.read('unreconciled');
    expect(rows.map(({ cells }) => cells)).toEqual([
      {
        what: '对账差异',
        state: '未处理',
        kind: '仅微信有',
        cause: '其他系统使用同一商户号',
        count: 1,
        adjustFen: expect.any(Number) as number,
        oldestDay: world.days[2],
        ageDays: 1,
      },
    ]);
    expect(totals.cells).toMatchObject({ count: 1, ageDays: 1, adjustFen: rows[0]!.cells.adjustFen });
    const found = await world.finance.maker.pages<DifferenceView>(`${rows[0]!.lines.count}&limit=2`);
    expect(found.map(({ adjustFen }) => adjustFen)).toEqual([rows[0]!.cells.adjustFen]);
    expect((await world.read('unreconciled', `day=${first()}`)).rows).toEqual([]);
  });
});

describe('A figure', () => {
  it.each(BOOKS)('of %s is the sum of its lines, page by page', async (name) => {
    const { rows, totals } = await world.read(name);
    expect(rows.length).toBeGreaterThan(0);
    for (const { cells, lines } of [...rows, totals]) {
      for (const [code, address] of Object.entries(lines)) {
        const found = await world.lines(address);
        const sum = found.reduce((total, { amountFen }) => total + amountFen, 0);
        expect([name, code, code === 'orders' ? found.length : sum]).toEqual([name, code, cells[code]]);
      }
    }
  });

  it('that a report does not have has no lines, and no row has those of another', async () => {
    const address = `/staff/reports/revenue-by-service/lines?${world.range}`;
    expect(await world.finance.maker.codeOf('GET', `${address}&figure=closingFen`)).toBe('request.invalid');
    expect(await world.finance.maker.codeOf('GET', `${address}/file`)).toBe('request.invalid');
    expect(await world.lines(`${address}&figure=revenueFen&key=nothing`)).toEqual([]);
    const notOfBooks = `/staff/reports/unreconciled/lines?${world.range}&figure=count`;
    expect(await world.finance.maker.codeOf('GET', notOfBooks)).toBe('request.invalid');
  });
});

/** Balances and ages are of a day; all else can be added up. */
const isAdded = (code: string) => !/opening|closing|orders|age/i.test(code);

it('The reports of every day of a month add up to the month’s', async () => {
  const month = last().slice(0, 7);
  const days: string[] = [];
  for (let day = `${month}-01`; day <= last(); day = dayAfter(day)) days.push(day);
  for (const name of NAMES) {
    const whole = await world.read(name, `month=${month}`);
    expect([whole.from, whole.to]).toEqual([`${month}-01`, last()]);
    const each: ReportView[] = [];
    for (const day of days) each.push(await world.read(name, `day=${day}`));
    const codes = whole.columns.filter(({ kind }) => kind === 'fen' || kind === 'count').map(({ code }) => code);
    for (const code of codes.filter(isAdded)) {
      const sum = each.reduce((total, { totals }) => total + Number(totals.cells[code] ?? 0), 0);
      expect([name, code, sum]).toEqual([name, code, whole.totals.cells[code]]);
    }
    if (codes.includes('openingFen')) {
      expect(each[0]!.totals.cells.openingFen).toBe(whole.totals.cells.openingFen);
      expect(each.at(-1)!.totals.cells.closingFen).toBe(whole.totals.cells.closingFen);
    }
  }
}, 120_000);

describe('A period', () => {
  const codeOf = (query: string) => world.finance.maker.codeOf('GET', `/staff/reports/fees?${query}`);

  it('is one day, one month or one range, at most 366 days, and none of it is to come', async () => {
    for (const query of [`day=${last()}`, `month=${last().slice(0, 7)}`, `from=${dayAfter(last(), -365)}&to=${last()}`])
      expect([query, await codeOf(query)]).toEqual([query, 200]);
    const tomorrow = dayAfter(last());
    for (const query of [
      '',
      `day=${tomorrow}`,
      `day=${last()}&month=${last().slice(0, 7)}`,
      `from=${first()}`,
      `to=${last()}`,
      `from=${last()}&to=${first()}`,
      `from=${first()}&to=${tomorrow}`,
      `from=${dayAfter(last(), -366)}&to=${last()}`,
      `month=${dayAfter(last(), 40).slice(0, 7)}`,
      'month=2026-13',
      'day=2026-02-30',
    ])
      expect([query, await codeOf(query)]).toEqual([query, 'request.invalid']);
    const refused = await world.finance.maker.call('GET', `/staff/reports/fees?from=${last()}&to=${first()}`);
    expect(refused.body.error!.detail).toEqual({ fields: [{ field: 'to', message: '结束日期不能早于开始日期' }] });
  });

  it('is read by finance and auditors, and by nobody else', async () => {
    const address = `/staff/reports/fees?day=${last()}`;
    const consultant = await buildStaff(world.finance.test, ['consultant']);
    for (const of of [
      address,
      address.replace('?', '/file?format=csv&'),
      address.replace('?', '/lines?figure=feeFen&'),
    ])
      expect(await consultant.codeOf('GET', of)).toBe('staff.not_allowed');
    const auditor = await buildStaff(world.finance.test, ['auditor']);
    expect(await auditor.codeOf('GET', address)).toBe(200);
    expect(await auditor.codeOf('GET', address.replace('fees', 'profits'))).toBe('request.invalid');
  });
});

describe('A file', () => {
  const get = (address: string) =>
    fetch(`${world.finance.test.origin}${address}`, {
      headers: { authorization: `Bearer ${world.finance.maker.token}` },
    });
  const xlsxOf = async (address: string) => {
    const answer = await get(address);
    const book = await readXlsx(new Uint8Array(await answer.arrayBuffer()), { readStyles: true });
    return book.sheets[0]!;
  };

  it.each(NAMES)('of %s has what the report has, as xlsx and csv', async (name) => {
    const report = await world.read(name);
    const { rows } = await xlsxOf(`/staff/reports/${name}/file?${world.range}&format=xlsx`);
    expect(rows[0]![0]).toContain(report.title);
    expect(rows).toHaveLength(report.rows.length + 3);
    expect(rows.at(-1)![0]).toBe('合计');
    const text = await (await get(`/staff/reports/${name}/file?${world.range}&format=csv`)).text();
    expect(text.trimEnd().split('\r\n')).toHaveLength(report.rows.length + 3);
  });

  it('has a heading, days as days, yuan as numbers with two decimals, and its totals', async () => {
    const address = `/staff/reports/fees/file?${world.range}&format=xlsx`;
    const { name, rows, cells, freezePane } = await xlsxOf(address);
    expect(name).toBe(`微信支付手续费 ${[first(), last()].map((day) => day.replaceAll('-', '')).join('-')}`);
    const agency = world.finance.test.config.OFFICIAL_ACCOUNT_NAME;
    expect(rows[0]![0]).toMatch(new RegExp(`^${agency}　微信支付手续费　${first()} 至 ${last()}　生成于 \\d{4}-`));
    expect(rows[1]).toEqual(['日期', '手续费（元）', '退回与冲减（元）', '手续费净额（元）']);
    expect(rows[2]![0]).toEqual(new Date(`${first()}T00:00:00Z`));
    const { totals } = await world.read('fees');
    expect(rows.at(-1)).toEqual([
      '合计',
      ...['chargedFen', 'returnedFen', 'feeFen'].map((code) => Number(totals.cells[code]) / 100),
    ]);
    expect(freezePane).toMatchObject({ rows: 2 });
    expect(cells!.get('2,1')!.style!.numFmt).toBe('#,##0.00');
  });

  it('as csv begins with the mark, takes no text for a formula, and leaves negative amounts alone', async () => {
    const answer = await get(`/staff/reports/revenue-by-consultant/file?${world.range}&format=csv`);
    const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');
    expect(text).toMatch(/^\uFEFF/);
    expect(text).toContain(`\r\n'${TEAM},`);
    const statement = await get(`/staff/reports/monthly-statement/file?${world.range}&format=csv`);
    expect(await statement.text()).toMatch(/\r\n银行存款,0\.00,0\.00,200\.00,-200\.00\r\n/);
  });

  it('of lines ends with the figure', async () => {
    const { totals } = await world.read('revenue-by-channel');
    const address = totals.lines.revenueFen!.replace('/lines?', '/lines/file?');
    const { rows } = await xlsxOf(`${address}&format=xlsx`);
    expect(rows.at(-1)!.at(-1)).toBe(Number(totals.cells.revenueFen) / 100);
    expect(rows).toHaveLength((await world.lines(totals.lines.revenueFen!)).length + 3);
    const orders = await xlsxOf(`${totals.lines.orders!.replace('/lines?', '/lines/file?')}&format=xlsx`);
    expect(orders.rows).toHaveLength(Number(totals.cells.orders) + 3);
  });
});
