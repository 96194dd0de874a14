import { accept } from '../platform/http/accept.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { backAddress } from './back-path.ts';
import { consentsToAsk } from './consents-to-ask.ts';
import { describeCustomer } from './describe-customer.ts';
import { deviceName } from './device-name.ts';
import { ownPage } from './own-page.ts';
import { presentCustomer, presentSession, presentSettings } from './presenter.ts';
import {
  callbackQuery,
  frontSettings,
  jsSdkQuery,
  jsSdkView,
  miniProgramLoginBody,
  sessionView,
  startQuery,
} from './schema.ts';
import { findBrowserCookie, findSessionCookie, setBrowserCookie, setSessionCookie } from './session-cookie.ts';
import { signInMiniProgram } from './sign-in-mini-program.ts';
import { finishWebSignIn, startWebSignIn } from './web-sign-in.ts';

/** What may be asked before anyone is signed in. */
export const publicIdentityRoutes = newRoutes();

const deviceOf = (ctx: Context): string => deviceName(ctx.get('User-Agent'));

publicIdentityRoutes.post(
  '/sessions/mini-program',
  accept(
    {
      summary: 'Sign in with the code of wx.login.',
      body: miniProgramLoginBody,
      answers: { status: 201, data: sessionView },
      refuses: ['session.code_refused', 'session.blocked', 'upstream.unavailable', 'upstream.refused'],
    },
    async (ctx, { body }) => {
      const { desk } = ctx.state;
      const opened = await signInMiniProgram(desk, body.code, body.device ?? deviceOf(ctx));
      const customer = await describeCustomer(desk, opened.session.customerId);
      ctx.status = 201;
      ctx.body = { data: presentSession(opened, presentCustomer(customer, 'mini-program')) };
    },
  ),
);

publicIdentityRoutes.get(
  '/oauth/start',
  accept(
    {
      summary: 'Send the browser to WeChat to be signed in; it comes back to `back`, a path on this origin.',
      query: startQuery,
      answers: { status: 302 },
    },
    async (ctx, { query }) => {
      const scope = query.scope === 'base' ? 'snsapi_base' : 'snsapi_userinfo';
      const browser = findBrowserCookie(ctx);
      const started = await startWebSignIn(ctx.state.desk, { scope, back: query.back, browser });
      setBrowserCookie(ctx, started.browser);
      redirect(ctx, started.address);
    },
  ),
);

publicIdentityRoutes.get(
  '/oauth/callback',
  accept(
    {
      summary: 'Where WeChat sends the browser back to. A refusal is told to the page as `signInError` in its query.',
      query: callbackQuery,
      answers: { status: 302 },
    },
    async (ctx, { query }) => {
      const ended = await finishWebSignIn(ctx.state.desk, {
        ...query,
        browser: findBrowserCookie(ctx),
        token: findSessionCookie(ctx),
        device: deviceOf(ctx),
      });
      if (ended.opened) setSessionCookie(ctx, ended.opened.token, ended.opened.session.expiresAt);
      redirect(ctx, backAddress(ended.backTo, ended.refusal));
    },
  ),
);

publicIdentityRoutes.get(
  '/settings',
  accept(
    { summary: 'What a page must know before anyone signs in.', answers: { status: 200, data: frontSettings } },
    async (ctx) => {
      ctx.body = { data: presentSettings(ctx.state.desk, await consentsToAsk(ctx.state.desk)) };
    },
  ),
);

publicIdentityRoutes.get(
  '/js-sdk',
  accept(
    {
      summary: 'Parameters of wx.config for one of our pages.',
      query: jsSdkQuery,
      answers: { status: 200, data: jsSdkView },
      refuses: ['upstream.unavailable', 'upstream.refused'],
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      const page = ownPage(query.url, desk.config.PUBLIC_ORIGIN);
      ctx.body = { data: await desk.officialAccount.jsSdkParameters(page) };
    },
  ),
);

/** An answer of one moment for one browser: nothing between us keeps it. */
function redirect(ctx: Context, address: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(address);
}
