import { Job } from '../../entities/job.ts';
import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import { KeptFilePiece } from '../../entities/kept-file.ts';
import { Payment } from '../../entities/payment.ts';
import { Bill, ReconciliationDay } from '../../entities/reconciliation.ts';
import { Refund } from '../../entities/refund.ts';
import { ScheduleSlot } from '../../entities/schedule-slot.ts';
import type { EntityManager } from 'typeorm';
import { startOfDay } from '../../src/platform/calendar.ts';
import { newId, newRefundNumber } from '../../src/platform/ids.ts';
import { takeTurn } from '../../src/platform/jobs/index.ts';
import { billRules } from '../../src/selfcheck/bill-rules.ts';
import { moneyRules } from '../../src/selfcheck/money-rules.ts';
import { operationRules } from '../../src/selfcheck/operation-rules.ts';
import type { Rule } from '../../src/selfcheck/rule.ts';
import { FinanceWorld, type Sale } from '../reconciliation/finance-world.ts';
import { find, siteOf, withConfig } from './site.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

let finance: FinanceWorld;
let sale: Sale;
let refundNumber: string;
/** The day of them, whose bills are here. */
let day: string;
beforeAll(async () => {
  finance = await FinanceWorld.start();
  sale = await finance.sell();
  refundNumber = await finance.refund(sale, 100);
  day = await finance.nextMorning();
  // So that the newest bills are no reason to be patient.
  await finance.test.advance(2 * HOUR_MS);
});
afterAll(() => finance.stop());

const rules = (): Rule[] => {
  const site = siteOf(finance.test);
  return [...moneyRules(site), ...billRules(site), ...operationRules(site)];
};
const ago = (ms: number) => new Date(finance.test.clock.now().getTime() - ms);

/** Somebody alters the database behind the program's back; the rule is passed before and failed then, and passed when it is undone. */
async function breakOnce(
  id: string,
  { alter, undo }: Record<'alter' | 'undo', (db: EntityManager) => Promise<unknown>>,
  evidence: string | RegExp,
): Promise<void> {
  const { database } = finance.test.world;
  expect(await find(rules(), id)).toMatchObject({ result: 'passed' });
  await database.transaction(alter);
  const broken = await find(rules(), id);
  await database.transaction(undo);
  expect(broken).toEqual({ result: 'failed', evidence: expect.stringMatching(evidence) });
  expect(await find(rules(), id)).toMatchObject({ result: 'passed' });
}

const changed = (entity: { new (): object }, where: object, to: object, back: object) => ({
  alter: (db: EntityManager) => db.update(entity, where, to),
  undo: (db: EntityManager) => db.update(entity, where, back),
});
const added = <Row extends { id: string }>(entity: { new (): object }, row: Row) => ({
  alter: (db: EntityManager) => db.insert(entity, row),
  undo: (db: EntityManager) => db.delete(entity, { id: row.id }),
});

const anotherRefund = async (change: Partial<Refund>) => {
  const refund = await finance.desk.db.findOneByOrFail(Refund, { number: refundNumber });
  return { ...refund, id: newId(), number: newRefundNumber(new Date()), refundId: null, ...change };
};

