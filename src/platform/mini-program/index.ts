export {
  createMiniProgram,
  type MiniProgram,
  type MiniProgramConfig,
  type MiniProgramSession,
  type PhoneNumber,
  type SubscribeMessage,
} from './gateway.ts';
export type { Delivery, DeliveryKind, ShippingOrder } from './shipping.ts';
