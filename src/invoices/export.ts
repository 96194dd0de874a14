import type { CustomerInvoicingView, InvoiceListQuery, StaffInvoiceView } from '../contracts/invoices.ts';
import { titleKinds } from '../contracts/states.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { listInvoices } from './list-invoices.ts';
import { everyCustomer } from './receipts.ts';
import type { Shown } from './standing.ts';

const AT_ONCE = 500;

/** The invoices as a table, in the list's own order. */
export const exportInvoices = (work: Work, query: InvoiceListQuery): Sheet => ({
  name: '发票',
  columns: [
    { title: '申请时间', width: 20 },
    { title: '状态', width: 10 },
    { title: '种类', width: 16 },
    { title: '抬头类型', width: 10 },
    { title: '抬头', width: 36 },
    { title: '纳税人识别号', width: 22 },
    { title: '金额（元）', width: 12 },
    { title: '订单编号', width: 36 },
    { title: '客户', width: 16 },
    { title: '发票代码', width: 14 },
    { title: '发票号码', width: 24 },
    { title: '开票日期', width: 12 },
    { title: '已红冲（元）', width: 12 },
    { title: '待红冲（元）', width: 12 },
    { title: '办理人', width: 12 },
    { title: '说明', width: 40 },
  ],
  rows: invoiceRows(work, query),
});

async function* invoiceRows(work: Work, query: InvoiceListQuery) {
  for (let after: string | undefined; ;) {
    const listed = await listInvoices(work, { ...query, after, limit: AT_ONCE });
    for (const view of listed.slice(0, AT_ONCE)) yield invoiceCells(view);
    if (listed.length <= AT_ONCE) return;
    after = listed[AT_ONCE - 1]!.id;
  }
}

const invoiceCells = (invoice: StaffInvoiceView): string[] => [
  shanghaiTime(invoice.createdAt),
  invoice.stateWords,
  invoice.kindWords,
  titleKinds[invoice.title.kind],
  invoice.title.name,
  invoice.title.taxNumber ?? '',
  amount(invoice.amountFen),
  invoice.orders.map(({ number }) => number).join(' '),
  invoice.customer.nickname ?? '',
  invoice.code ?? '',
  invoice.number ?? '',
  invoice.issuedDay ?? '',
  amount(invoice.redFen),
  amount(invoice.redWantedFen),
  invoice.decidedBy ?? '',
  invoice.refusedReason ?? invoice.changedWhy ?? '',
];

/** What every customer paid and has invoices of, as a table. */
export const exportReceipts = (work: Work, show: Shown | undefined): Sheet => ({
  name: '开票核对',
  columns: [
    { title: '客户编号', width: 38 },
    { title: '客户', width: 16 },
    { title: '订单数', width: 8 },
    { title: '实付（元）', width: 14 },
    { title: '已退（元）', width: 14 },
    { title: '代收政府费用（元）', width: 18 },
    { title: '净收款（元）', width: 14 },
    { title: '已开票（元）', width: 14 },
    { title: '已红冲（元）', width: 14 },
    { title: '待开票（元）', width: 14 },
    { title: '未开票（元）', width: 14 },
    { title: '多开须红冲（元）', width: 16 },
  ],
  rows: receiptRows(work, show),
});

async function* receiptRows(work: Work, show: Shown | undefined) {
  for await (const view of everyCustomer(work, show)) yield receiptCells(view);
}

const receiptCells = ({ customer, orders, ...sums }: CustomerInvoicingView): (string | number)[] => [
  customer.id,
  customer.nickname ?? '',
  orders,
  ...[
    sums.paidFen,
    sums.refundedFen,
    sums.passedThroughFen,
    sums.receivedFen,
    sums.issuedFen,
    sums.redFen,
    sums.waitingFen,
    sums.notInvoicedFen,
    sums.overInvoicedFen,
  ].map(amount),
];

const amount = (fen: number): string => (fen / 100).toFixed(2);
