import { createHash } from 'node:crypto';
import { renderSVG } from 'uqr';
import { LeverError } from '../errors.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import { findHolder } from '../web/authorize.ts';
import type { World } from '../world.ts';
import { readPage } from './page-files.ts';
import { Pockets } from './pockets.ts';
import { presentConsole } from './present-console.ts';
import { presentPhone } from './present-phone.ts';
import { openPaySheet, type SheetWish } from './pay-sheet.ts';
import { isReachable } from './reachable.ts';

/** Scripts, styles and frames: the page loads nothing from elsewhere but what is opened in its browser. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src * data:',
  'frame-src http: https:',
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** A phone with WeChat in it, held by the person whom the cookie `phone` names. */
export function phoneRouter(world: World): SimulatorRouter {
  const router = newRouter('/phone');
  let files: ReturnType<typeof readPage> | undefined;
  const fileOf = (name: string) => (files ??= readPage()).get(name);
  const pockets = new Pockets();

  router.use(async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Content-Type-Options', 'nosniff');
    try {
      await next();
    } catch (error) {
      if (!(error instanceof LeverError)) throw error;
      ctx.status = error.status;
      ctx.body = { error: error.message };
    }
  });

  router.get('/', (ctx) => {
    // Relative addresses of the page need the slash.
    if (!ctx.path.endsWith('/')) return ctx.redirect(`/phone/${ctx.search}`);
    ctx.set('Content-Security-Policy', POLICY);
    ctx.type = 'html';
    ctx.body = fileOf('index.html');
  });

  router.get('/page/*file', (ctx) => {
    const name = ctx.params.file ?? '';
    const bytes = fileOf(name);
    if (!bytes) return;
    ctx.type = name.slice(name.lastIndexOf('.'));
    ctx.body = bytes;
  });

  router.get('/state', (ctx) => {
    const person = findHolder(ctx, world);
    const text = JSON.stringify({ ...presentPhone(world, person), console: presentConsole(world, person) });
    const version = createHash('sha1').update(text).digest('base64url');
    // The clock moves all the time, so it is told beside what seldom changes.
    ctx.set('Phone-Clock', String(world.clock.now()));
    ctx.set('Phone-Version', version);
    ctx.status = 204;
    if (ctx.query.known === version) return;
    ctx.status = 200;
    ctx.type = 'json';
    ctx.body = text;
  });

  router.post('/holder', (ctx) => {
    const person = world.people.get(leverBody<{ personId: string }>(ctx).personId ?? '');
    pockets.change(ctx, findHolder(ctx, world)?.id ?? null, person.id);
    ctx.body = person;
  });

  router.post('/pay-sheet', (ctx) => {
    const person = findHolder(ctx, world);
    if (!person) throw new LeverError(409, 'nobody holds the phone');
    ctx.body = openPaySheet(world, person, leverBody<SheetWish>(ctx));
  });

  router.get('/qr', (ctx) => {
    const text = String(ctx.query.text ?? '');
    if (text === '' || text.length > 500) throw new LeverError(400, 'text is 1 to 500 characters');
    ctx.type = 'image/svg+xml';
    ctx.body = renderSVG(text, { border: 2 });
  });

  router.get('/reachable', async (ctx) => {
    ctx.body = { reachable: await isReachable(String(ctx.query.url ?? '')) };
  });

  return router;
}
