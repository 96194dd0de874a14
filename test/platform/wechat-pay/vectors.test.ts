import { createHash, createPublicKey, createVerify, generateKeyPairSync, verify } from 'node:crypto';
import { openNotice } from '../../../src/platform/wechat-pay/notice.ts';
import { payMessage, RequestBuilder } from '../../../src/platform/wechat-pay/request-builder.ts';
import { openSeal, SealBroken } from '../../../src/platform/wechat-pay/seal.ts';
import { findSignatureFault } from '../../../src/platform/wechat-pay/verify.ts';
import * as vectors from './vectors.ts';

const { documentedKeyPem, timestamp, nonce } = vectors;
const documentedKey = createPublicKey(documentedKeyPem);
const ownKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Signs with a key of its own and tells what it signed. */
class RecordingBuilder extends RequestBuilder {
  readonly messages: string[] = [];

  constructor() {
    const signer = { mchid: '1900007291', merchantSerial: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB' };
    super({ ...signer, merchantKey: ownKeys.privateKey }, () => new Date(Number(timestamp) * 1000));
  }

  override sha256WithRsa(message: string): string {
    this.messages.push(message);
    return super.sha256WithRsa(message);
  }
}

const headerPart = (header: string, name: string): string => new RegExp(`${name}="([^"]+)"`).exec(header)?.[1] ?? '';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const isSignedByWechat = (message: string, signature: string): boolean =>
  verify('RSA-SHA256', Buffer.from(message), documentedKey, Buffer.from(signature, 'base64'));

describe('requests, V1 to V4', () => {
  it.each(vectors.requests)(
    '$name: signs what the documentation signs',
    ({ method, target, body, hash, signature }) => {
      const builder = new RecordingBuilder();
      const header = builder.authorizationFor(method, target, body);

      const signedText = builder.messages[0]!;
      const ownNonce = headerPart(header, 'nonce_str');
      const documentedText = signedText.replace(`\n${ownNonce}\n`, `\n${nonce}\n`);
      expect(isSignedByWechat(documentedText, signature)).toBe(true);
      if (hash) expect(sha256(documentedText)).toBe(hash);

      const ownSignature = headerPart(header, 'signature');
      expect(createVerify('RSA-SHA256').update(signedText).verify(ownKeys.publicKey, ownSignature, 'base64')).toBe(
        true,
      );
      expect(headerPart(header, 'timestamp')).toBe(timestamp);
      expect(headerPart(header, 'mchid')).toBe('1900007291');
      expect(headerPart(header, 'serial_no')).toBe('408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB');
      expect(ownNonce).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  it('never uses a nonce twice', () => {
    const builder = new RecordingBuilder();
    const nonces = [1, 2].map(() => headerPart(builder.authorizationFor('GET', '/v3/certificates', ''), 'nonce_str'));
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

describe('pay parameters, V5 and V6', () => {
  it('builds the message of JSAPI and the mini-program', () => {
    const { appid, prepayId, jsapiSignature } = vectors.pay;
    expect(isSignedByWechat(payMessage(appid, timestamp, nonce, `prepay_id=${prepayId}`), jsapiSignature)).toBe(true);
  });

  it('builds the message of apps, where the prepay id stands alone', () => {
    const { appid, prepayId, appSignature } = vectors.pay;
    expect(isSignedByWechat(payMessage(appid, timestamp, nonce, prepayId), appSignature)).toBe(true);
  });

  it('signs exactly that message', () => {
    const builder = new RecordingBuilder();
    const { appid, prepayId } = vectors.pay;
    const given = builder.payParametersFor(appid, prepayId);
    expect(given).toMatchObject({
      appId: appid,
      timeStamp: timestamp,
      package: `prepay_id=${prepayId}`,
      signType: 'RSA',
    });
    const message = payMessage(appid, given.timeStamp, given.nonceStr, given.package);
    expect(builder.messages).toEqual([message]);
    expect(createVerify('RSA-SHA256').update(message).verify(ownKeys.publicKey, given.paySign, 'base64')).toBe(true);
  });
});

describe('the seal, V7', () => {
  const { sealKey, sealed, plain } = vectors.seal;
  const key = Buffer.from(sealKey);

  it('opens', () => {
    expect(openSeal(sealed, key)).toBe(plain);
  });

  const flipped = (bytes: Buffer, bit: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[bit >> 3]! ^= 1 << (bit & 7);
    return copy;
  };

  it('stays shut when any bit of the ciphertext or its tag is flipped', () => {
    const bytes = Buffer.from(sealed.ciphertext, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const ciphertext = flipped(bytes, bit).toString('base64');
      expect(() => openSeal({ ...sealed, ciphertext }, key)).toThrow(SealBroken);
    }
  });

  it('stays shut with another key, nonce or associated data, with none, and when it is cut short', () => {
    expect(() => openSeal(sealed, flipped(key, 9))).toThrow(SealBroken);
    expect(() => openSeal({ ...sealed, nonce: 'uluk4a9R25RX' }, key)).toThrow(SealBroken);
    expect(() => openSeal({ ...sealed, associated_data: 'associatedDatb' }, key)).toThrow(SealBroken);
    expect(() => openSeal({ ...sealed, associated_data: undefined }, key)).toThrow(SealBroken);
    expect(() => openSeal({ ...sealed, ciphertext: sealed.ciphertext.slice(0, -8) }, key)).toThrow(SealBroken);
    expect(() => openSeal({ ...sealed, ciphertext: 'AAAA' }, key)).toThrow(SealBroken);
    expect(() => openSeal({ ...sealed, algorithm: 'AEAD_SM4_GCM' }, key)).toThrow(SealBroken);
    expect(() => openSeal(sealed, key.subarray(0, 16))).toThrow(SealBroken);
  });
});

describe('a whole notice, V8', () => {
  const { body, signature, headers, serial, apiV3Key } = vectors.notice;
  const rawBody = Buffer.from(body);
  const findKey = (asked: string) => (asked === serial ? documentedKey : null);
  const at = (seconds: number) => ({ findKey, sealKey: Buffer.from(apiV3Key), now: new Date(seconds * 1000) });

  it('is the documented one, byte for byte', () => {
    expect(rawBody).toHaveLength(898);
    expect(sha256(body)).toBe('a43849111f4c3cdb306fe5f60082ec16e05db2ee92bca69350b9cba609ef2ae9');
  });

  it('is proved, opened and read', () => {
    const outcome = openNotice(rawBody, { ...headers, 'wechatpay-signature': signature }, at(1717207206));
    expect(outcome).toMatchObject({
      opened: true,
      notice: {
        id: 'EV-20240601100006000001',
        eventType: 'TRANSACTION.SUCCESS',
        kind: 'transaction',
        transaction: {
          state: 'success',
          outTradeNo: 'ORDER20240601A1',
          amountFen: 10000,
          paidAt: new Date('2024-06-01T02:00:05Z'),
        },
      },
    });
  });

  it('is too old, or from the future, at 300 seconds and not before', () => {
    const fault = (seconds: number) =>
      findSignatureFault({ ...headers, 'wechatpay-signature': signature }, rawBody, findKey, new Date(seconds * 1000));
    expect([fault(1717207206 + 299), fault(1717207206 - 299)]).toEqual([null, null]);
    expect([fault(1717207206 + 300), fault(1717207206 - 300)]).toEqual(['stale', 'stale']);
  });
});

describe('an answer of status 204, V9', () => {
  const headers = { ...vectors.notice.headers, 'wechatpay-signature': vectors.emptyBodySignature };
  const now = new Date(1717207206 * 1000);

  it('is signed over an empty body', () => {
    expect(findSignatureFault(headers, Buffer.alloc(0), () => documentedKey, now)).toBeNull();
    expect(findSignatureFault(headers, Buffer.from(' '), () => documentedKey, now)).toBe('bad-signature');
  });
});
