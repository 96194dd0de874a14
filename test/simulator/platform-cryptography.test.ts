import { signWithSession } from '../../simulator/src/mini-program/session-signature.ts';
import { aesKeyOf, seal, signSorted, unseal } from '../../simulator/src/platform/message-crypto.ts';
import { signPage } from '../../simulator/src/web/page-signature.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const APPID = 'wx0123456789abcdef';
const TEXT =
  '<xml><ToUserName><![CDATA[gh_demo00000001]]></ToUserName><FromUserName><![CDATA[oDemoOpenId_0000000000000001]]></FromUserName><CreateTime>1767225600</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content><MsgId>1234567890123456</MsgId></xml>';
const SEALED =
  'Q3stYC6hdFzMh9T8HCvyDPW++0NimYftA4VGyWArLGls2dVk5OQx/YcERDGWIg8InoAtHxmH8eJizofOTVlZh4rvoGjeWV9GJY4X75HTVdtMNAYnIIukBXYfULFZgk5u8O3tW+ol3sJs0DJiayVpHMr8cYVNtMDDza4l9kTpAPZPhXc8BEU3rdEZhz92Vx/w8DU5j+9pMj/JSfqs15AhX5lTXzHE8UkQo+9NmKw6ZW6fe8I/uzWjoMXJbsCuxvxMF/FWYtHOzQaR+F4/DTR4yL3sQod8mDHQZGiOmYzNFSqBLJLlpbng1N0VZoDm1QfZL75I7bMPYOrkZt/bA824nmTl4R2rdJmRzYMeWXKc/CQt8yb6YDS7gzqDjb1DeqbjLE7CJ+hBZMmqC9D+YpcLGi2uNvSyXnZO58NRhl5MW/I=';

describe('sealing of pushes', () => {
  it('seals the published vector to the byte and opens it again', () => {
    expect(aesKeyOf(KEY).toString('hex')).toBe('69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051');
    expect(Buffer.byteLength(TEXT)).toBe(266);
    expect(seal(TEXT, KEY, APPID, Buffer.from('0123456789abcdef'))).toBe(SEALED);
    expect(unseal(SEALED, KEY)).toEqual({ text: TEXT, appid: APPID });
  });

  it('counts bytes, not characters, and pads to 32 at every length', () => {
    for (let length = 0; length < 40; length += 1) {
      const text = '通'.repeat(length);
      const sealed = seal(text, KEY, APPID);
      expect(Buffer.from(sealed, 'base64').length % 32).toBe(0);
      expect(unseal(sealed, KEY)).toEqual({ text, appid: APPID });
    }
  });

  it('signs the vector in both ways', () => {
    expect(signSorted('demoToken2026', '1767225600', '893746521')).toBe('ae6c2b2adeaffa126175c96d5b0b9b1645dc7bff');
    expect(signSorted('demoToken2026', '1767225600', '893746521', SEALED)).toBe(
      'e3488ec85f53080e4d84a2a67e7b9e30a4d8fc0c',
    );
  });

  it('refuses a key of another length', () => {
    expect(() => aesKeyOf(KEY.slice(1))).toThrow('43');
  });
});

describe('signatures of sessions', () => {
  it('keys the HMAC with the session_key as received', () => {
    expect(signWithSession('o0q0otL8aEzpcZL/FT9WsQ==', '{"foo":"bar"}')).toBe(
      '654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b',
    );
    expect(signWithSession('tiihtNczf5v6AKRyjwEUhQ==')).toBe(
      '7154f9f8b4b76b92f541cbf0e37d48840fa06e5e42da92a6f80168a1516a4735',
    );
  });
});

describe('signatures of pages', () => {
  it('makes the signature of the JS-SDK appendix', () => {
    const signature = signPage({
      ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
      nonceStr: 'Wm3WZYTPz0wzccnW',
      timestamp: '1414587457',
      url: 'http://mp.weixin.qq.com?params=value',
    });
    expect(signature).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed');
  });

  it('leaves the query as it is and the fragment out', () => {
    const parts = {
      ticket: 'kgt8ON7yVITDhtdwci0qeZ8JQ3nXJpQ4mK2vLs0aTbRwEyUdFgHcNxZi5oP1eM6q',
      nonceStr: 'a1B2c3D4e5F6g7H8',
      timestamp: 1767225600,
    };
    const url = 'https://m.example.com/pay/index.html?order=42&from=menu';
    expect(signPage({ ...parts, url })).toBe('916566aafe80334c74c792831a25691e7767134a');
    expect(signPage({ ...parts, url: `${url}#/pages/order` })).toBe('916566aafe80334c74c792831a25691e7767134a');
  });
});
