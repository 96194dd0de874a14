import { randomBytes } from 'node:crypto';
import { openSealed, pushSignature } from '../../../src/platform/wechat-api/push-crypto.ts';
import { seal } from './push-sender.ts';
import { vector } from './push-vectors.ts';

describe('the vector of the message push', () => {
  it('has this signature', () => {
    expect(pushSignature(vector.token, vector.timestamp, vector.nonce)).toBe(vector.signature);
  });

  it('has this msg_signature', () => {
    expect(pushSignature(vector.token, vector.timestamp, vector.nonce, vector.encrypt)).toBe(vector.msgSignature);
  });

  it('opens to this message for this app', () => {
    expect(openSealed(vector.encrypt, vector.encodingAesKey)).toEqual({ message: vector.message, appid: vector.appid });
  });
});

it('opens messages of every length, hence every padding from 1 to 32', () => {
  for (let length = 0; length <= 64; length += 1) {
    const message = 'x'.repeat(length);
    expect(openSealed(seal(vector, message), vector.encodingAesKey)).toEqual({ message, appid: vector.appid });
  }
});

it('counts the length in bytes', () => {
  const message = '您好，林晓🙂';
  expect(openSealed(seal(vector, message), vector.encodingAesKey)?.message).toBe(message);
});

it('opens the same whatever the two spare bits of the key are', () => {
  const lookalike = `${vector.encodingAesKey.slice(0, 42)}H`;
  expect(openSealed(vector.encrypt, lookalike)?.message).toBe(vector.message);
});

it.each([
  ['nothing', ''],
  ['half a block', Buffer.alloc(8).toString('base64')],
  ['no base64', '!!!!'],
  ['noise', randomBytes(64).toString('base64')],
  ['one block', randomBytes(16).toString('base64')],
  ['the vector without its end', vector.encrypt.slice(0, 64)],
])('does not open %s', (_, sealed) => {
  const opened = openSealed(sealed, vector.encodingAesKey);
  expect(opened === null || opened.appid !== vector.appid).toBe(true);
});

it('does not open with another key', () => {
  const opened = openSealed(vector.encrypt, randomBytes(32).toString('hex').slice(0, 43));
  expect(opened === null || opened.appid !== vector.appid).toBe(true);
});
