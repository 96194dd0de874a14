import { z } from 'zod';
import type {
  AskInvoiceBody,
  CustomerInvoicingView,
  FileLinkView,
  InvoiceExportQuery,
  InvoiceListQuery,
  TitleOnInvoice,
  InvoiceTitleBody,
  InvoiceTitleView,
  InvoiceView,
  InvoicingExportQuery,
  InvoicingQuery,
  InvoicingTotalsView,
  IssueInvoiceBody,
  OrderInvoicingView,
  OrderReceiptsQuery,
  OrderReceiptsView,
  RefuseInvoiceBody,
  StaffInvoiceView,
  WriteRedLetterBody,
} from '../contracts/invoices.ts';
import { fapiaoStates, invoiceKinds, invoiceStates, notInvoiceable, titleKinds } from '../contracts/states.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { after, limit, line, lines, oneOf, phone, queryOf, shapeOf } from '../platform/http/shapes.ts';

const orderNumber = z.string().regex(/^TB\d{14}$/, '订单号不正确');
const day = z.iso.date('日期格式不正确，例如 2026-11-25');
const format = oneOf(spreadsheetKinds).default('xlsx');
const paged = { after: after.optional(), limit: limit.default(50) };

export const byId = z.object({ id: z.uuid() });
export const byRedLetter = z.object({ id: z.uuid(), redLetterId: z.uuid() });
export const byOrder = z.object({ number: orderNumber });
export const linkQuery = z.object({
  expires: z.coerce.number().int().positive(),
  signature: z.string().regex(/^[0-9a-f]{64}$/, '链接不完整'),
});
export const ownListQuery = z.object({ after: after.optional(), limit: limit.default(20) });

// ---- bodies ----------------------------------------------------------------

const account = z
  .string()
  .transform((text) => text.replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^\d{8,30}$/, '银行账号须为 8 至 30 位数字'));
const titleFields = {
  kind: oneOf(titleKinds),
  name: line(100),
  /** What a title of a kind needs is checked of the whole title. */
  taxNumber: z.string().trim().toUpperCase().max(20, '最多 20 位').nullable().optional(),
  address: line(100).nullable().optional(),
  phone: phone.nullable().optional(),
  bankName: line(60).nullable().optional(),
  bankAccount: account.nullable().optional(),
  isDefault: z.boolean().optional(),
};
export const titleBody = shapeOf<InvoiceTitleBody>()(z.strictObject(titleFields));

export const askInvoiceBody = shapeOf<AskInvoiceBody>()(
  z.strictObject({
    titleId: z.uuid('请选择发票抬头'),
    kind: oneOf(invoiceKinds),
    orderNumbers: z
      .array(orderNumber)
      .min(1, '请选择订单')
      .max(20, '一张发票最多合并 20 个订单')
      .refine((numbers) => new Set(numbers).size === numbers.length, '订单重复'),
    note: lines(200).optional(),
  }),
);

/** Fully digitised invoices (数电票) have 20 digits and no code; those of before 8 digits and a code of 10 or 12. */
const particulars = {
  number: z.string().regex(/^(\d{8}|\d{20})$/, '发票号码须为 20 位（数电票）或 8 位数字'),
  code: z
    .string()
    .regex(/^(\d{10}|\d{12})$/, '发票代码须为 10 位或 12 位数字')
    .optional(),
  issuedDay: day,
};
const isCodeFit = ({ number, code }: { number: string; code?: string | undefined }) =>
  (number.length === 8) === (code !== undefined);
const codeFault = { path: ['code'], message: '8 位号码须填写发票代码；20 位数电票没有发票代码' };
export const issueBody = shapeOf<IssueInvoiceBody>()(z.strictObject(particulars).refine(isCodeFit, codeFault));
export const redLetterBody = shapeOf<WriteRedLetterBody>()(
  z
    .strictObject({
      ...particulars,
      amountFen: z.int('金额须为整数（单位：分）').min(1, '金额须大于 0').max(2_147_483_647, '金额过大'),
    })
    .refine(isCodeFit, codeFault),
);
export const refuseBody = shapeOf<RefuseInvoiceBody>()(z.strictObject({ reason: line(100) }));

// ---- queries ---------------------------------------------------------------

