import type { Context } from '../platform/http/routes.ts';
import type { Desk } from '../platform/work.ts';
import { sessionRequired } from './errors.ts';
import { findStaff } from './find-staff.ts';

/**
 * The login of the staff door: `Authorization: Bearer` with a session's token or an API key.
 * @throws {AppError} staff.session_required, staff.session_expired, staff.key_expired
 */
export function staffSignedIn(desk: Desk) {
  return async (ctx: Context, next: () => Promise<unknown>): Promise<void> => {
    const token = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1];
    if (!token) throw sessionRequired();
    ctx.state.staff = await findStaff(desk, token, ctx.state.requestId);
    ctx.state.desk = desk.as(ctx.state.staff);
    await next();
  };
}
