import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import {
  answerMessage,
  isSignatureOf,
  payMessage,
  requestMessage,
  seal,
  signMessage,
  unseal,
} from '../../simulator/src/pay/cryptography.ts';
import * as vectors from '../platform/wechat-pay/vectors.ts';
import { sharedKit } from './support.ts';

const documentedKey = createPublicKey(vectors.documentedKeyPem);
const sha256 = (message: Buffer): string => createHash('sha256').update(message).digest('hex');

describe('the simulator reads the documented test values as the documentation does', () => {
  it.each(vectors.requests)('$name', ({ method, target, body, hash, signature }) => {
    const message = requestMessage(method, target, vectors.timestamp, vectors.nonce, Buffer.from(body));
    expect(isSignatureOf(documentedKey, message, signature)).toBe(true);
    expect(sha256(message)).toBe(hash ?? sha256(message));

    const other = requestMessage(method, `${target}x`, vectors.timestamp, vectors.nonce, Buffer.from(body));
    expect(isSignatureOf(documentedKey, other, signature)).toBe(false);
  });

  it('V5 and V6, what a page and an app hand to WeChat', () => {
    const { appid, prepayId, jsapiSignature, appSignature } = vectors.pay;
    const page = payMessage(appid, vectors.timestamp, vectors.nonce, `prepay_id=${prepayId}`);
    const app = payMessage(appid, vectors.timestamp, vectors.nonce, prepayId);
    expect(isSignatureOf(documentedKey, page, jsapiSignature)).toBe(true);
    expect(isSignatureOf(documentedKey, app, appSignature)).toBe(true);
    expect(isSignatureOf(documentedKey, app, jsapiSignature)).toBe(false);
  });

  it('V7, the seal, and nothing that differs by a bit', () => {
    const { sealKey, sealed, plain } = vectors.seal;
    const { nonce, associated_data: associatedData, ciphertext } = sealed;
    expect(unseal(sealKey, ciphertext, nonce, associatedData)).toBe(plain);
    expect(seal(sealKey, plain, nonce, associatedData)).toBe(ciphertext);

    const flipped = Buffer.from(ciphertext, 'base64');
    flipped[0]! ^= 1;
    expect(() => unseal(sealKey, flipped.toString('base64'), nonce, associatedData)).toThrow();
    expect(() => unseal(sealKey.replace('a', 'b'), ciphertext, nonce, associatedData)).toThrow();
    expect(() => unseal(sealKey, ciphertext, nonce.replace('u', 'v'), associatedData)).toThrow();
    expect(() => unseal(sealKey, ciphertext, nonce, 'associateddata')).toThrow();
  });

  it('V8, a whole notice: signature, then seal, then content', () => {
    const { headers, body, signature, apiV3Key } = vectors.notice;
    const message = answerMessage(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], Buffer.from(body));
    expect(sha256(Buffer.from(body))).toBe('a43849111f4c3cdb306fe5f60082ec16e05db2ee92bca69350b9cba609ef2ae9');
    expect(isSignatureOf(documentedKey, message, signature)).toBe(true);

    const { resource } = JSON.parse(body) as { resource: Record<'ciphertext' | 'nonce' | 'associated_data', string> };
    const content: unknown = JSON.parse(
      unseal(apiV3Key, resource.ciphertext, resource.nonce, resource.associated_data),
    );
    expect(content).toMatchObject({
      out_trade_no: 'ORDER20240601A1',
      trade_state: 'SUCCESS',
      amount: { total: 10000 },
    });
  });

  it('V9, an answer without a body is signed too', () => {
    const { headers } = vectors.notice;
    const message = answerMessage(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], Buffer.alloc(0));
    expect(isSignatureOf(documentedKey, message, vectors.emptyBodySignature)).toBe(true);
  });
});

describe('its own signatures', () => {
  it('hold for the message that was signed and for no other', async () => {
    const { merchant } = await sharedKit();
    const signature = signMessage(createPrivateKey(merchant.privateKeyPem), Buffer.from('one'));
    const publicKey = createPublicKey(merchant.certificatePem);
    expect(isSignatureOf(publicKey, Buffer.from('one'), signature)).toBe(true);
    expect(isSignatureOf(publicKey, Buffer.from('two'), signature)).toBe(false);
    expect(isSignatureOf(publicKey, Buffer.from('one'), 'no base64 at all!')).toBe(false);
  });
});
