import type { PageQuery } from './app.ts';
import type { FapiaoState, InvoiceKind, InvoiceState, NotInvoiceable, TitleKind } from './states.ts';

// ---- titles ----------------------------------------------------------------

/** Whom an invoice is made out to. A person's title has a name only. */
export interface TitleOnInvoice {
  kind: TitleKind;
  name: string;
  /** 纳税人识别号: of a company. */
  taxNumber: string | null;
  address: string | null;
  phone: string | null;
  bankName: string | null;
  bankAccount: string | null;
}

/** GET /app/invoice-titles, the default first, then the newest first */
export interface InvoiceTitleView extends TitleOnInvoice {
  id: string;
  isDefault: boolean;
}

/**
 * POST /app/invoice-titles. A company needs a tax number: 18 characters with their check, or 15 or 20 of before. For special VAT
 * also address, phone, bank and account.
 */
export interface InvoiceTitleBody {
  kind: TitleKind;
  name: string;
  taxNumber?: string | null | undefined;
  address?: string | null | undefined;
  phone?: string | null | undefined;
  bankName?: string | null | undefined;
  bankAccount?: string | null | undefined;
  /** The first one is the default, whatever is said here. */
  isDefault?: boolean | undefined;
}

// ---- what can be invoiced --------------------------------------------------

/** GET /app/orders/:number/invoicing; GET /app/invoiceable-orders: those of which something can be invoiced, newest first */
export interface OrderInvoicingView {
  orderNumber: string;
  serviceName: string;
  paidFen: number;
  /** Given back or on its way back, government fees included. */
  refundedFen: number;
  /** Government fees, without what was given back of them: the authority gives a receipt for them, we give none. */
  passedThroughFen: number;
  /** In invoices that are waiting or issued, without what red letters took back. */
  invoicedFen: number;
  invoiceableFen: number;
  whyNot: NotInvoiceable | null;
  whyNotWords: string | null;
}

// ---- invoices of the customer ----------------------------------------------

/** POST /app/invoices, with an `Idempotency-Key` header. Amounts are what can be invoiced of each order now. */
export interface AskInvoiceBody {
  titleId: string;
  kind: InvoiceKind;
  /** 1 to 20: one invoice for all of them. */
  orderNumbers: string[];
  note?: string | undefined;
}

export interface InvoicedOrderView {
  number: string;
  serviceName: string;
  amountFen: number;
}

export interface RedLetterView {
  number: string;
  code: string | null;
  amountFen: number;
  issuedDay: string;
}

/** GET /app/invoices, newest first; GET /app/invoices/:id */
export interface InvoiceView {
  id: string;
  state: InvoiceState;
  stateWords: string;
  kind: InvoiceKind;
  kindWords: string;
  /** As it was when the invoice was asked for. */
  title: TitleOnInvoice;
  amountFen: number;
  orders: InvoicedOrderView[];
  note: string | null;
  number: string | null;
  /** Of invoices of before; fully digitised ones have none. */
  code: string | null;
  issuedDay: string | null;
  refusedReason: string | null;
  /** Why the amount is another than asked for, or why it was withdrawn by itself: a sentence. */
  changedWhy: string | null;
  hasFile: boolean;
  canWithdraw: boolean;
  redLetters: RedLetterView[];
  createdAt: string;
}

/** POST /app/invoices/:id/file-link: the PDF without a session, for a short time. */
export interface FileLinkView {
  url: string;
  expiresAt: string;
}

// ---- the queue of finance --------------------------------------------------

export interface StaffInvoicedOrderView extends InvoicedOrderView {
  /** Taken back by red letters. */
  redFen: number;
  /** More than what was received of the order: to be taken back. */
  redWantedFen: number;
}

export interface StaffRedLetterView extends RedLetterView {
  id: string;
  hasFile: boolean;
  /** Name. */
  writtenBy: string | null;
  createdAt: string;
}

