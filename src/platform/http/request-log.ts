import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Context } from './routes.ts';

/** Gives every request its id, one line in the log and its place in the metrics: the pattern of the route, never the address with its parameters. */
export function requestLog(log: Logger, metrics: Metrics) {
  return async (ctx: Context, next: () => Promise<unknown>): Promise<void> => {
    const startedAt = performance.now();
    ctx.state.requestId = newId();
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
    const ms = performance.now() - startedAt;
    const matched = (ctx as { _matchedRoute?: string | RegExp })._matchedRoute;
    const [method, status] = [ctx.method, ctx.respond === false ? ctx.res.statusCode : ctx.status];
    const route = matched ? String(matched) : 'none';
    metrics.requestSeconds.observe({ route, method, status: String(status) }, ms / 1000);
    log.info({ requestId: ctx.state.requestId, method, route, status, ms: Math.round(ms) }, 'request');
  };
}
