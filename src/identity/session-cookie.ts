import type { Context } from '../platform/http/routes.ts';

const SESSION = 'tongban_session';
const BROWSER = 'tongban_browser';
/** Only the two addresses of the web sign-in read it. */
const BROWSER_PATH = '/app/oauth';
const BROWSER_MS = 15 * 60_000;

export const findSessionCookie = (ctx: Context): string | null => ctx.cookies.get(SESSION, { signed: false }) ?? null;
export const findBrowserCookie = (ctx: Context): string | null => ctx.cookies.get(BROWSER, { signed: false }) ?? null;

export function setSessionCookie(ctx: Context, token: string, expires: Date): void {
  setCookie(ctx, SESSION, token, { expires, path: '/' });
}

export function clearSessionCookie(ctx: Context): void {
  setCookie(ctx, SESSION, '', { expires: new Date(0), path: '/' });
}

/** What proves that the browser that comes back from WeChat is the one that left. */
export function setBrowserCookie(ctx: Context, browser: string): void {
  setCookie(ctx, BROWSER, browser, { maxAge: BROWSER_MS, path: BROWSER_PATH });
}

/** No script reads it, and no foreign page sends it along but by a plain link. */
function setCookie(
  ctx: Context,
  name: string,
  value: string,
  life: { path: string; expires: Date } | { path: string; maxAge: number },
): void {
  const secure = ctx.state.desk.config.PUBLIC_ORIGIN.startsWith('https:');
  // Behind a proxy the connection itself is plain; what the browser sees is PUBLIC_ORIGIN.
  ctx.cookies.secure = secure;
  ctx.cookies.set(name, value, { httpOnly: true, sameSite: 'lax', secure, signed: false, overwrite: true, ...life });
}
