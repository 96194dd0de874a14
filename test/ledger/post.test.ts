import type { LedgerAccount } from '../../src/contracts/ledger.ts';
import { post } from '../../src/ledger/index.ts';
import { bookedSum, ledgerOf } from '../support/books.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.stop());

const book = (reference: string, lines: { account: LedgerAccount; amountFen: number }[]) =>
  world.world.desk.transaction((work) =>
    post(work, [{ kind: 'payment', reference, orderId: null, happenedAt: work.now(), lines }]),
  );

describe('The ledger', () => {
  it.each([
    ['a fen too many', 100, -99],
    ['parts of a fen', 0.5, -0.5],
    ['what no number can count', Number.MAX_SAFE_INTEGER + 1, -(Number.MAX_SAFE_INTEGER + 1)],
    ['no number', Number.NaN, Number.NaN],
  ])('takes no entry with %s', async (_what, debit, credit) => {
    const lines = [
      { account: 'wechat_pay' as const, amountFen: debit },
      { account: 'advance_from_customers' as const, amountFen: credit },
    ];
    await expect(book('wrong', lines)).rejects.toThrow('does not sum to zero');
    expect(await ledgerOf(world.world)).toEqual([]);
  });

  it('takes one event once', async () => {
    const lines = [
      { account: 'wechat_pay' as const, amountFen: 100 },
      { account: 'advance_from_customers' as const, amountFen: -100 },
    ];
    await book('420000', lines);
    await expect(book('420000', lines)).rejects.toThrow();
    expect(await ledgerOf(world.world)).toHaveLength(1);
    expect(await bookedSum(world.world)).toBe(0);
  });
});
