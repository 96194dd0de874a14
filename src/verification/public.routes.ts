import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { getBadge } from './badge.ts';
import { badgeView, byCode } from './customer-schema.ts';

/** What needs no session: whoever has the code may look. */
export const publicAccountRoutes = newRoutes();

publicAccountRoutes.get(
  '/badges/:code',
  accept(
    {
      summary: 'How an account stands at this moment, whose owner shows it; nothing that identifies it beyond its name',
      params: byCode,
      answers: { status: 200, data: badgeView },
      refuses: ['account.badge_not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await getBadge(ctx.state.desk, params.code) };
    },
  ),
);
