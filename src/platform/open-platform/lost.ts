import { UpstreamError } from '../errors.ts';
import { isUpstream } from '../wechat-api/failure.ts';

/** 61003: the account is not authorised to us. Source: official documentation, 第三方平台 error tables. */
const NOT_AUTHORISED = 61003;

export const LOST = 'authorisation_lost';

/** The owner took it back, or our key to it is lost: only he can authorise again. */
export const isAuthorisationLost = (error: unknown): error is UpstreamError => isUpstream(error) && error.code === LOST;

export const lostReasonOf = ({ wechatCode }: UpstreamError): 'not_authorised' | 'refresh_token_invalid' =>
  wechatCode === NOT_AUTHORISED ? 'not_authorised' : 'refresh_token_invalid';

/** Known without asking WeChat. */
export const authorisationLost = () =>
  new UpstreamError('open-platform', 'refused', LOST, false, { action: 'surface' });