describe('Records that somebody altered', () => {
  it('a payment that nobody asked about for a day', () =>
    breakOnce(
      'payments.late',
      changed(
        Payment,
        { number: sale.number },
        { state: 'open', expiresAt: ago(25 * HOUR_MS) },
        { state: 'paid', expiresAt: ago(0) },
      ),
      new RegExp(`^过期一天以上仍未查明 1 项：${sale.number}$`),
    ));

  it('a payment that is in the books no more', () =>
    breakOnce(
      'payments.booked-once',
      {
        alter: (db) => db.update(LedgerPosting, { kind: 'payment' }, { kind: 'vanished' }),
        undo: (db) => db.update(LedgerPosting, { kind: 'vanished' }, { kind: 'payment' }),
      },
      new RegExp(`^不是恰好一次的 1 项：${sale.number}$`),
    ));

  it('a posting of which one side was changed', async () => {
    const [line] = await finance.desk.db.find(LedgerLine, { order: { id: 'ASC' }, take: 1 });
    const { id, amountFen } = line!;
    await breakOnce(
      'ledger.balanced',
      changed(LedgerLine, { id }, { amountFen: amountFen + 1 }, { amountFen }),
      /^✗ 不均衡：payment 4200\d+；✗ 借方/,
    );
  });

  it('a posting without any line', async () => {
    const posting = {
      id: newId(),
      kind: 'payment',
      reference: 'R-0',
      day,
      eventDay: day,
      happenedAt: ago(0),
      postedAt: ago(0),
    };
    await breakOnce('ledger.balanced', added(LedgerPosting, posting), /^✗ 不均衡：payment R-0/);
  });

  it('a second number for the same refund', async () => {
    const second = await anotherRefund({ amountFen: 1 });
    await breakOnce('refund.one-number', added(Refund, second), new RegExp(`有多个单号的退款 1 项：${refundNumber}`));
  });

  it('but a second number after WeChat closed the first is as it should be', async () => {
    const { database } = finance.test.world;
    const closed = await anotherRefund({ state: 'closed' });
    await database.transaction((db) => db.insert(Refund, closed));
    expect(await find(rules(), 'refund.one-number')).toMatchObject({ result: 'passed' });
    await database.transaction((db) => db.delete(Refund, { id: closed.id }));
  });

  it('refunds of more than was paid', async () => {
    const { totalFen } = await finance.desk.db.findOneByOrFail(Refund, { number: refundNumber });
    const more = await anotherRefund({ amountFen: totalFen, proposalId: newId() });
    await breakOnce('refund.within-payment', added(Refund, more), new RegExp(`^超出的支付 1 项：${refundNumber}$`));
  });

  it.each([
    ['was not sent for a day', 'approved', 25 * HOUR_MS],
    ['is abnormal for a day', 'abnormal', 25 * HOUR_MS],
    ['has no end for nine days', 'processing', 9 * DAY_MS],
  ] as const)('a refund that %s', async (_, state, ms) => {
    const waiting = await anotherRefund({ state, proposalId: newId(), createdAt: ago(ms), acceptedAt: ago(ms) });
    await breakOnce('refund.late', added(Refund, waiting), new RegExp(`^悬而未决的退款 1 项：${waiting.number}$`));
  });

  it('a bill that was fetched before it could be right', async () => {
    const bill = await finance.desk.db.findOneByOrFail(Bill, { day, kind: 'trade' });
    const early = new Date(startOfDay(day).getTime() + DAY_MS + 10.2 * HOUR_MS);
    await breakOnce(
      'bills.after-ten',
      changed(Bill, { id: bill.id }, { keptAt: early }, { keptAt: bill.keptAt }),
      new RegExp(`✗ 过早取得：${day}`),
    );
  });

  it('a bill that is missing', () =>
    breakOnce(
      'bills.complete',
      changed(ReconciliationDay, { day }, { trade: 'wanted' }, { trade: 'kept' }),
      new RegExp(`^缺账单的日期 1 项：${day}$`),
    ));

  it('a bill whose file was changed', async () => {
    const { fileId } = await finance.desk.db.findOneByOrFail(Bill, { day, kind: 'trade' });
    const { bytes } = await finance.desk.db.findOneByOrFail(KeptFilePiece, { fileId, position: 0 });
    const other = Buffer.from(bytes);
    other[other.length >> 1]! ^= 1;
    await breakOnce(
      'bills.intact',
      changed(KeptFilePiece, { fileId, position: 0 }, { bytes: other }, { bytes }),
      new RegExp(`^摘要不符的账单 1 项：${day}$`),
    );
  });

  const job = { id: newId(), kind: 'refund.send', payload: {}, createdAt: new Date(), attempts: 12 };

  it('a job that was given up', () =>
    breakOnce(
      'jobs.given-up',
      added(Job, { ...job, state: 'dead', runAt: ago(0) }),
      /^已放弃的任务 1 项：refund.send$/,
    ));

  it('a job that nobody does', () =>
    breakOnce('jobs.late', added(Job, { ...job, state: 'waiting', runAt: ago(25 * HOUR_MS) }), /^拖延的任务 1 项/));

  it('timed work that has not come for a while', async () => {
    await takeTurn(finance.desk, 'ledger.sum_up', finance.test.clock.now());
    await finance.test.settle();
    await breakOnce(
      'clockwork.alive',
      changed(ScheduleSlot, { name: 'ledger.sum_up' }, { takenAt: ago(HOUR_MS) }, { takenAt: ago(0) }),
      /^最近一次 20/,
    );
  });

  it('a migration that was not applied', async () => {
    const { database } = finance.test.world;
    const site = siteOf(finance.test);
    expect(await find(operationRules(site), 'schema.migrated')).toMatchObject({ result: 'passed' });
    const [{ name }] = await database.reader.query<[{ name: string }]>(
      'SELECT name FROM schema_migrations ORDER BY id DESC LIMIT 1',
    );
    await database.transaction((db) => db.query('DELETE FROM schema_migrations WHERE name = ?', [name]));
    expect(await find(operationRules(site), 'schema.migrated')).toEqual({
      result: 'failed',
      evidence: `待执行的迁移 1 项：${name}`,
    });
  });
});

