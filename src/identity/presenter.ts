import type { AppKind } from '../../entities/wechat-identity.ts';
import type { CustomerView, DeviceView, FrontSettings, SessionView } from '../contracts/app.ts';
import type { StaffCustomerView } from '../contracts/customers.ts';
import type { SignedIn } from '../platform/http/routes.ts';
import { maskPhone } from '../platform/masks.ts';
import type { Work } from '../platform/work.ts';
import type { CustomerPortrait } from './describe-customer.ts';
import type { Device } from './list-devices.ts';
import { openPhone } from './phone-number.ts';
import type { OpenedSession } from './open-session.ts';
import type { KnownCustomer } from './staff-customers.ts';

export const presentCustomer = (customer: CustomerPortrait, signedInWith: AppKind): CustomerView => ({
  nickname: customer.nickname,
  phoneMasked: customer.phone === null ? null : maskPhone(customer.phone),
  follows: customer.follows,
  signedInWith,
});

export const presentForStaff = ({ vault }: Work, { customer, follow, tags }: KnownCustomer): StaffCustomerView => {
  const phone = openPhone(vault, customer);
  return {
    id: customer.id,
    nickname: customer.nickname,
    phoneMasked: phone === null ? null : maskPhone(phone),
    follow,
    teamId: customer.teamId,
    tags,
    createdAt: customer.createdAt.toISOString(),
  };
};

export const presentSession = ({ token, session }: OpenedSession, customer: CustomerView): SessionView => ({
  token,
  expiresAt: session.expiresAt.toISOString(),
  customer,
});

export const presentDevice = ({ session, appKind }: Device, current: SignedIn): DeviceView => ({
  id: session.id,
  device: session.device,
  signedInWith: appKind,
  lastSeenAt: session.lastSeenAt.toISOString(),
  isCurrent: session.id === current.sessionId,
});

/** Official documentation, JS-SDK: the script is loaded from this path of WeChat's own host. */
const JS_SDK_PATH = '/open/js/jweixin-1.6.0.js';

export const presentSettings = ({ config }: Work, consentTemplateIds: string[]): FrontSettings => ({
  jsSdkScript: config.WECHAT_SCRIPT_ORIGIN + JS_SDK_PATH,
  officialAccountAppid: config.OFFICIAL_ACCOUNT_APPID,
  officialAccountName: config.OFFICIAL_ACCOUNT_NAME,
  consentTemplateIds,
  agencyName: config.OFFICIAL_ACCOUNT_NAME,
  canAuthorise: config.OPEN_PLATFORM_APPID !== undefined,
});
