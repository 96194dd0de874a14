/** What is used of the package, which brings no types. Paths and bodies are its own; see `package-verbs.ts`. */
declare module 'co-wechat-api' {
  interface RequestOptions {
    method?: string;
    /** Text for JSON; for files a stream or bytes. */
    data?: unknown;
  }

  class API {
    constructor(appid: string, appsecret: string);
    /** Begin of every address, `/cgi-bin/` included. */
    prefix: string;
    ensureAccessToken(): Promise<{ accessToken: string }>;
    request(url: string, options?: RequestOptions): Promise<unknown>;
    getUser(options: { openid: string; lang: string }): Promise<unknown>;
    getAllPrivateTemplate(): Promise<unknown>;
  }

  export default API;
  export type { RequestOptions };
}
