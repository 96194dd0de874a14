import { z } from 'zod';
import { optionalText, wholeNumber } from '../wechat-api/answer.ts';
import type { AuthorizerInfo } from './open-platform.ts';

const lifeSeconds = wholeNumber.pipe(z.int().positive());
const secret = z.string().min(1);

export const componentTokenAnswer = z
  .object({ component_access_token: secret, expires_in: lifeSeconds })
  .transform((answer) => ({ value: answer.component_access_token, lifeSeconds: answer.expires_in }));

export const preAuthCodeAnswer = z
  .object({ pre_auth_code: secret, expires_in: lifeSeconds })
  .transform((answer) => ({ code: answer.pre_auth_code, lifeSeconds: answer.expires_in }));

const funcScopes = z
  .array(z.object({ funcscope_category: z.object({ id: wholeNumber }) }))
  .default([])
  .transform((list) => list.map(({ funcscope_category: { id } }) => id));

export const authorisedAnswer = z
  .object({
    authorization_info: z.object({
      authorizer_appid: secret,
      authorizer_access_token: secret,
      expires_in: lifeSeconds,
      authorizer_refresh_token: secret,
      func_info: funcScopes,
    }),
  })
  .transform(({ authorization_info: granted }) => ({
    appid: granted.authorizer_appid,
    accessToken: granted.authorizer_access_token,
    lifeSeconds: granted.expires_in,
    refreshToken: granted.authorizer_refresh_token,
    funcScopes: granted.func_info,
  }));

export const refreshedAnswer = z
  .object({
    authorizer_access_token: secret,
    expires_in: lifeSeconds,
    // Not told: the one that we have stays good.
    authorizer_refresh_token: optionalText,
  })
  .transform((answer) => ({
    value: answer.authorizer_access_token,
    lifeSeconds: answer.expires_in,
    refreshToken: answer.authorizer_refresh_token ?? null,
  }));

export const listAnswer = z
  .object({
    total_count: wholeNumber,
    list: z
      .array(z.object({ authorizer_appid: secret, refresh_token: optionalText, auth_time: wholeNumber }))
      .default([]),
  })
  .transform(({ total_count: total, list }) => ({
    total,
    list: list.map((one) => ({
      appid: one.authorizer_appid,
      refreshToken: one.refresh_token ?? null,
      authorisedAt: new Date(one.auth_time * 1000),
    })),
  }));

const ofId = z
  .object({ id: wholeNumber })
  .nullish()
  .transform((told) => told?.id ?? null);

/** `verify_type_info.id`; 1 and 2 are verified by a microblog, which gives nothing here. */
const WITH_PERMISSIONS: readonly (number | null)[] = [0, 3, 4, 5];
const WITH_TICK = 0;
const STATUSES: Readonly<Record<number, AuthorizerInfo['accountStatus']>> = {
  1: 'normal',
  14: 'cancelled',
  16: 'banned',
  18: 'warned',
  19: 'frozen',
};
/** `service_type_info.id` of accounts that are no mini-program: not the numbers of getaccountbasicinfo. */
const KINDS: Readonly<Record<number, AuthorizerInfo['kind']>> = { 0: 'subscription', 1: 'subscription', 2: 'service' };

export const authorizerAnswer = z
  .object({
    authorizer_info: z.object({
      user_name: secret,
      nick_name: optionalText,
      principal_name: optionalText,
      service_type_info: ofId,
      verify_type_info: ofId,
      account_status: wholeNumber.nullish().catch(null),
      MiniProgramInfo: z.unknown().optional(),
    }),
    authorization_info: z.object({
      authorizer_appid: secret,
      authorizer_refresh_token: optionalText,
      func_info: funcScopes,
    }),
  })
  .transform(({ authorizer_info: told, authorization_info: granted }) => {
    const isMiniProgram = told.MiniProgramInfo !== undefined && told.MiniProgramInfo !== null;
    const info: AuthorizerInfo = {
      appid: granted.authorizer_appid,
      originalId: told.user_name,
      kind: isMiniProgram ? 'mini_program' : (KINDS[told.service_type_info ?? -1] ?? null),
      nickname: told.nick_name ?? null,
      principalName: told.principal_name ?? null,
      hasApiPermission: WITH_PERMISSIONS.includes(told.verify_type_info),
      hasTick: told.verify_type_info === WITH_TICK,
      accountStatus: STATUSES[told.account_status ?? 0] ?? null,
      funcScopes: granted.func_info,
    };
    return { info, refreshToken: granted.authorizer_refresh_token ?? null };
  });
