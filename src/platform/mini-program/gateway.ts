import { z } from 'zod';
import type { Config } from '../../../config/index.ts';
import { UpstreamError } from '../errors.ts';
import { digits, optionalText, textual } from '../wechat-api/answer.ts';
import { AppApi, type AppWorld, type DayQuota } from '../wechat-api/app-api.ts';
import { askBasicInfo, type BasicInfo } from '../wechat-api/basic-info.ts';
import type { Call } from '../wechat-api/exchange.ts';
import { openPush, type PushSettings, verifyServerUrl } from '../wechat-api/open-push.ts';
import type { PushQuery, PushResult } from '../wechat-api/push.ts';
import { type Shipping, shippingCalls } from './shipping.ts';

/** The mini-program: its verbs, in our words. Every failure is an `UpstreamError`. */
export interface MiniProgram extends Shipping {
  readonly appid: string;
  /** Turns the code of `wx.login` into an openid. A code works once, within five minutes. */
  exchangeCode(jsCode: string): Promise<MiniProgramSession>;
  /** The phone number that the user confirmed. @param code of the phone button, which is not the code of `wx.login` */
  phoneNumber(code: string): Promise<PhoneNumber>;
  /**
   * Sends a subscribe message; uses one consent up.
   * @throws {UpstreamError} kind `unknown` when it may have been sent: nothing guards against a second one
   */
  sendSubscribe(message: SubscribeMessage): Promise<{ /** Digits, when WeChat says it. */ msgid: string | null }>;
  listTemplates(): Promise<ProgramTemplate[]>;
  /** Subscribe messages that may be sent this Beijing day; null where WeChat names no limit. */
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

export interface MiniProgramSession {
  openid: string;
  /** A secret: never sent to the phone, never logged. */
  sessionKey: string;
  unionid?: string;
}

export interface PhoneNumber {
  /** Without the country code. */
  phone: string;
  countryCode: string;
}

export interface SubscribeMessage {
  openid: string;
  templateId: string;
  /** Value by field name (`thing1`); exactly the template's fields. */
  fields: Record<string, string>;
  /** Page of the mini-program, query allowed; absent: a tap does nothing. */
  page?: string;
  /** Which release of the mini-program opens; default `formal`. */
  state?: 'developer' | 'trial' | 'formal';
}

export interface ProgramTemplate {
  templateId: string;
  title: string;
  /** Text with `{{thing1.DATA}}` in it. */
  content: string;
  /** Values that a field is limited to, by field name. */
  enumValues: Record<string, string[]>;
}

/** What of the configuration concerns the mini-program. */
export type MiniProgramConfig = Pick<
  Config,
  | 'WECHAT_API_ORIGIN'
  | 'WECHAT_API_TIMEOUT_MS'
  | 'MINI_PROGRAM_APPID'
  | 'MINI_PROGRAM_SECRET'
  | 'MINI_PROGRAM_ORIGINAL_ID'
  | 'MINI_PROGRAM_PUSH_TOKEN'
  | 'MINI_PROGRAM_PUSH_KEY'
  | 'MINI_PROGRAM_PUSH_MODE'
>;

const session = z
  .object({ openid: z.string().min(1), session_key: z.string().min(1), unionid: optionalText })
  .transform(({ openid, session_key: sessionKey, unionid }): MiniProgramSession => ({
    openid,
    sessionKey,
    ...(unionid ? { unionid } : {}),
  }));

const phoneAnswer = z.object({
  phone_info: z.object({
    purePhoneNumber: textual.pipe(z.string().min(1)),
    countryCode: textual,
    watermark: z.object({ appid: z.string() }),
  }),
});

const sentMessage = z
  .object({ msgid: digits.nullish().catch(null) })
  .transform(({ msgid }) => ({ msgid: msgid ?? null }));

const templateList = z
  .object({
    data: z
      .array(
        z.object({
          priTmplId: z.string(),
          title: z.string(),
          content: z.string(),
          // Named `thing1.DATA` in WeChat's sample; whether always is not said.
          keywordEnumValueList: z
            .array(z.object({ keywordCode: z.string(), enumValueList: z.array(textual) }))
            .nullish(),
        }),
      )
      .default([]),
  })
  .transform(({ data }) =>
    data.map(({ priTmplId: templateId, title, content, keywordEnumValueList }): ProgramTemplate => ({
      templateId,
      title,
      content,
      enumValues: Object.fromEntries(
        (keywordEnumValueList ?? []).map((list) => [list.keywordCode.replace(/\.DATA$/, ''), list.enumValueList]),
      ),
    })),
  );

const SEND_PATH = '/cgi-bin/message/subscribe/send';

export function createMiniProgram({ config, ...world }: AppWorld & { config: MiniProgramConfig }): MiniProgram {
  const appid = config.MINI_PROGRAM_APPID;
  const secret = config.MINI_PROGRAM_SECRET;
  const settings = { appid, secret, origin: config.WECHAT_API_ORIGIN, timeoutMs: config.WECHAT_API_TIMEOUT_MS };
  const app = new AppApi('mini-program', settings, world);
  const push = pushSettings(config);

  return {
    appid,

    exchangeCode(jsCode) {
      const query = { appid, secret, js_code: jsCode, grant_type: 'authorization_code' };
      const call: Call = { method: 'GET', path: '/sns/jscode2session', query, isHarmless: true, isAwaited: true };
      return app.callOpenly(call, session);
    },

    async phoneNumber(code) {
      const path = '/wxa/business/getuserphonenumber';
      const call: Call = { method: 'POST', path, body: { code }, isHarmless: true, isAwaited: true };
      const { phone_info: found } = await app.call(call, phoneAnswer);
      if (found.watermark.appid !== appid)
        throw new UpstreamError('mini-program', 'refused', 'phone_of_another_app', false, { action: 'surface' });
      return { phone: found.purePhoneNumber, countryCode: found.countryCode };
    },

    sendSubscribe(message) {
      return app.call(
        { method: 'POST', path: SEND_PATH, body: subscribeBody(message), isHarmless: false },
        sentMessage,
      );
    },

    listTemplates() {
      return app.call({ method: 'GET', path: '/wxaapi/newtmpl/gettemplate', isHarmless: true }, templateList);
    },

    sendQuota: () => app.dayQuota(SEND_PATH),
    basicInfo: () => askBasicInfo(app, appid),
    ...shippingCalls(app),
    openPush: (query, rawBody) => openPush(push, query, rawBody, world.now()),
    verifyServerUrl: (query) => verifyServerUrl(push, query, world.now()),
    stop: () => app.close(),
  };
}

const subscribeBody = ({ openid, templateId, fields, page, state = 'formal' }: SubscribeMessage) => ({
  touser: openid,
  template_id: templateId,
  ...(page === undefined ? {} : { page }),
  data: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }])),
  miniprogram_state: state,
  lang: 'zh_CN',
});

const pushSettings = (config: MiniProgramConfig): PushSettings => ({
  appid: config.MINI_PROGRAM_APPID,
  originalId: config.MINI_PROGRAM_ORIGINAL_ID,
  token: config.MINI_PROGRAM_PUSH_TOKEN,
  encodingAesKey: config.MINI_PROGRAM_PUSH_KEY,
  mode: config.MINI_PROGRAM_PUSH_MODE,
});