/** GET /staff/invoices, newest first; GET /staff/invoices/:id. Phone and bank account of the title are masked. */
export interface StaffInvoiceView extends Omit<InvoiceView, 'orders' | 'redLetters' | 'canWithdraw'> {
  customer: { id: string; nickname: string | null };
  orders: StaffInvoicedOrderView[];
  redFen: number;
  redWantedFen: number;
  /** ISO instant; null while no red letter is wanted. */
  redWantedSince: string | null;
  file: { name: string; bytes: number; sha256: string; keptAt: string } | null;
  redLetters: StaffRedLetterView[];
  /** Who issued or refused it, by name; null also when nobody of staff did. */
  decidedBy: string | null;
  decidedAt: string | null;
  /** The last try; null: WeChat was never asked. */
  atWechat: FapiaoView | null;
}

/** An invoice at WeChat (电子发票). */
export interface FapiaoView {
  state: FapiaoState;
  stateWords: string;
  /** Why the last thing that was wanted failed. */
  failure: string | null;
  inCardPack: boolean;
  /** Name of who asked for it. */
  appliedBy: string | null;
  createdAt: string;
  changedAt: string;
}

/** GET /staff/invoices */
export interface InvoiceListQuery extends PageQuery {
  state?: InvoiceState | undefined;
  kind?: InvoiceKind | undefined;
  customerId?: string | undefined;
  orderNumber?: string | undefined;
  /** Shanghai days on which it was asked for, both included. */
  from?: string | undefined;
  to?: string | undefined;
  /** Only those of which something must be taken back by a red letter. */
  redWanted?: boolean | undefined;
}

/** GET /staff/invoices/export: the list, all of it. */
export interface InvoiceExportQuery extends Omit<InvoiceListQuery, keyof PageQuery> {
  /** xlsx when left out. */
  format?: 'csv' | 'xlsx' | undefined;
}

/** POST /staff/invoices/:id/issue; the file must be there. */
export interface IssueInvoiceBody {
  /** 20 digits without a code (数电票), or 8 digits with one. */
  number: string;
  /** 10 or 12 digits. */
  code?: string | undefined;
  /** Shanghai day, not in the future. */
  issuedDay: string;
}

/** POST /staff/invoices/:id/refusal */
export interface RefuseInvoiceBody {
  /** The customer reads it. */
  reason: string;
}

/** POST /staff/invoices/:id/red-letters: what is wanted, a part of it, or all that is left of the invoice. */
export interface WriteRedLetterBody extends IssueInvoiceBody {
  amountFen: number;
}

// ---- invoices and receipts -------------------------------------------------

/** What was received of orders, and what of it is invoiced. */
export interface InvoicingSums {
  paidFen: number;
  /** Has arrived at who paid. */
  refundedFen: number;
  passedThroughFen: number;
  /** Paid, without refunds and without government fees: what invoices must come to. */
  receivedFen: number;
  /** Issued, red letters not taken off. */
  issuedFen: number;
  redFen: number;
  /** Asked for, not issued yet. */
  waitingFen: number;
  /** Received and not issued; order by order, so that one does not hide another. */
  notInvoicedFen: number;
  /** Issued and not received: must be taken back by red letters. */
  overInvoicedFen: number;
}

/** One row of GET /staff/invoices/reconciliation: a customer. */
export interface CustomerInvoicingView extends InvoicingSums {
  customer: { id: string; nickname: string | null };
  /** How many orders it is the sum of. */
  orders: number;
}

/** GET /staff/invoices/reconciliation/totals */
export interface InvoicingTotalsView extends InvoicingSums {
  customers: number;
  orders: number;
}

/** One row of GET /staff/invoices/reconciliation/orders */
export interface OrderReceiptsView extends InvoicingSums {
  orderNumber: string;
  serviceName: string;
  invoices: { id: string; state: InvoiceState; stateWords: string; number: string | null; amountFen: number }[];
}

/** GET /staff/invoices/reconciliation */
export interface InvoicingQuery extends PageQuery {
  /** not_invoiced: something is left to invoice · over_invoiced: something must be taken back. */
  show?: 'not_invoiced' | 'over_invoiced' | undefined;
}

/** GET /staff/invoices/reconciliation/export: every customer. */
export interface InvoicingExportQuery extends Omit<InvoicingQuery, keyof PageQuery> {
  /** xlsx when left out. */
  format?: 'csv' | 'xlsx' | undefined;
}

/** GET /staff/invoices/reconciliation/orders: what a customer's row is the sum of, newest first. */
export interface OrderReceiptsQuery extends InvoicingQuery {
  customerId: string;
}
