/** Where the pages run: inside WeChat as a mini-program, inside WeChat as web pages, or in an ordinary browser. */
export type Place = 'mini-program' | 'wechat' | 'browser';
