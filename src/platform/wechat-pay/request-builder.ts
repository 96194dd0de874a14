import { randomBytes, sign, type KeyObject } from 'node:crypto';
import WxPay from 'wechatpay-node-v3';
import type { PayParameters } from './outcome.ts';

/** The origin that the package writes into every address. */
export const PACKAGE_ORIGIN = 'https://api.mch.weixin.qq.com';

/** Who signs: the merchant, by the key of the certificate with this serial number. */
export interface Signer {
  mchid: string;
  merchantSerial: string;
  merchantKey: KeyObject;
}

/**
 * wechatpay-node-v3, kept for what it does well: it knows paths, bodies, and what is signed. It is given neither the APIv3 key
 * (its way of opening seals does not check the tag) nor the private key (it would read the PEM text at every signature,
 * which takes longer than signing).
 */
export class RequestBuilder extends WxPay {
  private readonly merchantKey: KeyObject;

  constructor(
    { mchid, merchantSerial, merchantKey }: Signer,
    private readonly now: () => Date,
  ) {
    const nothing = Buffer.alloc(0);
    super({ appid: '', mchid, serial_no: merchantSerial, publicKey: nothing, privateKey: nothing });
    this.merchantKey = merchantKey;
  }

  override sha256WithRsa(message: string): string {
    return sign('RSA-SHA256', Buffer.from(message, 'utf8'), this.merchantKey).toString('base64');
  }

  /**
   * The Authorization header, with a timestamp and a nonce of this moment.
   * @param target path and query, exactly as they go out
   * @param text the body, exactly as it goes out; empty for GET
   */
  authorizationFor(method: 'GET' | 'POST' | 'PUT' | 'PATCH', target: string, text: string): string {
    const nonce = newNonce();
    const timestamp = secondsOf(this.now());
    return this.getAuthorization(nonce, timestamp, this.getSignature(method, nonce, timestamp, target, text));
  }

  /** Source: WeChat Pay documentation, calling JSAPI payment and mini-program payment. */
  payParametersFor(appid: string, prepayId: string): PayParameters {
    const timeStamp = secondsOf(this.now());
    const nonceStr = newNonce();
    const packed = `prepay_id=${prepayId}`;
    const paySign = this.sha256WithRsa(payMessage(appid, timeStamp, nonceStr, packed));
    return { appId: appid, timeStamp, nonceStr, package: packed, signType: 'RSA', paySign };
  }

  /** The package would sign once, by a clock of its own; every attempt is signed when it is sent instead. */
  protected override buildAuthorization(): string {
    return '';
  }

  /** Of the pay parameters that the package makes up after a prepay; ours are made when they are asked for. */
  protected override sign(): string {
    return '';
  }
}

/** @param subject `prepay_id=…` for JSAPI and the mini-program */
export const payMessage = (appid: string, timeStamp: string, nonceStr: string, subject: string): string =>
  `${appid}\n${timeStamp}\n${nonceStr}\n${subject}\n`;

const newNonce = (): string => randomBytes(16).toString('hex');

const secondsOf = (moment: Date): string => String(Math.floor(moment.getTime() / 1000));
