import type { PayParameters } from '../../../src/contracts/index.ts';
import { findPlace, readyJsSdk, waitForBridge } from './js-sdk.h5.ts';
import type { JsSdk } from './js-sdk.h5.ts';
import type { Payer, PayHint } from './payer-kind.ts';

export const payer: Payer = {
  way: async () => ((await findPlace()) === 'wechat' ? 'official-account' : 'h5'),
  beforePaying: () => Promise.resolve(),

  async pay(parameters) {
    const sdk = await readyJsSdk().catch(() => null);
    return sdk ? payWithSdk(sdk, parameters) : payWithBridge(parameters);
  },
};

function payWithSdk(sdk: JsSdk, { timeStamp, nonceStr, package: prepay, signType, paySign }: PayParameters) {
  return new Promise<PayHint>((resolve) => {
    sdk.chooseWXPay({
      timestamp: timeStamp,
      nonceStr,
      package: prepay,
      signType,
      paySign,
      success: () => resolve('ok'),
      cancel: () => resolve('cancelled'),
      fail: () => resolve('failed'),
    });
  });
}

/** The older way, which needs no `wx.config` (WeChat Pay documentation, JSAPI). */
async function payWithBridge(parameters: PayParameters): Promise<PayHint> {
  const bridge = await waitForBridge();
  if (!bridge) return 'failed';
  return new Promise((resolve) => {
    bridge.invoke('getBrandWCPayRequest', parameters, ({ err_msg: message = '' }) => {
      resolve(message.endsWith(':ok') ? 'ok' : message.endsWith(':cancel') ? 'cancelled' : 'failed');
    });
  });
}
