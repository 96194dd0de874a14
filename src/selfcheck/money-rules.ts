import { type FindOptionsWhere, In, LessThan } from 'typeorm';
import { LedgerPosting } from '../../entities/ledger.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund } from '../../entities/refund.ts';
import { findUnbalanced, readTotals } from '../ledger/index.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { judge, judgeNone, notApplicable, type Rule } from './rule.ts';
import type { Site } from './site.ts';

const DAY_MS = 24 * 3600_000;
/** WeChat goes on trying for so long before a refund is closed. */
const PROCESSING_DAYS = 8;
/** WeChat gives back in so many parts (global documentation, chapter 3.4.3). */
const MOST_REFUNDS = 50;
const NAMED = 100;
const OVER = ['closed', 'failed'];

/** What the database says of payments, refunds and the books. */
export function moneyRules({ desk }: Site): Rule[] {
  const { db, now } = desk;
  const before = (days: number) => LessThan(new Date(now().getTime() - days * DAY_MS));
  return [
    {
      id: 'payments.late',
      zh: '没有过期一天以上仍无结果的支付',
      en: 'No payment is without an outcome a day after its end',
      source: '订单查询与关单：微信支付文档 4012075249、4013070354、4013070360',
      async look() {
        const where = { state: In(['created', 'open']), expiresAt: before(1) };
        const late = await db.find(Payment, { select: { id: true, number: true }, where, take: NAMED });
        return judgeNone(numbersOf(late), '没有', '过期一天以上仍未查明');
      },
    },
    {
      id: 'payments.booked-once',
      zh: '每笔已支付的款项恰好入账一次',
      en: 'Every paid payment is in the books once',
      source: '支付通知（同一通知可能多次送达）：微信支付文档 4012791861、4012075420',
      async look() {
        const missing = await db
          .createQueryBuilder(Payment, 'payment')
          .leftJoin(
            LedgerPosting,
            'posting',
            "posting.reference = payment.transactionId AND posting.kind IN ('payment', 'disputed_applied')",
          )
          .select('payment.number', 'number')
          .where("payment.state = 'paid'")
          .groupBy('payment.number')
          .having('COUNT(posting.id) <> 1')
          .limit(NAMED)
          .getRawMany<{ number: string }>();
        const all = await db.countBy(Payment, { state: 'paid' });
        return all === 0
          ? notApplicable('尚无已支付的款项')
          : judgeNone(numbersOf(missing), `${all} 笔均是`, '不是恰好一次的');
      },
    },
    {
      id: 'ledger.balanced',
      zh: '账簿每笔分录借贷均衡，总账借贷相等',
      en: 'Every posting balances, and so do the totals',
      source: 'docs/ledger.md',
      async look() {
        const postings = await db.count(LedgerPosting);
        if (postings === 0) return notApplicable('账簿尚无记录');
        const unbalanced = await findUnbalanced(desk, NAMED);
        const sums = await readTotals(desk, { to: '9999-12-31' });
        const [debit, credit] = [sum(sums, 'debitFen'), sum(sums, 'creditFen')];
        return judge([
          {
            says: unbalanced.length === 0 ? `${postings} 笔分录均衡` : `不均衡：${unbalanced.slice(0, 3).join('、')}`,
            isRight: unbalanced.length === 0,
          },
          { says: `借方 ${yuan(debit)} 元，贷方 ${yuan(credit)} 元`, isRight: debit === credit },
        ]);
      },
    },
    {
      id: 'refund.one-number',
      zh: '同一退款意图只有一个有效的退款单号',
      en: 'One intention to refund has one number that counts',
      source: '退款（换单号即重复退款）：微信支付文档 4013080629',
      async look() {
        const refunds = await countingRefunds(db);
        const intentions = groupBy(refunds, (refund) =>
          refund.proposalId ? `${refund.proposalId} ${refund.paymentId}` : `${refund.disputedId ?? refund.id}`,
        );
        const double = intentions.filter((group) => group.length > 1).map(([first]) => first!.number);
        return refunds.length === 0
          ? notApplicable('尚无退款')
          : judgeNone(double, `${intentions.length} 个退款意图均是`, '有多个单号的退款');
      },
    },
    {
      id: 'refund.within-payment',
      zh: '一笔支付的退款合计不超过原额，次数不超过 50',
      en: 'Refunds of a payment stay within its amount and fifty parts',
      source: '退款限额与次数：微信支付文档 4013080629，境外文档 3.4.3',
      async look() {
        const refunds = await countingRefunds(db);
        const groups = groupBy(refunds, ({ transactionId }) => transactionId);
        const wrong = groups.filter(
          (group) => group.length > MOST_REFUNDS || sum(group, 'amountFen') > group[0]!.totalFen,
        );
        return refunds.length === 0
          ? notApplicable('尚无退款')
          : judgeNone(
              wrong.map(([first]) => first!.number),
              `${groups.length} 笔支付的退款均在限额内`,
              '超出的支付',
            );
      },
    },
    {
      id: 'refund.late',
      zh: '没有悬而未决的退款（一天未受理、一天异常未处理、八天无结果）',
      en: 'No refund waits: a day unsent or abnormal, eight days without an end',
      source: '退款状态：微信支付文档 4013080629',
      async look() {
        const where: FindOptionsWhere<Refund>[] = [
          { state: 'approved', createdAt: before(1) },
          { state: 'abnormal', acceptedAt: before(1) },
          { state: 'processing', acceptedAt: before(PROCESSING_DAYS) },
        ];
        const late = await db.find(Refund, { select: { id: true, number: true }, where, take: NAMED });
        return judgeNone(numbersOf(late), `没有（查至 ${shanghaiDay(now())}）`, '悬而未决的退款');
      },
    },
  ];
}

const countingRefunds = async (db: Site['desk']['db']): Promise<Refund[]> =>
  (await db.find(Refund, { order: { id: 'ASC' } })).filter(({ state }) => !OVER.includes(state));

const numbersOf = (rows: readonly { number: string }[]): string[] => rows.map(({ number }) => number);

const sum = <Name extends string>(rows: readonly Record<Name, number>[], name: Name): number =>
  rows.reduce((total, row) => total + row[name], 0);

const yuan = (fen: number): string => (fen / 100).toFixed(2);

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups.values()];
}
