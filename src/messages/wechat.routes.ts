import { accept } from '../platform/http/accept.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { receivePush } from './receive-push.ts';

const MAX_BYTES = 64 * 1024;

/** Where WeChat pushes messages and events of both apps. Kept, answered, worked on afterwards. */
export const pushRoutes = newRoutes();

for (const [path, gateway] of [
  ['/official-account', 'officialAccount'],
  ['/mini-program', 'miniProgram'],
] as const) {
  pushRoutes.get(
    path,
    accept(
      { summary: 'WeChat checks the address of pushes', answers: { status: 200, contentType: 'text/plain' } },
      async (ctx) => {
        const echo = ctx.state.desk[gateway].verifyServerUrl(ctx.query);
        if (echo === null) return refuse(ctx, path, 'signature');
        // To the letter, and never taken for a page.
        ctx.type = 'text/plain';
        ctx.body = echo;
      },
    ),
  );

  pushRoutes.post(
    path,
    accept(
      {
        summary: 'WeChat pushes a message or an event; the signatures in the query are the login',
        takes: { contentTypes: ['text/xml', 'application/json'], about: 'As configured at WeChat, sealed or open' },
        answers: { status: 200, contentType: 'text/plain' },
      },
      async (ctx) => {
        const { desk } = ctx.state;
        const opened = desk[gateway].openPush(ctx.query, await readRawBody(ctx, MAX_BYTES));
        if (!opened.ok) return refuse(ctx, path, opened.reason);
        await desk.transaction((work) => receivePush(work, opened.push), { retryDuplicates: true });
        ctx.body = 'success';
      },
    ),
  );
}

function refuse(ctx: Context, path: string, reason: string): void {
  ctx.state.desk.log.warn({ requestId: ctx.state.requestId, path, reason }, 'push refused');
  ctx.status = 403;
  ctx.body = '';
}
