import { z } from 'zod';
import type { Config } from '../../../config/index.ts';
import { digits, flag, optionalText, wholeNumber } from '../wechat-api/answer.ts';
import { AppApi, type AppWorld, type DayQuota } from '../wechat-api/app-api.ts';
import { askBasicInfo, type BasicInfo } from '../wechat-api/basic-info.ts';
import type { Call } from '../wechat-api/exchange.ts';
import { isUpstream, renamed } from '../wechat-api/failure.ts';
import { openPush, type PushSettings, verifyServerUrl } from '../wechat-api/open-push.ts';
import type { PushQuery, PushResult } from '../wechat-api/push.ts';
import { type AuthoriseRequest, authoriseUrl } from './authorise-url.ts';
import { jsSdkParameters, type JsSdkParameters } from './js-sdk.ts';
import { PackageVerbs } from './package-verbs.ts';

/** The service account: its verbs, in our words. Every failure is an `UpstreamError`. */
export interface OfficialAccount {
  readonly appid: string;
  /** Where a browser inside WeChat is sent to be signed in. */
  authoriseUrl(request: AuthoriseRequest): string;
  /** Turns the code of a sign-in into an openid. A code works once, within five minutes. */
  exchangeCode(code: string): Promise<WebAuthorisation>;
  /** The user's profile; needs the authorisation's own token with scope `snsapi_userinfo`. */
  userInfo(accessToken: string, openid: string): Promise<{ nickname: string; unionid?: string }>;
  /** Whether the user follows the account now. */
  follower(openid: string): Promise<Follower>;
  /** What a web page needs for `wx.config`. @param url the whole address of the page; what follows `#` is cut off here */
  jsSdkParameters(url: string): Promise<JsSdkParameters>;
  /**
   * Sends a template message to a follower. The same `clientMsgId` for the same openid is one message for ten minutes.
   * @throws {UpstreamError} kind `unknown` when it may have been sent: wait for the finish event, never send blindly again
   */
  sendTemplate(message: TemplateMessage): Promise<{ /** Digits; beyond 2^53. */ msgid: string }>;
  listTemplates(): Promise<AccountTemplate[]>;
  /** Template messages that may be sent this Beijing day; null where WeChat names no limit. */
  sendQuota(): Promise<DayQuota | null>;
  /** What WeChat says of the account and its verification; `not_available` where it does not let us ask. */
  basicInfo(): Promise<BasicInfo | 'not_available'>;
  /** Opens what WeChat posts to the push URL. Touches nothing; the caller keeps it before acting on it. */
  openPush(query: PushQuery, rawBody: Buffer): PushResult;
  /** What WeChat's check of the push URL is answered with, as text/plain; null when it is not WeChat's. */
  verifyServerUrl(query: PushQuery): string | null;
  /** Ends the connections once the calls under way have ended. */
  stop(): Promise<void>;
}

export interface WebAuthorisation {
  openid: string;
  unionid?: string;
  /** The user's token, for `userInfo` only. */
  accessToken: string;
  scope: string;
  /** A virtual user of a page that WeChat only shows: never to be bound to a customer. */
  isSnapshot: boolean;
}

export interface Follower {
  follows: boolean;
  unionid?: string;
  followedAt?: Date;
}

export interface TemplateMessage {
  openid: string;
  templateId: string;
  /** Value by field name (`thing1`), without `.DATA`. */
  fields: Record<string, string>;
  url?: string;
  /** Wins over `url` where the client can open it. */
  miniProgram?: { appid: string; pagePath: string };
  clientMsgId: string;
}

export interface AccountTemplate {
  templateId: string;
  title: string;
  /** Text with `{{thing1.DATA}}` in it. */
  content: string;
}

/** What of the configuration concerns the service account. */
export type OfficialAccountConfig = Pick<
  Config,
  | 'WECHAT_API_ORIGIN'
  | 'WECHAT_OPEN_ORIGIN'
  | 'WECHAT_API_TIMEOUT_MS'
  | 'OFFICIAL_ACCOUNT_APPID'
  | 'OFFICIAL_ACCOUNT_SECRET'
  | 'OFFICIAL_ACCOUNT_ORIGINAL_ID'
  | 'OFFICIAL_ACCOUNT_PUSH_TOKEN'
  | 'OFFICIAL_ACCOUNT_PUSH_KEY'
  | 'OFFICIAL_ACCOUNT_PUSH_MODE'
>;

const authorisation = z
  .object({
    access_token: z.string().min(1),
    openid: z.string().min(1),
    scope: z.string().default(''),
    unionid: optionalText,
    is_snapshotuser: flag.optional(),
  })
  .transform((answer): WebAuthorisation => ({
    openid: answer.openid,
    accessToken: answer.access_token,
    scope: answer.scope,
    isSnapshot: answer.is_snapshotuser ?? false,
    ...(answer.unionid ? { unionid: answer.unionid } : {}),
  }));

