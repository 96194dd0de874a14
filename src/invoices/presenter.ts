import type { Customer } from '../../entities/customer.ts';
import type { Invoice, InvoiceLine, InvoiceRedLetter } from '../../entities/invoice.ts';
import type { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import type { KeptFile } from '../../entities/kept-file.ts';
import type { Order } from '../../entities/order.ts';
import type {
  FapiaoView,
  InvoiceView,
  RedLetterView,
  StaffInvoiceView,
  TitleOnInvoice,
} from '../contracts/invoices.ts';
import { fapiaoStates, invoiceKinds, invoiceStates } from '../contracts/states.ts';

/** What an invoice is shown with. */
export interface WholeInvoice {
  invoice: Invoice;
  /** By position. */
  lines: readonly InvoiceLine[];
  /** Oldest first. */
  redLetters: readonly InvoiceRedLetter[];
  orders: ReadonlyMap<string, Pick<Order, 'number' | 'serviceName'>>;
}

export interface StaffKnown {
  nicknames: ReadonlyMap<string, Customer['nickname']>;
  files: ReadonlyMap<string, KeptFile>;
  names: ReadonlyMap<string, string>;
  /** The last try at WeChat, by invoice. */
  fapiaos: ReadonlyMap<string, InvoiceFapiao>;
}

export const presentInvoice = (whole: WholeInvoice, title: TitleOnInvoice): InvoiceView => ({
  ...shared(whole.invoice, whole.lines, title),
  orders: whole.lines.map((line) => presentLine(whole, line)),
  hasFile: whole.invoice.number !== null && whole.invoice.fileId !== null,
  canWithdraw: whole.invoice.state === 'asked',
  redLetters: whole.redLetters.map(presentRedLetter),
});

export function presentForStaff(whole: WholeInvoice, title: TitleOnInvoice, known: StaffKnown): StaffInvoiceView {
  const { invoice, lines, redLetters } = whole;
  const file = known.files.get(invoice.fileId ?? '');
  const fapiao = known.fapiaos.get(invoice.id);
  return {
    ...shared(invoice, lines, title),
    customer: { id: invoice.customerId, nickname: known.nicknames.get(invoice.customerId) ?? null },
    orders: lines.map((line) => ({
      ...presentLine(whole, line),
      redFen: line.redFen,
      redWantedFen: line.redWantedFen,
    })),
    redFen: sum(lines.map(({ redFen }) => redFen)),
    redWantedFen: sum(lines.map(({ redWantedFen }) => redWantedFen)),
    redWantedSince: invoice.redWantedSince?.toISOString() ?? null,
    hasFile: file !== undefined,
    file: file ? { name: file.name, bytes: file.bytes, sha256: file.sha256, keptAt: file.keptAt.toISOString() } : null,
    redLetters: redLetters.map((one) => ({
      ...presentRedLetter(one),
      id: one.id,
      hasFile: one.fileId !== null,
      writtenBy: known.names.get(one.writtenBy ?? '') ?? null,
      createdAt: one.createdAt.toISOString(),
    })),
    decidedBy: known.names.get(invoice.decidedBy ?? '') ?? null,
    decidedAt: invoice.decidedAt?.toISOString() ?? null,
    atWechat: fapiao ? presentFapiao(fapiao, known) : null,
  };
}

const presentFapiao = (fapiao: InvoiceFapiao, { names }: StaffKnown): FapiaoView => ({
  state: fapiao.state,
  stateWords: fapiaoStates[fapiao.state],
  failure: fapiao.failure,
  inCardPack: fapiao.inCardPackAt !== null && fapiao.state !== 'reversed',
  appliedBy: names.get(fapiao.appliedBy) ?? null,
  createdAt: fapiao.createdAt.toISOString(),
  changedAt: fapiao.changedAt.toISOString(),
});

const shared = (invoice: Invoice, lines: readonly InvoiceLine[], title: TitleOnInvoice) => ({
  id: invoice.id,
  state: invoice.state,
  stateWords: invoiceStates[invoice.state],
  kind: invoice.kind,
  kindWords: invoiceKinds[invoice.kind],
  title,
  amountFen: sum(lines.map(({ amountFen }) => amountFen)),
  note: invoice.note,
  number: invoice.number,
  code: invoice.code,
  issuedDay: invoice.issuedDay,
  refusedReason: invoice.refusedReason,
  changedWhy: invoice.changedWhy,
  createdAt: invoice.createdAt.toISOString(),
});

function presentLine({ orders }: WholeInvoice, { orderId, amountFen }: InvoiceLine) {
  const { number, serviceName } = orders.get(orderId)!;
  return { number, serviceName, amountFen };
}

const presentRedLetter = ({ number, code, amountFen, issuedDay }: InvoiceRedLetter): RedLetterView => ({
  number,
  code,
  amountFen,
  issuedDay,
});

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
