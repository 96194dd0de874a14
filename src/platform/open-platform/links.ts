import type { LinkWish } from './open-platform.ts';
import type { OpenPlatformSettings } from './settings.ts';

/** The numbers are those of WeChat's own samples; no page confirms them. */
const AUTH_TYPES: Record<LinkWish['kind'], string> = { official_account: '1', mini_program: '2', any: '3' };

/** Source: official documentation, 授权流程技术说明. */
export function linksFor(settings: OpenPlatformSettings, preAuthCode: string, { redirectUri, kind, appid }: LinkWish) {
  const shared = {
    component_appid: settings.appid,
    pre_auth_code: preAuthCode,
    redirect_uri: redirectUri,
    auth_type: AUTH_TYPES[kind],
    ...(appid === undefined ? {} : { biz_appid: appid }),
  };
  const desktop = new URLSearchParams(shared).toString();
  const phone = new URLSearchParams({ action: 'bindcomponent', no_scan: '1', ...shared }).toString();
  return {
    desktop: `${settings.desktopOrigin}/cgi-bin/componentloginpage?${desktop}`,
    phone: `${settings.phoneOrigin}/wxaopen/safe/bindcomponent?${phone}#wechat_redirect`,
  };
}
