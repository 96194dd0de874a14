import type { LedgerAccount, PostingKind } from '../contracts/ledger.ts';
import type { BooksReportName } from '../contracts/reports.ts';

/** What the rows of a report are about. */
export type Dimension = 'service' | 'channel' | 'consultant' | 'day';

/** A sum of lines of the books. */
export interface Figure {
  code: string;
  title: string;
  account: LedgerAccount;
  /** Of which postings; of all when left out. */
  kinds?: readonly PostingKind[];
  /** Which side of the account; both when left out. */
  side?: 'debit' | 'credit';
  /** What makes the figure greater. */
  grows: 'debit' | 'credit';
  /** The lines of the period, all before it, or all until its end. */
  span: 'within' | 'before' | 'until';
}

/** A report that adds up lines of the books by what they are about. */
export interface BooksReport {
  by: Dimension;
  figures: readonly Figure[];
  /** Code of the figure by which orders are counted, those of which it is not zero; null: they are not. */
  orders: string | null;
}

const revenue = { account: 'revenue', grows: 'credit', span: 'within' } as const;
const revenueBy = (by: Dimension): BooksReport => ({
  by,
  figures: [
    { code: 'recognisedFen', title: '确认收入', ...revenue, side: 'credit' },
    { code: 'takenBackFen', title: '退款冲回', ...revenue, side: 'debit', grows: 'debit' },
    { code: 'revenueFen', title: '收入净额', ...revenue },
  ],
  orders: 'revenueFen',
});

const fees = { account: 'wechat_pay_fees', grows: 'debit', span: 'within' } as const;

const refunds: readonly PostingKind[] = ['refund', 'refund_closed'];
const receipts: readonly PostingKind[] = ['payment', 'disputed_applied'];
const refund = { kinds: refunds, span: 'within' } as const;

/** The balance of a liability towards customers or authorities, and what moved it. */
function balanceOf(account: LedgerAccount, outflow: Pick<Figure, 'code' | 'title' | 'kinds'>): BooksReport {
  const held = { account, grows: 'credit', span: 'within' } as const;
  return {
    by: 'service',
    figures: [
      { code: 'openingFen', title: '期初余额', ...held, span: 'before' },
      { code: 'receivedFen', title: '本期收取', ...held, kinds: receipts },
      { code: 'refundedFen', title: '本期退还', ...held, grows: 'debit', kinds: refunds },
      { ...outflow, ...held, grows: 'debit' },
      { code: 'closingFen', title: '期末余额', ...held, span: 'until' },
    ],
    orders: 'closingFen',
  };
}

export const definitions: Record<BooksReportName, BooksReport> = {
  'revenue-by-service': revenueBy('service'),
  'revenue-by-channel': revenueBy('channel'),
  'revenue-by-consultant': revenueBy('consultant'),
  fees: {
    by: 'day',
    figures: [
      { code: 'chargedFen', title: '手续费', ...fees, side: 'debit' },
      { code: 'returnedFen', title: '退回与冲减', ...fees, side: 'credit', grows: 'credit' },
      { code: 'feeFen', title: '手续费净额', ...fees },
    ],
    orders: null,
  },
  refunds: {
    by: 'service',
    figures: [
      { code: 'acceptedFen', title: '退款', ...refund, account: 'wechat_pay', kinds: ['refund'], grows: 'credit' },
      {
        code: 'closedFen',
        title: '退款关闭',
        ...refund,
        account: 'wechat_pay',
        kinds: ['refund_closed'],
        grows: 'debit',
      },
      { code: 'refundedFen', title: '退款净额', ...refund, account: 'wechat_pay', grows: 'credit' },
      { code: 'ownFen', title: '其中：服务费', ...refund, account: 'advance_from_customers', grows: 'debit' },
      {
        code: 'governmentFen',
        title: '其中：政府费用',
        ...refund,
        account: 'government_fees_collected',
        grows: 'debit',
      },
      { code: 'disputedFen', title: '其中：待处理款项', ...refund, account: 'disputed_money', grows: 'debit' },
    ],
    orders: 'refundedFen',
  },
  'owed-to-authorities': balanceOf('government_fees_collected', {
    code: 'passedOnFen',
    title: '本期代缴',
    kinds: ['government_fee_passed_on'],
  }),
  'deferred-revenue': balanceOf('advance_from_customers', {
    code: 'recognisedFen',
    title: '本期确认收入',
    kinds: ['revenue'],
  }),
};
