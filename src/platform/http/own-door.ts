import { z } from 'zod';
import { isSame } from '../crypto.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { accept } from './accept.ts';
import { docsPage } from './docs-page.ts';
import { type DoorRoutes, openApiDocument } from './openapi.ts';
import { type Context, newRoutes, type Routes } from './routes.ts';

/** What those ask who run the server, and who read about it. */
export interface OwnDoor {
  database: { ping(): Promise<void> };
  metrics: Metrics;
  log: Logger;
  /** With a token, whoever has it may read the metrics; without, only this machine. */
  metricsToken: string | undefined;
  /** True once the process is ending: it is not ready for more. */
  isStopping(): boolean;
}

const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

export function healthRoutes({ database, metrics, log, metricsToken, isStopping }: OwnDoor): Routes {
  const routes = newRoutes();
  routes.get(
    '/healthz',
    accept({ summary: 'The process lives', answers: { status: 200, data: z.literal('ok') } }, async (ctx) => {
      ctx.body = { data: 'ok' };
    }),
  );
  routes.get(
    '/readyz',
    accept(
      {
        summary: 'The process takes requests: its database answers, and it is not ending',
        answers: { status: 200, data: z.literal('ready') },
        refuses: ['server.stopping', 'server.not_ready'],
      },
      async (ctx) => {
        if (isStopping()) throw new AppError(503, 'server.stopping');
        await database.ping().catch((error: unknown) => {
          log.error({ err: error, requestId: ctx.state.requestId }, 'the database does not answer');
          throw new AppError(503, 'server.not_ready');
        });
        ctx.body = { data: 'ready' };
      },
    ),
  );
  routes.get(
    '/metrics',
    accept(
      {
        summary: 'Counters for Prometheus; for this machine, or with the configured bearer token',
        answers: { status: 200, contentType: 'text/plain' },
        refuses: ['request.not_found'],
      },
      async (ctx) => {
        if (!isAllowedToMeasure(ctx, metricsToken)) throw new AppError(404, 'request.not_found');
        ctx.type = metrics.registry.contentType;
        ctx.body = await metrics.registry.metrics();
      },
    ),
  );
  return routes;
}

/** The documentation of all doors, itself among them. */
export function docsRoutes(doors: readonly DoorRoutes[], about: { version: string; origin: string }): Routes {
  const routes = newRoutes();
  routes.get(
    '/openapi.json',
    accept({ summary: 'This document', answers: { status: 200, contentType: 'application/json' } }, async (ctx) => {
      ctx.body = document;
    }),
  );
  routes.get(
    '/docs',
    accept({ summary: 'This document as a page', answers: { status: 200, contentType: 'text/html' } }, async (ctx) => {
      ctx.type = 'html';
      ctx.body = page;
    }),
  );
  const own = { prefix: '', tag: 'Server', routes, refuses: [], security: [] } satisfies DoorRoutes;
  const document = openApiDocument([...doors, own], about);
  const page = docsPage(document as never);
  return routes;
}

/** A proxy on this machine speaks for somebody else. */
function isAllowedToMeasure(ctx: Context, token: string | undefined): boolean {
  if (token) return isSame(ctx.get('Authorization'), `Bearer ${token}`);
  const isDirect = ctx.get('X-Forwarded-For') === '' && ctx.get('Forwarded') === '';
  return isDirect && LOOPBACK.includes(ctx.req.socket.remoteAddress ?? '');
}
