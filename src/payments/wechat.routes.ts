import { accept } from '../platform/http/accept.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { newRoutes } from '../platform/http/routes.ts';
import type { createNoticeSettler } from './settle-notices.ts';

/** WeChat's notices are a few hundred bytes; the documentation names no limit. */
const MAX_BYTES = 64 * 1024;

/**
 * Where WeChat Pay tells us that money came. The signature is the login: what is not proved is refused with a bare status, and
 * causes no call of ours. The answer is given after the commit.
 */
export function noticeRoutes(settler: ReturnType<typeof createNoticeSettler>) {
  const routes = newRoutes();
  const shape = {
    summary:
      'WeChat Pay tells of a payment, a refund, a complaint or a fapiao; the signature in the headers is the login',
    takes: { contentTypes: ['application/json'], about: 'A sealed notice' },
    answers: { status: 204 },
  };
  routes.post(
    '/pay/notices',
    accept(shape, async (ctx) => {
      const outcome = ctx.state.desk.pay.openNotice(await readRawBody(ctx, MAX_BYTES), ctx.headers);
      if (!outcome.opened) {
        // Genuine but not readable is our fault (a wrong APIv3 key, most likely): WeChat shall send it again.
        ctx.status = outcome.genuine ? 500 : 401;
        ctx.body = '';
        return;
      }
      await settler.settle(outcome.notice);
      ctx.status = 204;
    }),
  );
  return routes;
}
