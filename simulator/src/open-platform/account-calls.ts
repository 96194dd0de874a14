import type { PlatformCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { serviceTypeOf, standingOf, verifyTypeOf, type CustomerAccount } from './account.ts';
import { authorisedAccountOf, mountComponentCall, type AuthorisedAccount } from './component-call.ts';
import { funcInfoOf } from './token-calls.ts';

const MOST_LISTED = 500;

/** What is told of accounts (official documentation, 授权账号管理). */
export function mountAccountCalls(router: SimulatorRouter, world: World): void {
  mountComponentCall(router, world, 'api_get_authorizer_info', tellAuthorizer);
  mountComponentCall(router, world, 'api_get_authorizer_list', list);
}

function tellAuthorizer(call: PlatformCall): object {
  const account = authorisedAccountOf(call, call.body.authorizer_appid);
  const now = call.world.clock.now();
  const { verification, originalId, accountStatus, appid, authorisation } = account;
  const verifyType = verifyTypeOf(account, now);
  return {
    authorizer_info: {
      nick_name: verification.nickname,
      head_img: 'http://wx.qlogo.cn/mmopen/simulator/0',
      service_type_info: { id: serviceTypeOf(account) },
      verify_type_info: { id: verifyType },
      user_name: originalId,
      alias: '',
      qrcode_url: 'http://mmbiz.qpic.cn/mmbiz_jpg/simulator/0',
      principal_name: verifyType === -1 ? '' : verification.principalName,
      business_info: { open_store: 0, open_scan: 0, open_pay: 0, open_card: 0, open_shake: 0 },
      account_status: accountStatus,
      ...(verification.kind === 'mini-program' ? miniProgramPart() : {}),
    },
    authorization_info: {
      authorizer_appid: appid,
      ...(authorisation.refreshToken ? { authorizer_refresh_token: authorisation.refreshToken } : {}),
      func_info: funcInfoOf(account),
    },
  };
}

const miniProgramPart = () => ({
  signature: '',
  register_type: 0,
  MiniProgramInfo: {
    network: {
      RequestDomain: [],
      WsRequestDomain: [],
      UploadDomain: [],
      DownloadDomain: [],
      BizDomain: [],
      UDPDomain: [],
    },
    categories: [],
    visit_status: 0,
  },
});

function list({ world, body }: PlatformCall): object {
  const { offset, count } = body;
  if (!isWhole(offset) || !isWhole(count) || count === 0 || count > MOST_LISTED)
    throw refuse.wrongArgument('offset or count');
  const authorised = world.openPlatform
    .all()
    .filter((account): account is AuthorisedAccount => account.authorisation !== null);
  const isTold = world.openPlatform.settings.listsRefreshTokens;
  return {
    total_count: authorised.length,
    list: authorised.slice(offset, offset + count).map(({ appid, authorisation }) => ({
      authorizer_appid: appid,
      ...(isTold && authorisation.refreshToken ? { refresh_token: authorisation.refreshToken } : {}),
      auth_time: Math.floor(authorisation.authorisedAt / 1000),
    })),
  };
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** `account_type`. */
const ACCOUNT_TYPES = { subscription: 1, service: 2, 'mini-program': 3 } as const;
const PERSONAL = 0;
const CHINA = 1017;

/** What getaccountbasicinfo tells of an account. @param now virtual Unix milliseconds */
export function basicInfoOf({ appid, principalType, credential, verification }: CustomerAccount, now: number): object {
  const { kind, principalName, nickname, realname, customerType } = verification;
  return {
    errcode: 0,
    errmsg: 'ok',
    appid,
    account_type: ACCOUNT_TYPES[kind],
    principal_type: principalType,
    principal_name: principalName,
    ...(principalType !== PERSONAL && credential ? { credential } : {}),
    realname_status: realname,
    customer_type: customerType,
    registered_country: CHINA,
    nickname,
    wx_verify_info: verifyInfoOf(verification, now),
    signature_info: { signature: '', modify_used_count: 0, modify_quota: 5 },
    head_image_info: { head_image_url: 'http://wx.qlogo.cn/mmhead/simulator/0', modify_used_count: 0, modify_quota: 5 },
    nickname_info: { nickname, modify_used_count: 0, modify_quota: 2 },
  };
}

/** The review window is told only of an account that is qualified. */
function verifyInfoOf(verification: CustomerAccount['verification'], now: number): object {
  const { isQualified, isNamed } = standingOf(verification, now);
  if (!isQualified) return { qualification_verify: false, naming_verify: isNamed };
  const { from, until } = verification;
  return {
    qualification_verify: true,
    naming_verify: isNamed,
    annual_review: from !== null && until !== null && from <= now,
    ...(from === null ? {} : { annual_review_begin_time: Math.floor(from / 1000) }),
    ...(until === null ? {} : { annual_review_end_time: Math.floor(until / 1000) }),
  };
}
