import type {
  AccountChangeView,
  AuthorisationLinkView,
  AskInvoiceBody,
  AskRefundBody,
  BadgeLinkView,
  BadgeView,
  CustomerAccountView,
  CustomerView,
  DeviceView,
  FileLinkView,
  FrontSettings,
  InvoiceTitleBody,
  InvoiceTitleView,
  InvoiceView,
  JsSdkView,
  MessageConsentsBody,
  OrderInvoicingView,
  OrderState,
  OrderSummaryView,
  OrderView,
  OwnRefundQuoteView,
  OwnRefundView,
  Page,
  PaymentView,
  PaymentWay,
  PhoneBody,
  PlaceOrderBody,
  PreCheckBody,
  PreCheckView,
  ServiceSummaryView,
  ServiceView,
  StartedPaymentView,
  StartPaymentBody,
} from '../../src/contracts/index.ts';
import { signIn } from './platform/sign-in';
import { transport } from './platform/transport';
import { createClient } from './request.ts';

const client = createClient(transport, signIn);

const personal = { personal: true };
const at = encodeURIComponent;
/** A call that makes the server ask WeChat takes its time. */
const asksWeChat = { ...personal, timeoutMs: 20_000 };

const dataOf = async <T>(answer: Promise<{ data: T }>): Promise<T> => (await answer).data;

let settings: Promise<FrontSettings> | null = null;

/** Asked for once; a failure is not remembered. */
export function getSettings(): Promise<FrontSettings> {
  settings ??= dataOf(client.get<{ data: FrontSettings }>('/app/settings')).catch((problem: unknown) => {
    settings = null;
    throw problem;
  });
  return settings;
}

export const getJsSdk = (url: string) => dataOf(client.get<{ data: JsSdkView }>('/app/js-sdk', { query: { url } }));

// ---- the person

export const getMe = () => dataOf(client.get<{ data: CustomerView }>('/app/me', personal));
export const givePhone = (body: PhoneBody) =>
  dataOf(client.post<{ data: CustomerView }>('/app/me/phone', body, asksWeChat));
export const reportConsents = (body: MessageConsentsBody) => client.post<null>('/app/message-consents', body, personal);
export const listDevices = () => dataOf(client.get<{ data: DeviceView[] }>('/app/sessions', personal));
export const revokeDevice = (id: string) => client.delete(`/app/sessions/${at(id)}`, personal);
export const endSession = () => client.delete('/app/sessions/current');

// ---- the catalogue

export const listServices = (after: string | null) =>
  client.get<Page<ServiceSummaryView>>('/app/services', { query: { after } });
export const getService = (code: string) => dataOf(client.get<{ data: ServiceView }>(`/app/services/${at(code)}`));
export const preCheck = (code: string, body: PreCheckBody) =>
  dataOf(client.post<{ data: PreCheckView }>(`/app/services/${at(code)}/pre-checks`, body));

// ---- orders and payments

export const placeOrder = (body: PlaceOrderBody, key: string) =>
  dataOf(client.post<{ data: OrderView }>('/app/orders', body, { ...personal, headers: { 'Idempotency-Key': key } }));
export const listOrders = (state: OrderState | null, after: string | null) =>
  client.get<Page<OrderSummaryView>>('/app/orders', { ...personal, query: { state, after, limit: 20 } });
export const getOrder = (number: string) =>
  dataOf(client.get<{ data: OrderView }>(`/app/orders/${at(number)}`, personal));
export const cancelOrder = (number: string) =>
  dataOf(client.post<{ data: OrderView }>(`/app/orders/${at(number)}/cancel`, undefined, asksWeChat));
export function startPayment(number: string, way: PaymentWay): Promise<StartedPaymentView> {
  const body: StartPaymentBody = { way };
  return dataOf(client.post<{ data: StartedPaymentView }>(`/app/orders/${at(number)}/payments`, body, asksWeChat));
}
export const lookAtPayment = (number: string) =>
  dataOf(client.post<{ data: PaymentView }>(`/app/payments/${at(number)}/look`, undefined, asksWeChat));

// ---- money back

export const listRefunds = (number: string) =>
  dataOf(client.get<{ data: OwnRefundView[] }>(`/app/orders/${at(number)}/refunds`, personal));
export const getRefundQuote = (number: string) =>
  dataOf(client.get<{ data: OwnRefundQuoteView }>(`/app/orders/${at(number)}/refund-quote`, personal));
export const askRefund = (number: string, body: AskRefundBody) =>
  dataOf(client.post<{ data: OwnRefundView }>(`/app/orders/${at(number)}/refunds`, body, personal));

// ---- invoices

export const listTitles = () => dataOf(client.get<{ data: InvoiceTitleView[] }>('/app/invoice-titles', personal));
export const addTitle = (body: InvoiceTitleBody) =>
  dataOf(client.post<{ data: InvoiceTitleView }>('/app/invoice-titles', body, personal));
export const changeTitle = (id: string, body: InvoiceTitleBody) =>
  dataOf(client.put<{ data: InvoiceTitleView }>(`/app/invoice-titles/${at(id)}`, body, personal));
export const removeTitle = (id: string) => client.delete(`/app/invoice-titles/${at(id)}`, personal);

export const getInvoicing = (number: string) =>
  dataOf(client.get<{ data: OrderInvoicingView }>(`/app/orders/${at(number)}/invoicing`, personal));
export const listInvoiceable = (after: string | null) =>
  client.get<Page<OrderInvoicingView>>('/app/invoiceable-orders', { ...personal, query: { after, limit: 20 } });
export const askInvoice = (body: AskInvoiceBody, key: string) =>
  dataOf(
    client.post<{ data: InvoiceView }>('/app/invoices', body, { ...personal, headers: { 'Idempotency-Key': key } }),
  );
export const listInvoices = (after: string | null) =>
  client.get<Page<InvoiceView>>('/app/invoices', { ...personal, query: { after, limit: 20 } });
export const getInvoice = (id: string) =>
  dataOf(client.get<{ data: InvoiceView }>(`/app/invoices/${at(id)}`, personal));
export const withdrawInvoice = (id: string) =>
  dataOf(client.post<{ data: InvoiceView }>(`/app/invoices/${at(id)}/withdrawal`, undefined, personal));
export const linkToFile = (id: string) =>
  dataOf(client.post<{ data: FileLinkView }>(`/app/invoices/${at(id)}/file-link`, undefined, personal));

// ---- accounts

export const listAccounts = (after: string | null) =>
  client.get<Page<CustomerAccountView>>('/app/accounts', { ...personal, query: { after, limit: 20 } });
export const makeAuthorisationLink = () =>
  dataOf(client.post<{ data: AuthorisationLinkView }>('/app/authorisations', undefined, personal));
export const getAccount = (id: string) =>
  dataOf(client.get<{ data: CustomerAccountView }>(`/app/accounts/${at(id)}`, personal));
export const listChanges = (id: string, after: string | null) =>
  client.get<Page<AccountChangeView>>(`/app/accounts/${at(id)}/history`, { ...personal, query: { after, limit: 10 } });
export const switchBadgeOn = (id: string) =>
  dataOf(client.put<{ data: BadgeLinkView }>(`/app/accounts/${at(id)}/badge`, {}, personal));
export const switchBadgeOff = (id: string) => client.delete(`/app/accounts/${at(id)}/badge`, personal);
/** Anybody may look. */
export const getBadge = (code: string) => dataOf(client.get<{ data: BadgeView }>(`/app/badges/${at(code)}`));
