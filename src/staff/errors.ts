import { AppError } from '../platform/errors.ts';

/** One answer for a wrong name, password or code, a locked and a disabled account: none tells what was right. */
export const signInRefused = () => new AppError(401, 'staff.sign_in_refused');
export const sessionRequired = () => new AppError(401, 'staff.session_required');
export const sessionExpired = () => new AppError(401, 'staff.session_expired');
export const keyExpired = () => new AppError(401, 'staff.key_expired');
export const invitationRefused = () => new AppError(401, 'staff.invitation_refused');
export const codeRefused = () => new AppError(422, 'staff.code_refused');
export const memberNotFound = () => new AppError(404, 'staff.member_not_found');
export const usernameTaken = () => new AppError(409, 'staff.username_taken');
export const ownAccount = () => new AppError(409, 'staff.own_account');
export const lastAdministrator = () => new AppError(409, 'staff.last_administrator');
export const teamNotFound = () => new AppError(404, 'staff.team_not_found');
export const teamNameTaken = () => new AppError(409, 'staff.team_name_taken');
export const keyNotFound = () => new AppError(404, 'staff.key_not_found');
