import type { FrontSettings, PayParameters, PaymentWay } from '../../../src/contracts/index.ts';

/** What the phone says about a payment. Only a hint: the server decides. */
export type PayHint = 'ok' | 'cancelled' | 'failed';

export interface Payer {
  /** The way of paying that works from here without another screen. */
  way(): Promise<Exclude<PaymentWay, 'native'>>;
  /**
   * Called first thing in the tap that pays. Asks whatever WeChat allows only in a tap, and never stands in the way:
   * it resolves whatever the person or WeChat answers.
   */
  beforePaying(settings: FrontSettings | null): Promise<void>;
  pay(parameters: PayParameters): Promise<PayHint>;
}
