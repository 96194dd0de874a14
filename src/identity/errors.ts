import type { ErrorCode } from '../contracts/errors.ts';
import { AppError, UpstreamError } from '../platform/errors.ts';

export const sessionRequired = () => new AppError(401, 'session.required');
export const sessionExpired = () => new AppError(401, 'session.expired');
export const sessionNotFound = () => new AppError(404, 'session.not_found');
export const stateInvalid = () => new AppError(401, 'session.state_invalid');
export const consentRefused = () => new AppError(401, 'session.consent_refused');
export const snapshotUser = () => new AppError(403, 'session.snapshot');
export const phoneOnlyInMiniProgram = () => new AppError(403, 'phone.mini_program_only');
export const customerNotFound = () => new AppError(404, 'customer.not_found');
export const teamNotFound = () => new AppError(404, 'staff.team_not_found');
export const mergeNotFound = () => new AppError(404, 'request.not_found');

/** What a person is told when WeChat did not let them in. Anything that WeChat did not cause is handed back as it is. */
export function signInRefusal(error: unknown): unknown {
  if (error instanceof UpstreamError && error.code === 'user_blocked') return new AppError(403, 'session.blocked');
  return upstreamRefusal(error, 401, 'session.code_refused');
}

/** What a person is told when WeChat did not give their phone number. */
export const phoneRefusal = (error: unknown): unknown => upstreamRefusal(error, 422, 'phone.code_refused');

/** A code that is used up or too old is the person's to get anew; a moment's trouble is told apart from a refusal. */
function upstreamRefusal(error: unknown, status: number, codeRefused: ErrorCode): unknown {
  if (!(error instanceof UpstreamError)) return error;
  if (error.action === 'ask_user') return new AppError(status, codeRefused);
  if (error.retryable || error.kind !== 'refused') return new AppError(503, 'upstream.unavailable');
  return new AppError(502, 'upstream.refused');
}
