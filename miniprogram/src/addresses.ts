/** The pages' addresses. Messages in WeChat lead to some of them, so they stay what they are. */
export const pages = {
  services: '/pages/services/index',
  orders: '/pages/orders/index',
  me: '/pages/me/index',
  service: (code: string) => `/desk/service/index?code=${encodeURIComponent(code)}`,
  confirm: (code: string) => `/desk/confirm/index?code=${encodeURIComponent(code)}`,
  pay: (number: string) => `/desk/pay/index?number=${encodeURIComponent(number)}`,
  order: (number: string) => `/desk/order/index?number=${encodeURIComponent(number)}`,
  refund: (number: string) => `/desk/refund/index?number=${encodeURIComponent(number)}`,
} as const;
