import { PlatformError, platformAnswer } from '../errors.ts';
import type { FaultRule } from '../faults.ts';
import type { SimulatorContext, SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import type { App, AppKind } from './app.ts';
import * as refuse from './refusals.ts';

/** One call to api.weixin.qq.com, past the checks that every call goes through. */
export interface PlatformCall {
  readonly world: World;
  readonly method: string;
  readonly path: string;
  /** The caller's IPv4 address. */
  readonly ip: string;
  /** The JSON object of the body; empty for a GET. */
  readonly body: Record<string, unknown>;
  /** A query parameter; empty when absent. */
  query(name: string): string;
  /** The account of the token. Throws when the path takes none. */
  readonly app: App;
  /** Counts the call against the quotas of an account. @throws PlatformError 45009, 45011 */
  count(appid: string): void;
}

export interface CallRules {
  path: string;
  method: 'GET' | 'POST' | 'either';
  /** Whose token the path takes; `none` for paths that come with an AppSecret or a code. */
  token: AppKind | 'any' | 'none';
  /** The path may be called with an empty body. */
  bodyOptional?: boolean;
}

/** An object, or finished JSON where a number is too large for JavaScript. */
export type Answer = object | string;

/** Mounts one path of api.weixin.qq.com. Refusals are HTTP 200 with errcode, errmsg and a rid. */
export function mountCall(
  router: SimulatorRouter,
  world: World,
  rules: CallRules,
  handle: (call: PlatformCall) => Answer | Promise<Answer>,
): void {
  router.all(rules.path, async (ctx) => {
    ctx.status = 200;
    ctx.type =
      rules.path.startsWith('/sns/') && world.platform.settings.snsTextPlain ? 'text/plain' : 'application/json';
    ctx.body = await answerCall(ctx, world, rules, handle);
  });
}

/** The paths of api.weixin.qq.com that a router knows. */
export const mountedPaths = (router: SimulatorRouter): string[] => router.stack.map(({ path }) => String(path));

async function answerCall(
  ctx: SimulatorContext,
  world: World,
  rules: CallRules,
  handle: (call: PlatformCall) => Answer | Promise<Answer>,
): Promise<string> {
  try {
    refuseByFault(ctx.state.fault, ipOf(ctx));
    const answer = await handle(readCall(ctx, world, rules));
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return ctx.state.fault?.kind === 'number-string-flip' ? flipNumbers(text) : text;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return JSON.stringify(refusalOf(ctx, world, error));
  }
}

function refusalOf(ctx: SimulatorContext, world: World, error: PlatformError): object {
  const at = world.clock.now();
  const refusal = platformAnswer(error, at);
  ctx.state.code = error.errcode;
  const { searchParams } = ctx.URL;
  world.platform.rids.remember(refusal, {
    appid: world.platform.tokens.check(searchParams.get('access_token') ?? '').appid ?? searchParams.get('appid'),
    at,
    url: ctx.path,
    requestBody: ctx.state.rawBody.toString('utf8'),
    ip: ipOf(ctx),
  });
  return refusal;
}

function readCall(ctx: SimulatorContext, world: World, rules: CallRules): PlatformCall {
  if (rules.method === 'GET' && ctx.method !== 'GET') throw refuse.mustGet();
  if (rules.method === 'POST' && ctx.method !== 'POST') throw refuse.mustPost();
  const query = (name: string) => ctx.URL.searchParams.get(name) ?? '';
  const count = (appid: string) => countCall(world, appid, ctx.path);
  const app = rules.token === 'none' ? null : appOfToken(world, query('access_token'), rules.token);
  if (app) count(app.appid);
  return {
    world,
    method: ctx.method,
    path: ctx.path,
    ip: ipOf(ctx),
    body: rules.method === 'GET' ? {} : readBody(ctx.state.rawBody, rules.bodyOptional ?? false),
    query,
    count,
    get app(): App {
      if (!app) throw new Error(`${rules.path} takes no token`);
      return app;
    },
  };
}

export const appsOf = (world: World): App[] => [world.officialAccount, world.miniProgram];

/** The account of the token of a path that others' tokens work on as well. */
export function ownAppOf({ world, query, count }: PlatformCall): App {
  const app = appOfToken(world, query('access_token'), 'any');
  count(app.appid);
  return app;
}

function appOfToken(world: World, token: string, kind: AppKind | 'any'): App {
  if (token === '') throw refuse.tokenMissing();
  const { state, appid } = world.platform.tokens.check(token);
  if (state === 'malformed') throw refuse.malformedToken();
  if (state === 'expired') throw refuse.tokenExpired();
  const app = appsOf(world).find((candidate) => candidate.appid === appid);
  if (state !== 'valid' || !app) throw refuse.credentialNotLatest();
  if (kind !== 'any' && app.kind !== kind) throw refuse.notAuthorised();
  return app;
}

/** Refuses what an account that is banned, or may call nothing, may not call. */
export function assertInStanding(app: App): void {
  if (app.settings.standing === 'unauthorised') throw refuse.notAuthorised();
  if (app.settings.standing === 'banned') throw refuse.apiBanned();
}

function countCall(world: World, appid: string, path: string): void {
  const counted = world.platform.quotas.count(appid, path);
  if (counted === 'day-limit') throw refuse.dayLimit();
  if (counted === 'minute-limit') throw refuse.minuteLimit();
}

function readBody(raw: Buffer, mayBeEmpty: boolean): Record<string, unknown> {
  const text = raw.toString('utf8').trim();
  if (text === '' && mayBeEmpty) return {};
  if (text === '') throw refuse.emptyBody();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Refused below, like any other body that is no object.
  }
  throw refuse.badJson();
}

const ipOf = (ctx: SimulatorContext): string => (ctx.ip === '::1' ? '127.0.0.1' : ctx.ip.replace('::ffff:', ''));

/** What users report and no page explains. */
const UNKNOWN_CODE = 1119003;

function refuseByFault(fault: FaultRule | null, ip: string): void {
  if (fault === null) return;
  switch (fault.kind) {
    case 'busy':
      throw refuse.systemBusy();
    case 'daily-quota':
      throw refuse.dayLimit();
    case 'minute-quota':
      throw refuse.minuteLimit();
    case 'token-invalid-once':
      throw refuse.credentialNotLatest();
    case 'token-expired-once':
      throw refuse.tokenExpired();
    case 'ip-not-whitelisted':
      throw refuse.callerNotListed(ip);
    case 'unknown-code':
      throw new PlatformError(UNKNOWN_CODE, 'unknown error');
    case 'code':
      throw new PlatformError(Number(fault.code ?? -1), 'refused by the simulator');
    default:
  }
}

/**
 * Numbers become strings, short numeric strings numbers, booleans 0 and 1: the documentation's pages and samples disagree
 * with one another in this way. Long digit strings (phone numbers, ids) stay strings, as everywhere.
 */
function flipNumbers(json: string): string {
  return json.replace(/:(?:"([1-9]\d{0,8})"|(-?\d+)|(true|false))(?=[,}])/g, (_all, digits, number, truth) => {
    if (digits !== undefined) return `:${digits}`;
    return truth === undefined ? `:"${number}"` : `:${truth === 'true' ? 1 : 0}`;
  });
}