describe('Where WeChat itself is spoken to', () => {
  const real = () =>
    withConfig(siteOf(finance.test), {
      WECHAT_PAY_ORIGIN: 'https://api.mch.weixin.qq.com',
      WECHAT_PAY_BACKUP_ORIGIN: 'https://api2.mch.weixin.qq.com',
      WECHAT_API_ORIGIN: 'https://api.weixin.qq.com',
      WECHAT_OPEN_ORIGIN: 'https://open.weixin.qq.com',
      WECHAT_MP_ORIGIN: 'https://mp.weixin.qq.com',
      WECHAT_SCRIPT_ORIGIN: 'https://res.wx.qq.com',
      ALLOW_EMBEDDED_DATABASE: true,
      PUBLIC_ORIGIN: 'https://desk.example.com',
    });

  it('default secrets and those of the stand-in fail', async () => {
    expect(await find(operationRules(real()), 'secrets.not-default')).toEqual({
      result: 'failed',
      evidence: expect.stringMatching(/^默认或模拟的密钥 \d+ 项：/),
    });
  });

  it('development fails, production passes', async () => {
    expect(await find(operationRules(real()), 'config.production')).toEqual({
      result: 'failed',
      evidence: '✗ NODE_ENV=test；其余设置合规',
    });
    const production = withConfig(real(), { NODE_ENV: 'production', isProduction: true });
    expect(await find(operationRules(production), 'config.production')).toMatchObject({ result: 'passed' });
    const plain = withConfig(production, { PUBLIC_ORIGIN: 'http://desk.example.com' });
    expect(await find(operationRules(plain), 'config.production')).toEqual({
      result: 'failed',
      evidence: 'NODE_ENV=production；✗ 不合规的设置：PUBLIC_ORIGIN',
    });
  });

  it.each([
    ['https://desk.tongban-customer.cn', 'passed'],
    ['https://8.8.8.8', 'passed'],
    ['http://desk.tongban-customer.cn', 'failed'],
    ['https://localhost', 'failed'],
    ['https://desk.local', 'failed'],
    ['https://127.0.0.1:8700', 'failed'],
    ['https://10.1.2.3', 'failed'],
    ['https://172.20.0.1', 'failed'],
    ['https://192.168.1.2', 'failed'],
    ['https://[fd00::1]', 'failed'],
  ])('the notice address %s has %s', async (PUBLIC_ORIGIN, result) => {
    const site = withConfig(real(), { PUBLIC_ORIGIN });
    expect(await find(operationRules(site), 'notify-url.public')).toMatchObject({ result });
  });
});