const filters = z.object({
  state: oneOf(invoiceStates).optional(),
  kind: oneOf(invoiceKinds).optional(),
  customerId: z.uuid().optional(),
  orderNumber: orderNumber.optional(),
  from: day.optional(),
  to: day.optional(),
  redWanted: z.stringbool('请填 true 或 false').optional(),
});
export const invoiceListQuery = queryOf<InvoiceListQuery>()(filters.extend(paged));
export const invoiceExportQuery = queryOf<InvoiceExportQuery>()(filters.extend({ format }));
const show = z.enum(['not_invoiced', 'over_invoiced'], '请选择：not_invoiced、over_invoiced').optional();
export const invoicingQuery = queryOf<InvoicingQuery>()(z.object({ show, ...paged }));
export const invoicingExportQuery = queryOf<InvoicingExportQuery>()(z.object({ show, format }));
export const orderReceiptsQuery = queryOf<OrderReceiptsQuery>()(z.object({ customerId: z.uuid(), show, ...paged }));

// ---- views -----------------------------------------------------------------

const fen = z.int().describe('fen');
const instant = z.iso.datetime();
const text = z.string().nullable();

const titleParts = {
  kind: oneOf(titleKinds),
  name: z.string(),
  taxNumber: text,
  address: text,
  phone: text,
  bankName: text,
  bankAccount: text,
};
const title = z.object(titleParts);
export const wholeTitle = shapeOf<TitleOnInvoice>()(title);
export const titleView = shapeOf<InvoiceTitleView>()(z.object({ id: z.uuid(), ...titleParts, isDefault: z.boolean() }));
export const orderInvoicingView = shapeOf<OrderInvoicingView>()(
  z.object({
    orderNumber: z.string(),
    serviceName: z.string(),
    paidFen: fen,
    refundedFen: fen,
    passedThroughFen: fen,
    invoicedFen: fen,
    invoiceableFen: fen,
    whyNot: oneOf(notInvoiceable).nullable(),
    whyNotWords: text,
  }),
);

const order = z.object({ number: z.string(), serviceName: z.string(), amountFen: fen });
const redLetter = z.object({ number: z.string(), code: text, amountFen: fen, issuedDay: z.string() });
const invoiceParts = {
  id: z.uuid(),
  state: oneOf(invoiceStates),
  stateWords: z.string(),
  kind: oneOf(invoiceKinds),
  kindWords: z.string(),
  title,
  amountFen: fen,
  note: text,
  number: text,
  code: text,
  issuedDay: text,
  refusedReason: text,
  changedWhy: text,
  hasFile: z.boolean(),
  createdAt: instant,
};
export const invoiceView = shapeOf<InvoiceView>()(
  z.object({ ...invoiceParts, orders: z.array(order), canWithdraw: z.boolean(), redLetters: z.array(redLetter) }),
);
export const fileLinkView = shapeOf<FileLinkView>()(z.object({ url: z.url(), expiresAt: instant }));

const customer = z.object({ id: z.uuid(), nickname: text });
export const staffInvoiceView = shapeOf<StaffInvoiceView>()(
  z.object({
    ...invoiceParts,
    customer,
    orders: z.array(order.extend({ redFen: fen, redWantedFen: fen })),
    redFen: fen,
    redWantedFen: fen,
    redWantedSince: instant.nullable(),
    file: z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), keptAt: instant }).nullable(),
    redLetters: z.array(redLetter.extend({ id: z.uuid(), hasFile: z.boolean(), writtenBy: text, createdAt: instant })),
    decidedBy: text,
    decidedAt: instant.nullable(),
    atWechat: z
      .object({
        state: oneOf(fapiaoStates),
        stateWords: z.string(),
        failure: text,
        inCardPack: z.boolean(),
        appliedBy: text,
        createdAt: instant,
        changedAt: instant,
      })
      .nullable(),
  }),
);

const sums = {
  paidFen: fen,
  refundedFen: fen,
  passedThroughFen: fen,
  receivedFen: fen,
  issuedFen: fen,
  redFen: fen,
  waitingFen: fen,
  notInvoicedFen: fen,
  overInvoicedFen: fen,
};
export const customerInvoicingView = shapeOf<CustomerInvoicingView>()(z.object({ customer, orders: z.int(), ...sums }));
export const invoicingTotalsView = shapeOf<InvoicingTotalsView>()(
  z.object({ customers: z.int(), orders: z.int(), ...sums }),
);
export const orderReceiptsView = shapeOf<OrderReceiptsView>()(
  z.object({
    orderNumber: z.string(),
    serviceName: z.string(),
    ...sums,
    invoices: z.array(
      z.object({
        id: z.uuid(),
        state: oneOf(invoiceStates),
        stateWords: z.string(),
        number: text,
        amountFen: fen,
      }),
    ),
  }),
);
