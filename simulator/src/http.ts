import Koa, { type DefaultContext, type Middleware } from 'koa';
import { setTimeout as pause } from 'node:timers/promises';
import getRawBody from 'raw-body';
import type { FaultRule } from './faults.ts';
import { leversRouter } from './levers/index.ts';
import { payRouter } from './pay/index.ts';
import { phoneRouter } from './phone/index.ts';
import { platformRouter } from './platform/index.ts';
import type { CallState } from './routing.ts';
import { webRouter } from './web/index.ts';
import type { World } from './world.ts';

type Step = Middleware<CallState, DefaultContext>;
type Context = Parameters<Step>[0];

/** Every host of WeChat on one port: their paths do not collide. */
export function createApp(world: World): Koa<CallState, DefaultContext> {
  const app = new Koa<CallState, DefaultContext>();
  app.silent = true;
  app.on('error', tellDefect);
  app.use(writeDown(world));
  app.use(closeDoors(world));
  app.use(readBytes);
  app.use(makeFaults(world));
  const routers = [payRouter(world), platformRouter(world), webRouter(world), phoneRouter(world), leversRouter(world)];
  for (const router of routers) app.use(router.routes());
  return app;
}

/** Refusals and callers who hang up are part of the game; the rest is a defect of the simulator. */
function tellDefect(error: NodeJS.ErrnoException & { expose?: boolean; type?: string }): void {
  if (error.expose || error.code || error.type === 'request.aborted') return;
  process.stderr.write(`simulator: ${error.stack}\n`);
}

/** Levers and the phone are ours: no fault hits them and no log names them. */
const isOurs = (path: string): boolean => path.startsWith('/levers') || path.startsWith('/phone');

function writeDown(world: World): Step {
  return async (ctx, next) => {
    const at = world.clock.now();
    const started = performance.now();
    ctx.state.door = isBackupPort(world, ctx.req.socket.localPort) ? 'backup' : 'primary';
    ctx.state.fault = null;
    try {
      await next();
    } finally {
      if (!isOurs(ctx.path)) {
        world.calls.add({
          at,
          method: ctx.method,
          path: ctx.url,
          door: ctx.state.door,
          status: ctx.respond === false && ctx.req.socket.destroyed ? null : ctx.status,
          ...(ctx.state.code === undefined ? {} : { code: ctx.state.code }),
          ...nameFault(ctx),
          ms: Math.round(performance.now() - started),
        });
      }
    }
  };
}

const nameFault = ({ state }: Context): { fault?: string } => (state.fault ? { fault: state.fault.kind } : {});

const isBackupPort = (world: World, port: number | undefined): boolean =>
  world.addresses.backupOrigin.endsWith(`:${port}`);

/** A Pay domain that is down without a port of its own cuts the connection; the other hosts on the same port live on. */
function closeDoors(world: World): Step {
  return async (ctx, next) => {
    const { primaryDown, backupDown } = world.pay.settings;
    const isDown = ctx.state.door === 'backup' ? backupDown : primaryDown;
    if (isDown && ctx.path.startsWith('/v3/')) return reset(ctx);
    await next();
  };
}

const readBytes: Step = async (ctx, next) => {
  ctx.state.rawBody = await getRawBody(ctx.req, { limit: '4mb' });
  await next();
};

function makeFaults(world: World): Step {
  return async (ctx, next) => {
    if (isOurs(ctx.path)) return next();
    if (world.settings.latencyMs > 0) await pause(world.settings.latencyMs);
    const rule = world.faults.take(ctx.method, ctx.path, world.clock.now());
    ctx.state.fault = rule;
    if (rule?.ms && rule.kind !== 'delay-after-effect') await pause(rule.ms);
    if (rule?.kind === 'reset-before') return reset(ctx);
    if (rule?.kind === 'html-502') return badGateway(ctx);
    await next();
    if (rule?.kind === 'delay-after-effect') await pause(rule.ms ?? 0);
    if (rule) spoil(ctx, rule);
  };
}

function spoil(ctx: Context, rule: FaultRule): void {
  if (rule.kind === 'reset-after-effect') reset(ctx);
  if (rule.kind === 'truncated-body') truncate(ctx);
  if (rule.kind === 'text-plain') ctx.type = 'text/plain; charset=utf-8';
}

function reset(ctx: Context): void {
  ctx.respond = false;
  ctx.req.socket.resetAndDestroy();
}

function badGateway(ctx: Context): void {
  ctx.status = 502;
  ctx.type = 'text/html';
  ctx.body =
    '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>';
}

/** Promises the whole length, sends half and cuts the connection. */
function truncate(ctx: Context): void {
  const body = asBytes(ctx.body);
  ctx.respond = false;
  ctx.res.setHeader('Content-Length', String(body.length));
  ctx.res.write(body.subarray(0, Math.floor(body.length / 2)), () => ctx.req.socket.destroy());
}

function asBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? ''), 'utf8');
}
