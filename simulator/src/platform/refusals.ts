import { PlatformError } from '../errors.ts';

/**
 * The words of api.weixin.qq.com, one function a code (official documentation, global return codes).
 * Wordings that no page gives are kept in the same tone.
 */
export const systemBusy = () => new PlatformError(-1, 'system error');
export const credentialNotLatest = () =>
  new PlatformError(
    40001,
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken',
  );
export const wrongGrantType = () => new PlatformError(40002, 'invalid grant_type');
export const wrongOpenid = () => new PlatformError(40003, 'invalid openid');
export const wrongAppid = () => new PlatformError(40013, 'invalid appid');
export const malformedToken = () => new PlatformError(40014, 'invalid access_token');
export const wrongCode = () => new PlatformError(40029, 'invalid code');
export const wrongRefreshToken = () => new PlatformError(40030, 'invalid refresh_token');
export const wrongListSize = () => new PlatformError(40032, 'invalid openid list size');
export const templateIdLength = () => new PlatformError(40036, 'invalid template_id size');
export const wrongTemplateId = () => new PlatformError(40037, 'invalid template_id');
export const wrongArgument = (name: string) => new PlatformError(40097, `invalid args ${name}`);
export const wrongSecret = () => new PlatformError(40125, 'invalid appsecret');
export const codeUsed = () => new PlatformError(40163, 'code been used');
export const callerNotListed = (ip: string) =>
  new PlatformError(40164, `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`);
export const riskyUser = () => new PlatformError(40226, 'high-risk user, login blocked');
export const secretFrozen = () => new PlatformError(40243, 'appsecret is frozen');
export const wrongTicket = () => new PlatformError(40091, 'invalid component ticket');
export const wrongComponentCredential = () => new PlatformError(40094, 'invalid component credential');
export const templateKeywords = () => new PlatformError(40246, 'invalid keyword list');
export const irregularContent = () => new PlatformError(40250, 'irregular content');
export const tokenMissing = () => new PlatformError(41001, 'access_token missing');
export const appidMissing = () => new PlatformError(41002, 'appid missing');
export const secretMissing = () => new PlatformError(41004, 'appsecret missing');
export const codeMissing = () => new PlatformError(41008, 'missing code');
export const openidMissing = () => new PlatformError(41009, 'missing openid');
export const pageNotReleased = () => new PlatformError(41030, 'invalid page');
export const tokenExpired = () => new PlatformError(42001, 'access_token expired');
export const refreshTokenExpired = () => new PlatformError(42002, 'refresh_token expired');
export const codeExpired = () => new PlatformError(42003, 'code expired');
export const componentTokenExpired = () => new PlatformError(42006, 'component_access_token expired');
export const passwordChanged = () =>
  new PlatformError(42007, 'access_token and refresh_token exception, the user changed the password');
export const mustGet = () => new PlatformError(43001, 'require GET method');
export const mustPost = () => new PlatformError(43002, 'require POST method');
export const mustFollow = () => new PlatformError(43004, 'require subscribe');
export const blacklisted = () => new PlatformError(43019, 'user is in the blacklist');
export const refusesMessage = () => new PlatformError(43101, 'user refuse to accept the msg');
export const parallelSends = () => new PlatformError(43108, 'frequency limit of sending to the same user in parallel');
export const emptyBody = () => new PlatformError(44002, 'empty post data');
export const dayLimit = () => new PlatformError(45009, 'reach max api daily quota limit');
export const minuteLimit = () =>
  new PlatformError(45011, 'api minute-quota reach limit, must slower, retry next minute');
export const tooManyTemplates = () => new PlatformError(45026, 'template num exceeds limit');
export const messageIdExists = () => new PlatformError(45065, 'clientmsgid exist');
export const badJson = () => new PlatformError(47001, 'data format error');
export const badField = (field: string) => new PlatformError(47003, `argument invalid! ${field} invalid`);
export const notAuthorised = () => new PlatformError(48001, 'api unauthorized');
export const refusesAll = () => new PlatformError(48002, 'user block receive message');
export const apiBanned = () => new PlatformError(48004, 'api forbidden for irregularities');
export const noResetLeft = () => new PlatformError(48006, 'forbid to clear quota because of reaching the limit');
export const userDidNotAuthorise = () => new PlatformError(50001, 'api unauthorized by user');
export const tokenForbidden = () => new PlatformError(50004, 'access_token is forbidden for this account');
export const accountFrozen = () => new PlatformError(50007, 'account is frozen');
export const notAuthorisedToComponent = () => new PlatformError(61003, 'component is not authorized by this account');
export const componentCallerNotListed = (ip: string) =>
  new PlatformError(61004, `access clientip is not registered requestIP: ${ip}`);
export const ticketExpired = () => new PlatformError(61005, 'component ticket is expired');
export const ticketInvalid = () => new PlatformError(61006, 'component ticket is invalid');
export const notGrantedToComponent = () => new PlatformError(61007, 'api is unauthorized to component');
export const authCodeInvalid = () => new PlatformError(61009, 'code is invalid');
export const authCodeExpired = () => new PlatformError(61010, 'code is expired');
export const wrongComponent = () => new PlatformError(61011, 'invalid component');
export const needsComponentToken = () => new PlatformError(61014, 'must use component token for component api');
export const needsAuthorizerToken = () => new PlatformError(61015, 'must use api token for authorizer api');
export const refreshTokenInvalid = () => new PlatformError(61023, 'refresh_token is invalid');
export const componentNotPublished = () => new PlatformError(61028, 'component is not published');
export const ridNotFound = () => new PlatformError(76001, 'rid not found');
export const ridMalformed = () => new PlatformError(76002, 'invalid rid');
export const ridForeign = () => new PlatformError(76003, 'rid does not belong to this account');
export const ridTooOld = () => new PlatformError(76004, 'rid is older than 7 days');
export const wrongApiPath = () => new PlatformError(76021, 'invalid cgi_path');
export const noQuotaRecord = () => new PlatformError(76022, 'cgi_path has no quota record');
export const sessionKeyGone = () => new PlatformError(87007, 'session_key is not existed or expired');
export const wrongSignMethod = () => new PlatformError(87008, 'invalid sig_method');
export const wrongSessionSignature = () => new PlatformError(87009, 'invalid signature');
