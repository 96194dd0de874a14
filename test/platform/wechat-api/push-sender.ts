import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { PushSettings } from '../../../src/platform/wechat-api/open-push.ts';

/** WeChat's end of the push protocol, written from the documentation and not from our code. */
export interface Sender extends Pick<PushSettings, 'appid' | 'token' | 'encodingAesKey'> {
  now: () => Date;
}

const sha1OfSorted = (parts: string[]) =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');

export function seal({ appid, encodingAesKey }: Pick<Sender, 'appid' | 'encodingAesKey'>, message: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const body = Buffer.from(message, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const plain = Buffer.concat([randomBytes(16), length, body, Buffer.from(appid)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
    'base64',
  );
}

export function plainQuery({ token, now }: Sender, timestamp = String(Math.floor(now().getTime() / 1000))) {
  const nonce = String(randomBytes(4).readUInt32BE());
  return { signature: sha1OfSorted([token, timestamp, nonce]), timestamp, nonce };
}

/** Query and body of a sealed push; `xml` or `json` is the envelope's form. */
export function sealedPush(sender: Sender, message: string, form: 'xml' | 'json' = 'xml', open = '') {
  const encrypt = seal(sender, message);
  const plain = plainQuery(sender);
  const msg_signature = sha1OfSorted([sender.token, plain.timestamp, plain.nonce, encrypt]);
  const xml = `<xml><ToUserName><![CDATA[gh_x]]></ToUserName>${open}<Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;
  const body = form === 'xml' ? xml : JSON.stringify({ ToUserName: 'gh_x', Encrypt: encrypt });
  return { query: { ...plain, encrypt_type: 'aes', msg_signature }, body: Buffer.from(body) };
}
