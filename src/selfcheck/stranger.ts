import { createLog } from '../platform/log.ts';
import { createWechatPay, type WechatPay, wechatPaySettings } from '../platform/wechat-pay/index.ts';
import { newStrangerKey, type StrangerKey } from './forgery.ts';
import type { Site } from './site.ts';

/** Somebody who has a key of their own and says that it is WeChat Pay's. */
export interface Stranger extends StrangerKey {
  /** Under which WeChat Pay's own key is known here. */
  serial: string;
  /** This build's gateway, which believes the stranger's key and none of WeChat's. */
  openProgram(): WechatPay;
}

/** Of a merchant in certificate mode of whom WeChat did not tell the serial. */
const NO_SERIAL = 'PUB_KEY_ID_0';

export function newStranger({ config, desk }: Site, heardSerial: string | null): Stranger {
  const key = newStrangerKey();
  const serial = config.WECHAT_PAY_PUBLIC_KEY_ID ?? heardSerial ?? NO_SERIAL;
  const publicKey = { id: serial, pem: key.publicPem };
  return {
    ...key,
    serial,
    openProgram: () =>
      createWechatPay(
        { ...wechatPaySettings(config), publicKey, useCertificates: false },
        { now: desk.now, log: createLog('silent') },
      ),
  };
}
