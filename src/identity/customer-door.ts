import type { Context } from '../platform/http/routes.ts';
import { assertOwnPage } from '../platform/http/security.ts';
import type { Desk } from '../platform/work.ts';
import { sessionExpired, sessionRequired } from './errors.ts';
import { findSession } from './find-session.ts';
import { findSessionCookie, setSessionCookie } from './session-cookie.ts';

/**
 * The login of the customer door: the mini-program sends `Authorization: Bearer`, the browser its cookie.
 * @throws {AppError} session.required, session.expired, request.foreign_origin
 */
export function signedIn(desk: Desk) {
  return async (ctx: Context, next: () => Promise<unknown>): Promise<void> => {
    const bearer = findBearer(ctx);
    const token = bearer ?? findSessionCookie(ctx);
    if (!token) throw sessionRequired();
    const isCookie = bearer === null;
    if (isCookie) assertOwnPage(ctx, desk.config.PUBLIC_ORIGIN);

    const found = await findSession(desk, token);
    if (!found) throw sessionExpired();
    if (isCookie && found.isExtended) setSessionCookie(ctx, token, found.expiresAt);

    const { customerId, sessionId, identityId, appKind } = found;
    ctx.state.customer = { customerId, sessionId, identityId, appKind };
    ctx.state.desk = desk.as({ kind: 'customer', id: customerId });
    await next();
  };
}

const findBearer = (ctx: Context): string | null => /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1] ?? null;
