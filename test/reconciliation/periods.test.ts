import { LedgerPosting } from '../../entities/ledger.ts';
import { ReconciliationDay } from '../../entities/reconciliation.ts';
import { ledgerAccounts, type StatementLineView, type TrialBalanceView } from '../../src/contracts/index.ts';
import { post, readEveryLine, readTotals, sumUp } from '../../src/ledger/index.ts';
import { dayAfter, startOfDay } from '../../src/platform/calendar.ts';
import { newId } from '../../src/platform/ids.ts';
import { bookedSum } from '../support/books.ts';
import { FinanceWorld } from './finance-world.ts';

let world: FinanceWorld;
beforeEach(async () => {
  world = await FinanceWorld.start();
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.test.world)).toBe(0);
  await world.stop();
});

const book = (reference: string, happenedAt: Date, amountFen = 100) =>
  world.desk.transaction((work) =>
    post(work, [
      {
        kind: 'adjustment',
        reference,
        orderId: null,
        happenedAt,
        lines: [
          { account: 'unexplained', amountFen },
          { account: 'other_income', amountFen: -amountFen },
        ],
      },
    ]),
  );
const balance = (day: string) => world.maker.data<TrialBalanceView>('GET', `/staff/books/trial-balance?day=${day}`);
const reopen = (day: string, who = world.checker) =>
  who.codeOf('POST', '/staff/periods/reopening', { day, note: '补登凭证' });
const decide = (agree: boolean, who = world.maker) =>
  who.codeOf('POST', '/staff/periods/reopening/decision', { agree });

/** Days that are over and compared, of which the first had a sale. */
async function days(count: number): Promise<string[]> {
  await world.sell();
  const over: string[] = [];
  for (let at = 0; at < count; at += 1) over.push(await world.nextMorning());
  return over;
}

