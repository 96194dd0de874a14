import { createCipheriv, randomBytes, sign } from 'node:crypto';
import type { Kit } from '../../../simulator/src/simulator.ts';
import { newId } from '../../../src/platform/ids.ts';

export const AMOUNT_FEN = 19900;

export interface Signed {
  body: string;
  headers: Record<string, string>;
}

/** A genuine notice about one payment, as WeChat Pay would send it now. */
export function noticeAbout(kit: Kit, number: string): Signed {
  const resource = JSON.stringify({
    mchid: kit.mchid,
    appid: kit.officialAccount.appid,
    out_trade_no: number,
    transaction_id: `42${number.slice(1)}`,
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    success_time: '2026-11-22T10:00:05+08:00',
    payer: { openid: 'oBench0000000000000000000000' },
    amount: { total: AMOUNT_FEN, payer_total: AMOUNT_FEN, currency: 'CNY', payer_currency: 'CNY' },
  });
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', kit.apiV3Key, nonce).setAAD(Buffer.from('transaction'));
  const ciphertext = Buffer.concat([cipher.update(resource, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  );
  const body = JSON.stringify({
    id: newId(),
    create_time: '2026-11-22T10:00:06+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext,
      associated_data: 'transaction',
      nonce,
    },
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headerNonce = randomBytes(16).toString('hex');
  const signature = sign(
    'sha256',
    Buffer.from(`${timestamp}\n${headerNonce}\n${body}\n`),
    kit.publicKey.privateKeyPem,
  ).toString('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': headerNonce,
      'wechatpay-signature': signature,
      'wechatpay-serial': kit.publicKey.id,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    },
  };
}
