import { jsSdkSignature } from '../../../src/platform/official-account/js-sdk.ts';

it.each([
  [
    'the example of the official documentation',
    'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
    'Wm3WZYTPz0wzccnW',
    1414587457,
    'http://mp.weixin.qq.com?params=value',
    '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
  ],
  [
    'an address with a query',
    'kgt8ON7yVITDhtdwci0qeZ8JQ3nXJpQ4mK2vLs0aTbRwEyUdFgHcNxZi5oP1eM6q',
    'a1B2c3D4e5F6g7H8',
    1767225600,
    'https://m.example.com/pay/index.html?order=42&from=menu',
    '916566aafe80334c74c792831a25691e7767134a',
  ],
])('signs %s', (_, ticket, nonceStr, timestamp, url, signature) => {
  expect(jsSdkSignature(ticket, nonceStr, timestamp, url)).toBe(signature);
});
