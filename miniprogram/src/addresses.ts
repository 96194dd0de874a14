/** The pages' addresses. Messages in WeChat lead to some of them, so they stay what they are. */
export const pages = {
  services: '/pages/services/index',
  orders: '/pages/orders/index',
  me: '/pages/me/index',
  service: (code: string) => `/desk/service/index?code=${encodeURIComponent(code)}`,
  confirm: (code: string) => `/desk/confirm/index?code=${encodeURIComponent(code)}`,
  pay: (number: string) => `/desk/pay/index?number=${encodeURIComponent(number)}`,
  order: (number: string) => `/desk/order/index?number=${encodeURIComponent(number)}`,
  invoices: '/invoices/list/index',
  invoice: (id: string) => `/invoices/invoice/index?id=${encodeURIComponent(id)}`,
  /** With one order chosen already, or none. */
  askInvoice: (number: string) => `/invoices/ask/index?number=${encodeURIComponent(number)}`,
  titles: '/invoices/titles/index',
  /** A new one without an id; with everything that special VAT names. */
  title: (id: string, special = false) =>
    `/invoices/title/index?id=${encodeURIComponent(id)}${special ? '&special=yes' : ''}`,
  accounts: '/accounts/list/index',
  authorise: '/accounts/authorise/index',
  account: (id: string) => `/accounts/account/index?id=${encodeURIComponent(id)}`,
  /** For everybody who has the code, without signing in. */
  badge: (code: string) => `/accounts/badge/index?code=${encodeURIComponent(code)}`,
  refund: (number: string) => `/desk/refund/index?number=${encodeURIComponent(number)}`,
} as const;