describe('A period', () => {
  it('is closed day by day, in order, and only when nothing is open', async () => {
    const [first, second] = await days(2);
    expect(await world.close(second!)).toBe('period.not_next');
    expect(await world.close(world.today)).toBe('period.not_next');
    expect(await world.close('2026-02-31')).toBe('request.invalid');
    expect(await world.close(first!)).toBe(201);
    expect(await world.close(first!)).toBe('period.not_next');
    await world.desk.transaction((work) => work.db.update(ReconciliationDay, { day: second! }, { state: 'waiting' }));
    expect((await world.periods()).obstacles).toMatchObject([{ code: 'not_matched', count: 1 }]);
    expect(await world.close(second!)).toBe('period.cannot_close');
    await world.compareAgain(second!);
    expect(await world.close(second!)).toBe(201);
    expect(await world.close(world.today)).toBe('period.cannot_close');
  });

  it('is closed as a month, with every day of it that is still open', async () => {
    const over: string[] = [];
    await world.sell();
    const month = world.today.slice(0, 7);
    while (world.today.startsWith(month)) over.push(await world.nextMorning());
    expect(await world.close(month)).toBe(201);
    expect((await world.periods()).closedThrough).toBe(over.at(-1));
  });

  it('that is closed takes nothing more: what is late stands in the books of its own day and names the other', async () => {
    const [day] = await days(1);
    const before = await balance(day!);
    expect(await world.close(day!)).toBe(201);
    await book('late', new Date(startOfDay(day!).getTime() + 3600_000));
    const late = await world.desk.db.findOneByOrFail(LedgerPosting, { reference: 'late' });
    expect(late).toMatchObject({ day: world.today, eventDay: day });
    expect((await balance(day!)).accounts).toEqual(before.accounts);
    expect((await balance(world.today)).accounts.find(({ account }) => account === 'unexplained')).toMatchObject({
      balanceFen: 100,
    });
    expect(await world.maker.codeOf('POST', `/staff/reconciliation/days/${day}/runs`)).toBe('period.closed');
  });

  it('waits for whoever is booking into it', async () => {
    const [day] = await days(1);
    let isBooked = false;
    const booking = world.desk.transaction(async (work) => {
      await post(work, []);
      await post(work, [
        { kind: 'adjustment', reference: 'slow', orderId: null, happenedAt: startOfDay(day!), lines: [] },
      ]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      isBooked = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await world.close(day!)).toBe(201);
    expect(isBooked).toBe(true);
    await booking;
    expect(await world.desk.db.findOneByOrFail(LedgerPosting, { reference: 'slow' })).toMatchObject({ day });
  });

  it('is opened again by two people, with all days after it', async () => {
    const [first, second] = await days(2);
    for (const day of [first, second]) expect(await world.close(day!)).toBe(201);
    expect(await reopen(world.today)).toBe('period.not_closed');
    expect(await decide(true)).toBe('period.reopening_not_asked');
    expect(await reopen(first!)).toBe(201);
    expect(await reopen(second!)).toBe('period.reopening_asked');
    expect(await decide(true, world.checker)).toBe('period.own_reopening');
    expect(await decide(false)).toBe(200);
    expect((await world.periods()).closedThrough).toBe(second);
    expect(await reopen(first!)).toBe(201);
    expect(await decide(true)).toBe(200);
    expect(await world.periods()).toMatchObject({ closedThrough: null, next: first });
    expect(await world.day(second!)).toMatchObject({ state: 'matched' });
    expect((await world.periods()).events.map(({ deed }) => deed)).toEqual([
      'reopen',
      'reopen_asked',
      'reopen_refused',
      'reopen_asked',
      'close',
      'close',
    ]);
    for (const day of [first, second]) expect(await world.close(day!)).toBe(201);
  });

  it('is no matter of who may only read', async () => {
    const [day] = await days(1);
    const machine = world.maker.withToken(null);
    expect(await world.close(day!, machine)).toBe('staff.session_required');
  });
});

describe('Sums of the books', () => {
  it('are those of every line, whenever they were summed up', async () => {
    const day = world.today;
    for (let at = 0; at < 30; at += 1) {
      await book(
        `sum-${at}-${newId()}`,
        new Date(startOfDay(dayAfter(day, -(at % 5))).getTime() + at * 60_000),
        7 + at,
      );
      if (at % 7 === 0) await world.test.advance(20 * 60_000);
      if (at % 3 === 0) await sumUp(world.desk);
      const [read, every] = [await readTotals(world.desk, { to: '9999-12-31' }), await readEveryLine(world.desk)];
      const byAccount = (sums: typeof read) => sums.toSorted((a, b) => (a.account < b.account ? -1 : 1));
      expect(byAccount(read)).toEqual(byAccount(every));
    }
    for (const who of [world.maker, world.checker]) await who.signIn(world.test.clock.now());
    const { debitFen, creditFen } = await balance(day);
    expect(debitFen).toBe(creditFen);
  });

  it('are what a statement ends with, page by page', async () => {
    const day = world.today;
    for (let at = 0; at < 25; at += 1)
      await book(`line-${at}`, startOfDay(dayAfter(day, -(at % 3))), at % 2 === 0 ? 100 + at : -50);
    const of = `account=unexplained&from=${dayAfter(day, -1)}&to=${day}`;
    const lines = await world.maker.pages<StatementLineView>(`/staff/books/statement?${of}&limit=4`);
    const whole = await world.maker.pages<StatementLineView>(`/staff/books/statement?${of}&limit=100`);
    expect(lines).toEqual(whole);
    const closing = (await balance(day)).accounts.find(({ account }) => account === 'unexplained')!;
    expect(whole.at(-1)!.balanceFen).toBe(closing.balanceFen);
    expect(whole.map(({ day: of_ }) => of_)).toEqual(whole.map(({ day: of_ }) => of_).toSorted());
    const file = await world.maker.call('GET', `/staff/books/statement/file?${of}&format=csv`);
    expect(String(file.body).trim().split('\r\n')).toHaveLength(whole.length + 1);
    expect(new Set(whole.map(({ happenedAt }) => Date.parse(happenedAt) % (24 * 3600_000)))).toEqual(
      new Set([16 * 3600_000]),
    );
    for (const account of Object.keys(ledgerAccounts)) {
      const sheet = `/staff/books/statement/file?account=${account}&from=${day}&to=${day}&format=xlsx`;
      expect([account, (await world.maker.call('GET', sheet)).status]).toEqual([account, 200]);
    }
    expect(
      await world.maker.codeOf('GET', `/staff/books/statement?account=unexplained&from=${day}&to=2020-01-01`),
    ).toBe('request.invalid');
  });
});
