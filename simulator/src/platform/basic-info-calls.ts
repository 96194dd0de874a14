import { accountManagementOf } from '../open-platform/account.ts';
import { basicInfoOf } from '../open-platform/account-calls.ts';
import { findAuthorizer } from '../open-platform/component-call.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import type { App } from './app.ts';
import { mountCall, ownAppOf } from './platform-call.ts';
import * as refuse from './refusals.ts';

/** China, as in the samples. */
const COUNTRY = 1017;
const KIND = { 'official-account': 2, 'mini-program': 3 } as const;
const CUSTOMER = { none: 0, enterprise: 1, personal: 15 } as const;
const REAL_NAME = { passed: 1, inProgress: 2 } as const;
const INTRODUCTION = '企业服务一站式办理：公司注册、商标、资质许可、微信认证';

/** What an account is, and the state of its verification (official documentation, 获取基本信息). */
export function mountBasicInfoCalls(router: SimulatorRouter, world: World): void {
  // The current page has POST without a body, older pages and SDKs GET.
  const rules = { path: '/cgi-bin/account/getaccountbasicinfo', method: 'either', token: 'none' } as const;
  mountCall(router, world, { ...rules, bodyOptional: true }, (call) => {
    const customers = findAuthorizer(call, ({ verification }) => accountManagementOf(verification.kind));
    if (customers) return basicInfoOf(customers, world.clock.now());
    const { method } = call;
    const app = ownAppOf(call);
    const { basicInfo, basicInfoMethods } = app.settings;
    if (basicInfo === 'not_available') throw refuse.notAuthorised();
    if (basicInfoMethods === 'get' && method !== 'GET') throw refuse.mustGet();
    if (basicInfoMethods === 'post' && method !== 'POST') throw refuse.mustPost();
    return describe(app);
  });
}

function describe(app: App): object {
  const { accountName, principalName, credential } = app.settings;
  const isPersonal = credential === '';
  const isShownQualified = showsQualified(app);
  const customer = isPersonal ? CUSTOMER.personal : CUSTOMER.enterprise;
  return {
    errcode: 0,
    errmsg: 'ok',
    appid: app.appid,
    account_type: KIND[app.kind],
    principal_type: isPersonal ? 0 : 1,
    principal_name: principalName,
    ...(isPersonal ? {} : { credential }),
    realname_status: app.verification.wasQualified ? REAL_NAME.passed : REAL_NAME.inProgress,
    customer_type: isShownQualified ? customer : CUSTOMER.none,
    registered_country: COUNTRY,
    nickname: accountName,
    wx_verify_info: describeVerification(app, isShownQualified),
    signature_info: { signature: INTRODUCTION, modify_used_count: 0, modify_quota: 5 },
    head_image_info: {
      head_image_url: `http://wx.qlogo.cn/mmhead/${app.originalId}/0`,
      modify_used_count: 0,
      modify_quota: 5,
    },
    nickname_info: { nickname: accountName, modify_used_count: 0, modify_quota: 2 },
  };
}

/** Whether an account that lapsed still says that it is qualified, only with an end that is over, is not published. */
const showsQualified = ({ verification, settings }: App): boolean =>
  verification.isQualified || (verification.isLapsed && settings.lapseShownAs === 'end-passed');

function describeVerification({ verification, settings }: App, isQualified: boolean): object {
  const flag = (value: boolean) => (settings.basicInfoFlags === 'number' ? Number(value) : value);
  return {
    qualification_verify: flag(isQualified),
    naming_verify: flag(isQualified && verification.hasName),
    ...(isQualified
      ? {
          annual_review: flag(verification.isReviewDue),
          annual_review_begin_time: verification.reviewFrom! / 1000,
          annual_review_end_time: verification.until! / 1000,
        }
      : {}),
  };
}
