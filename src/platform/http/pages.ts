import type Koa from 'koa';
import sirv from 'sirv';
import type { DoorState } from './routes.ts';

/** The bundler's hash in a name. */
const HASHED = /\.[0-9a-f]{8,}\./;

/** A built page from its folder. Names with a hash in them never change; the page itself is asked for each time. */
export function pages(folder: string): Koa.Middleware<DoorState> {
  const serve = sirv(folder, {
    etag: true,
    setHeaders: (response, path) =>
      response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  });
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    const isServed = await new Promise<boolean>((resolve, reject) => {
      ctx.res
        .once('finish', () => resolve(true))
        .once('close', () => resolve(true))
        .once('error', reject);
      ctx.res.statusCode = 200;
      serve(ctx.req, ctx.res, () => resolve(false));
    });
    if (isServed) {
      ctx.respond = false;
      return undefined;
    }
    ctx.res.statusCode = 404;
    return next();
  };
}
