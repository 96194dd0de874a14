import { UpstreamError } from '../platform/errors.ts';
import { accept } from '../platform/http/accept.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { invitationPage, outcomePage } from './authorisation-pages.ts';
import { finishAuthorisation, outcomeOf } from './finish-authorisation.ts';
import { authorisationLinkView, byToken, returnQuery } from './schema.ts';
import { findStart, openStart, startAuthorisation } from './start-authorisation.ts';

/** Pages for whoever manages an account, who need not be a customer: the link is the login. */
export const publicAuthorisationRoutes = newRoutes();

const answers = { status: 200, contentType: 'text/html' };

const show = (ctx: Context, html: string): void => {
  ctx.type = 'html';
  ctx.body = html;
};

publicAuthorisationRoutes.get(
  '/authorisations/:token',
  accept(
    { summary: 'A page that leads to WeChat’s, where an account is authorised', params: byToken, answers },
    async (ctx, { params: { token } }) => {
      const { desk } = ctx.state;
      const start = desk.openPlatform && (await findStart(desk, token));
      if (!start) return show(ctx, outcomePage('link_over'));
      if (start.usedAt) return show(ctx, outcomePage(await outcomeOf(desk, start)));
      try {
        const links = await openStart(desk, start, token);
        show(ctx, invitationPage(links, ctx.get('User-Agent').includes('MicroMessenger')));
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        desk.log.warn({ code: error.code }, 'an authorisation could not be begun');
        show(ctx, outcomePage('unavailable'));
      }
    },
  ),
);

publicAuthorisationRoutes.get(
  '/authorisations/:token/return',
  accept(
    {
      summary: 'Where WeChat sends whoever has authorised an account, or has not',
      params: byToken,
      query: returnQuery,
      answers,
    },
    async (ctx, { params, query }) => {
      show(ctx, outcomePage(await finishAuthorisation(ctx.state.desk, params.token, query.auth_code)));
    },
  ),
);

/** What customers begin themselves. */
export const ownAuthorisationRoutes = newRoutes();

ownAuthorisationRoutes.post(
  '/authorisations',
  accept(
    {
      summary: 'A link by which whoever manages an account lets us see how it stands',
      answers: { status: 201, data: authorisationLinkView },
      refuses: ['account.authorisation_unavailable'],
    },
    async (ctx) => {
      const { desk, customer } = ctx.state;
      ctx.status = 201;
      ctx.body = { data: await startAuthorisation(desk, customer.customerId, null) };
    },
  ),
);
