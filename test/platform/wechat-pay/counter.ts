import type { RunningSimulator } from '../../../simulator/src/simulator.ts';
import { pino } from 'pino';
import {
  createWechatPay,
  wechatPayDefaults,
  type WechatPay,
  type WechatPaySettings,
} from '../../../src/platform/wechat-pay/index.ts';
import type { MerchantKit } from './merchant-kit.ts';

/** A clock that stands still until it is moved. */
export class TestClock {
  private at = new Date('2026-03-02T02:00:00Z');
  now = (): Date => this.at;
  advance(seconds: number): void {
    this.at = new Date(this.at.getTime() + seconds * 1000);
  }
}

export interface Counter {
  pay: WechatPay;
  /** Every line that was logged, as text. */
  logged: string[];
}

/** Settings as an administrator would write them, in public-key mode. */
export const settingsFor = (
  kit: MerchantKit,
  origins: { origin: string; backupOrigin?: string },
): WechatPaySettings => ({
  ...wechatPayDefaults,
  mchid: kit.mchid,
  merchantSerial: kit.merchant.serial,
  merchantPrivateKeyPem: kit.merchant.privatePem,
  merchantCertificatePem: kit.merchant.certificatePem,
  apiV3Key: kit.apiV3Key,
  publicKey: { id: kit.wechatPublicKey.serial, pem: kit.wechatPublicKey.publicPem },
  backupOrigin: origins.origin,
  ...origins,
});

export const certificateMode = { publicKey: undefined, useCertificates: true } as const;

export function openCounter(settings: WechatPaySettings, now: () => Date): Counter {
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  return { pay: createWechatPay(settings, { now, log }), logged };
}

export const anOrder = {
  appid: 'wx51000000000000aa',
  outTradeNo: 'T2603020001',
  description: '呼叫中心许可证代办·全网',
  amountFen: 199_00,
  notifyUrl: 'https://desk.example.com/wechat/pay/notices',
  expiresAt: new Date('2026-03-03T02:00:00Z'),
};

/** What WeChat says about a paid order. */
export const aTransaction = (kit: MerchantKit, overrides: Record<string, unknown> = {}) => ({
  appid: anOrder.appid,
  mchid: kit.mchid,
  out_trade_no: anOrder.outTradeNo,
  transaction_id: '4200002026030212345678901234',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  success_time: '2026-03-02T10:00:05+08:00',
  payer: { openid: 'oTestPayerOpenid000000000001' },
  amount: { total: 199_00, payer_total: 189_00, currency: 'CNY', payer_currency: 'CNY' },
  promotion_detail: [],
  ...overrides,
});

/** The product's gateway as the merchant of a running simulator, by its clock. */
export function openOn(simulator: RunningSimulator, mode: object = {}): Counter {
  const { kit, clock } = simulator.world;
  const origins = { origin: simulator.payOrigin, backupOrigin: simulator.backupOrigin };
  const held = {
    mchid: kit.mchid,
    merchant: { ...kit.merchant, privatePem: kit.merchant.privateKeyPem, publicPem: '' },
    wechatPublicKey: { serial: kit.publicKey.id, publicPem: kit.publicKey.publicKeyPem, privatePem: '' },
    apiV3Key: kit.apiV3Key,
  };
  const settings = { ...settingsFor(held, origins), timeoutMs: 2_000, ...mode };
  return openCounter(settings, () => new Date(clock.now()));
}