const profile = z
  .object({ nickname: z.string().default(''), unionid: optionalText })
  .transform(({ nickname, unionid }) => ({ nickname, ...(unionid ? { unionid } : {}) }));

const follower = z
  .object({ subscribe: flag, unionid: optionalText, subscribe_time: wholeNumber.nullish() })
  .transform((answer): Follower => ({
    follows: answer.subscribe,
    ...(answer.unionid ? { unionid: answer.unionid } : {}),
    ...(answer.subscribe && answer.subscribe_time ? { followedAt: new Date(answer.subscribe_time * 1000) } : {}),
  }));

const sentTemplate = z.object({ msgid: digits });

const templateList = z
  .object({
    template_list: z.array(z.object({ template_id: z.string(), title: z.string(), content: z.string() })).default([]),
  })
  .transform(({ template_list }) =>
    template_list.map(({ template_id: templateId, title, content }): AccountTemplate => ({
      templateId,
      title,
      content,
    })),
  );

export function createOfficialAccount({
  config,
  ...world
}: AppWorld & { config: OfficialAccountConfig }): OfficialAccount {
  const appid = config.OFFICIAL_ACCOUNT_APPID;
  const secret = config.OFFICIAL_ACCOUNT_SECRET;
  const settings = { appid, secret, origin: config.WECHAT_API_ORIGIN, timeoutMs: config.WECHAT_API_TIMEOUT_MS };
  const app = new AppApi('official-account', settings, world);
  const verbs = new PackageVerbs(app);
  const push = pushSettings(config);

  return {
    appid,
    authoriseUrl: (request) => authoriseUrl(config.WECHAT_OPEN_ORIGIN, appid, request),

    exchangeCode(code) {
      const query = { appid, secret, code, grant_type: 'authorization_code' };
      return app.callOpenly({ ...USERS_CALL, path: '/sns/oauth2/access_token', query }, authorisation);
    },

    async userInfo(accessToken, openid) {
      const query = { access_token: accessToken, openid, lang: 'zh_CN' };
      try {
        return await app.callOpenly({ ...USERS_CALL, path: '/sns/userinfo', query }, profile);
      } catch (error) {
        // The same codes as for the app's token, but only the user can give a new one.
        if (isUpstream(error) && error.action === 'refresh') throw renamed(error, 'refused', error.code, 'ask_user');
        throw error;
      }
    },

    async follower(openid) {
      // The package joins the address by hand.
      const answer = await verbs.getUser({ openid: encodeURIComponent(openid), lang: 'zh_CN' });
      return app.understood(answer, follower, true);
    },

    async jsSdkParameters(url) {
      return jsSdkParameters(appid, await app.jsapiTicket(), url, world.now());
    },

    async sendTemplate(message) {
      // The package's own sendTemplate has no place for client_msg_id.
      const address = `${verbs.prefix}message/template/send`;
      const answer = await verbs.request(address, { method: 'POST', data: JSON.stringify(templateBody(message)) });
      return app.understood(answer, sentTemplate, false);
    },

    async listTemplates() {
      return app.understood(await verbs.getAllPrivateTemplate(), templateList, true);
    },

    sendQuota: () => app.dayQuota('/cgi-bin/message/template/send'),
    basicInfo: () => askBasicInfo(app, appid),
    openPush: (query, rawBody) => openPush(push, query, rawBody, world.now()),
    verifyServerUrl: (query) => verifyServerUrl(push, query, world.now()),
    stop: () => app.close(),
  };
}

/** A user waits in front of his browser. */
const USERS_CALL = { method: 'GET', isHarmless: true, isAwaited: true } as const satisfies Partial<Call>;

const templateBody = ({ openid, templateId, fields, url, miniProgram, clientMsgId }: TemplateMessage) => ({
  touser: openid,
  template_id: templateId,
  ...(url === undefined ? {} : { url }),
  ...(miniProgram ? { miniprogram: { appid: miniProgram.appid, pagepath: miniProgram.pagePath } } : {}),
  client_msg_id: clientMsgId,
  data: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }])),
});

const pushSettings = (config: OfficialAccountConfig): PushSettings => ({
  appid: config.OFFICIAL_ACCOUNT_APPID,
  originalId: config.OFFICIAL_ACCOUNT_ORIGINAL_ID,
  token: config.OFFICIAL_ACCOUNT_PUSH_TOKEN,
  encodingAesKey: config.OFFICIAL_ACCOUNT_PUSH_KEY,
  mode: config.OFFICIAL_ACCOUNT_PUSH_MODE,
});
