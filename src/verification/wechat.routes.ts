import { Authorisation } from '../../entities/authorisation.ts';
import { receivePush } from '../messages/index.ts';
import { accept } from '../platform/http/accept.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { receiveAuthorisation } from './authorisation-told.ts';
import { byAppid } from './schema.ts';

const MAX_BYTES = 64 * 1024;

/** Where WeChat pushes tickets, authorisations, and what concerns the authorised accounts. Sealed always; kept, answered, worked on afterwards. */
export const openPlatformRoutes = newRoutes();

const shape = {
  takes: { contentTypes: ['text/xml'], about: 'Sealed with the third-party platform’s key' },
  answers: { status: 200, contentType: 'text/plain' },
} as const;

openPlatformRoutes.post(
  '/open-platform',
  accept({ ...shape, summary: 'WeChat pushes a ticket or tells of an authorisation' }, async (ctx) => {
    const { desk } = ctx.state;
    if (!desk.openPlatform) return refuse(ctx, 'not_configured');
    const opened = desk.openPlatform.openPush(ctx.query, await readRawBody(ctx, MAX_BYTES));
    if (!opened.ok) return refuse(ctx, opened.reason);
    const { push } = opened;
    if (push.infoType === 'component_verify_ticket') await desk.openPlatform.keepTicket(push.ticket, push.at);
    else await desk.transaction((work) => receiveAuthorisation(work, push), { retryDuplicates: true });
    ctx.body = 'success';
  }),
);

openPlatformRoutes.post(
  '/open-platform/:appid',
  accept(
    { ...shape, summary: 'WeChat pushes what concerns an authorised account', params: byAppid },
    async (ctx, { params: { appid } }) => {
      const { desk } = ctx.state;
      const known = desk.openPlatform && (await desk.db.findOneBy(Authorisation, { appid }));
      if (!known) return refuse(ctx, 'appid');
      const bytes = await readRawBody(ctx, MAX_BYTES);
      const opened = desk.openPlatform!.openAccountPush(known, ctx.query, bytes);
      if (!opened.ok) return refuse(ctx, opened.reason);
      const { push } = opened;
      // What its followers do is the account's own business.
      if (push.content.type === 'verification' || push.content.type === 'verification_note')
        await desk.transaction((work) => receivePush(work, push), { retryDuplicates: true });
      ctx.body = 'success';
    },
  ),
);

function refuse(ctx: Context, reason: string): void {
  ctx.state.desk.log.warn({ requestId: ctx.state.requestId, path: '/open-platform', reason }, 'push refused');
  ctx.status = 403;
  ctx.body = '';
}
