/** Own data; the values were computed with two independent programs. */
export const vector = {
  token: 'demoToken2026',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  appid: 'wx0123456789abcdef',
  originalId: 'gh_demo00000001',
  timestamp: '1767225600',
  nonce: '893746521',
  message:
    '<xml><ToUserName><![CDATA[gh_demo00000001]]></ToUserName><FromUserName><![CDATA[oDemoOpenId_0000000000000001]]></FromUserName><CreateTime>1767225600</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content><MsgId>1234567890123456</MsgId></xml>',
  encrypt:
    'Q3stYC6hdFzMh9T8HCvyDPW++0NimYftA4VGyWArLGls2dVk5OQx/YcERDGWIg8InoAtHxmH8eJizofOTVlZh4rvoGjeWV9GJY4X75HTVdtMNAYnIIukBXYfULFZgk5u8O3tW+ol3sJs0DJiayVpHMr8cYVNtMDDza4l9kTpAPZPhXc8BEU3rdEZhz92Vx/w8DU5j+9pMj/JSfqs15AhX5lTXzHE8UkQo+9NmKw6ZW6fe8I/uzWjoMXJbsCuxvxMF/FWYtHOzQaR+F4/DTR4yL3sQod8mDHQZGiOmYzNFSqBLJLlpbng1N0VZoDm1QfZL75I7bMPYOrkZt/bA824nmTl4R2rdJmRzYMeWXKc/CQt8yb6YDS7gzqDjb1DeqbjLE7CJ+hBZMmqC9D+YpcLGi2uNvSyXnZO58NRhl5MW/I=',
  signature: 'ae6c2b2adeaffa126175c96d5b0b9b1645dc7bff',
  msgSignature: 'e3488ec85f53080e4d84a2a67e7b9e30a4d8fc0c',
};
