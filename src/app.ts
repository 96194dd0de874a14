import { existsSync } from 'node:fs';
import { bodyParser } from '@koa/bodyparser';
import Koa from 'koa';
import { catalogueRoutes } from './catalogue/index.ts';
import { audienceRoutes } from './audiences/index.ts';
import { campaignRoutes, staffMessageRoutes } from './campaigns/index.ts';
import { complaintRoutes } from './complaints/index.ts';
import { identityRoutes, publicIdentityRoutes, signedIn, staffCustomerRoutes } from './identity/index.ts';
import { invoiceRoutes, publicInvoiceRoutes, staffInvoiceRoutes } from './invoices/index.ts';
import { booksRoutes } from './ledger/index.ts';
import { messageRoutes, messageTemplateRoutes, pushRoutes } from './messages/index.ts';
import { orderRoutes, staffOrderRoutes } from './orders/index.ts';
import { createNoticeSettler, noticeRoutes, paymentRoutes } from './payments/index.ts';
import { billRoutes, governmentRoutes, reconciliationRoutes } from './reconciliation/index.ts';
import { reportRoutes } from './reports/index.ts';
import { errorHandler } from './platform/http/error-handler.ts';
import { onlyJson } from './platform/http/only-json.ts';
import type { DoorRoutes } from './platform/http/openapi.ts';
import { docsRoutes, healthRoutes } from './platform/http/own-door.ts';
import { hearOut } from './platform/http/hear-out.ts';
import { pages } from './platform/http/pages.ts';
import { rateLimit } from './platform/http/rate-limit.ts';
import { requestLog } from './platform/http/request-log.ts';
import { type Context, type DoorState, newRoutes } from './platform/http/routes.ts';
import { securityHeaders } from './platform/http/security.ts';
import { refundRoutes, reroutingRoutes, staffRefundRoutes } from './refunds/index.ts';
import { shipmentRoutes } from './shipping/index.ts';
import {
  accountRoutes,
  customerAccountRoutes,
  openPlatformRoutes,
  ownAuthorisationRoutes,
  publicAccountRoutes,
  publicAuthorisationRoutes,
} from './verification/index.ts';
import { taskRoutes } from './tasks/index.ts';
import { publicStaffRoutes, staffAccessRoutes, staffRoutes, staffSignedIn } from './staff/index.ts';
import type { World } from './world.ts';

const BODY_LIMIT = '64kb';

export interface AppOptions {
  /** Folder of the built customer page; left out when it is not there. */
  pages?: string;
  version: string;
  /** True once the process is ending: it is not ready for more. */
  isStopping?: () => boolean;
}

/** Middleware and doors, on one page. */
export function createApp(world: World, options: AppOptions): Koa<DoorState> {
  const { config } = world;
  const app = new Koa<DoorState>({ proxy: config.TRUSTED_PROXIES > 0, maxIpsCount: config.TRUSTED_PROXIES });
  // Whatever passes the error handler (a client that went away, for one) is logged, never printed with its insides.
  app.on('error', (error: unknown) => world.log.warn({ err: error }, 'connection failed'));
  app.use(hearOut as unknown as Koa.Middleware<DoorState>);
  app.use(requestLog(world.log, world.metrics) as Koa.Middleware<DoorState>);
  app.use(securityHeaders(config) as unknown as Koa.Middleware<DoorState>);
  app.use(errorHandler(world.log) as Koa.Middleware<DoorState>);

  const customer = customerDoors(world);
  const staff = staffDoors(world);
  const wechat = wechatDoor(world);
  const own = ownDoor(world, options);
  const doors = newRoutes();
  doors.use('/app', ...customer.before);
  for (const { routes } of customer.open) doors.use('/app', routes.routes());
  doors.use('/app', signedIn(world.desk), ...customer.closed.map(({ routes }) => routes.routes()));
  doors.use('/staff', ...staff.before);
  for (const path of ['/staff/sessions', '/staff/enrolments']) doors.use(path, staff.fewAttempts);
  for (const { routes } of staff.open) doors.use('/staff', routes.routes());
  doors.use('/staff', staffSignedIn(world.desk), ...staff.closed.map(({ routes }) => routes.routes()));
  doors.use('/wechat', ...wechat.before, ...wechat.open.map(({ routes }) => routes.routes()));
  for (const { routes } of own) doors.use(routes.routes());
  const documented = [...customer.open, ...customer.closed, ...staff.open, ...staff.closed, ...wechat.open, ...own];
  doors.use(docsRoutes(documented, { version: options.version, origin: config.PUBLIC_ORIGIN }).routes());
  app.use(doors.routes() as unknown as Koa.Middleware<DoorState>);
  app.use(doors.allowedMethods() as unknown as Koa.Middleware<DoorState>);
  if (options.pages && existsSync(options.pages)) app.use(pages(options.pages));
  return app;
}

/** What every door with JSON can refuse with. */
const ALWAYS = [
  'request.malformed',
  'request.too_large',
  'request.unsupported_media_type',
  'request.rate_limited',
  'server.error',
] as const satisfies DoorRoutes['refuses'];

/** Nobody yet, nothing kept by anybody between us, so many requests a minute, JSON. */
const beforeJson = ({ desk, database, config }: World, door: 'app' | 'staff', uploads: readonly RegExp[] = []) => [
  async (ctx: Context, next: () => Promise<unknown>) => {
    ctx.state.desk = desk.as({ kind: 'nobody', requestId: ctx.state.requestId });
    ctx.set('Cache-Control', 'no-store');
    await next();
  },
  rateLimit(database, door, config.RATE_LIMIT_PER_MINUTE),
  onlyJson(uploads),
  bodyParser({ enableTypes: ['json'], jsonLimit: BODY_LIMIT, jsonStrict: true }) as never,
];

/** What customers call: some before they have signed in. */
function customerDoors(world: World) {
  const base = { prefix: '/app', refuses: ALWAYS, security: [] } satisfies Partial<DoorRoutes>;
  const closed: Omit<DoorRoutes, 'routes' | 'tag'> = {
    ...base,
    refuses: [...ALWAYS, 'session.required', 'session.expired', 'request.foreign_origin'],
    security: ['session', 'cookie'],
  };
  return {
    before: beforeJson(world, 'app'),
    open: [
      { ...base, tag: 'Sign in', routes: publicIdentityRoutes },
      { ...base, tag: 'Catalogue', routes: catalogueRoutes },
      { ...base, tag: 'Invoice files', routes: publicInvoiceRoutes },
      { ...base, tag: 'Authorisation of accounts', routes: publicAuthorisationRoutes },
      { ...base, tag: 'Account badges', routes: publicAccountRoutes },
    ] satisfies DoorRoutes[],
    closed: [
      { ...closed, tag: 'Me', routes: identityRoutes },
      { ...closed, tag: 'Orders', routes: orderRoutes },
      { ...closed, tag: 'Payments', routes: paymentRoutes },
      { ...closed, tag: 'Refunds', routes: refundRoutes },
      { ...closed, tag: 'Invoices', routes: invoiceRoutes },
      { ...closed, tag: 'Messages', routes: messageRoutes },
      { ...closed, tag: 'My accounts', routes: customerAccountRoutes },
      { ...closed, tag: 'My accounts', routes: ownAuthorisationRoutes },
    ] satisfies DoorRoutes[],
  };
}

/** Where staff send a file as it is. */
const UPLOADS = [
  /^\/staff\/(audience-lists|bills|reconciliation\/attachments|verification-proofs)$/,
  /^\/staff\/complaints\/[^/]+\/images$/,
  /^\/staff\/invoices\/[^/]+\/(red-letters\/[^/]+\/)?file$/,
] as const;

/** What staff and their machines call. */
function staffDoors(world: World) {
  const base = { prefix: '/staff', refuses: ALWAYS, security: [] } satisfies Partial<DoorRoutes>;
  const closed: Omit<DoorRoutes, 'routes' | 'tag'> = {
    ...base,
    refuses: [...ALWAYS, 'staff.session_required', 'staff.session_expired', 'staff.key_expired'],
    security: ['staff'],
  };
  return {
    before: beforeJson(world, 'staff', UPLOADS),
    fewAttempts: rateLimit(world.database, 'staff-sign-in', world.config.STAFF_SIGN_IN_LIMIT_PER_MINUTE),
    open: [{ ...base, tag: 'Staff sign in', routes: publicStaffRoutes }] satisfies DoorRoutes[],
    closed: [
      { ...closed, tag: 'Staff', routes: staffRoutes },
      { ...closed, tag: 'Staff access', routes: staffAccessRoutes },
      { ...closed, tag: 'Customers', routes: staffCustomerRoutes },
      { ...closed, tag: 'Message templates', routes: messageTemplateRoutes },
      { ...closed, tag: 'Messages to customers', routes: staffMessageRoutes },
      { ...closed, tag: 'Audiences', routes: audienceRoutes },
      { ...closed, tag: 'Campaigns', routes: campaignRoutes },
      { ...closed, tag: 'Tasks', routes: taskRoutes },
      { ...closed, tag: 'Orders by staff', routes: staffOrderRoutes },
      { ...closed, tag: 'Refunds by staff', routes: staffRefundRoutes },
      { ...closed, tag: 'Refunds by staff', routes: reroutingRoutes },
      { ...closed, tag: 'Invoices by staff', routes: staffInvoiceRoutes },
      { ...closed, tag: 'Books', routes: booksRoutes },
      { ...closed, tag: 'Government fees', routes: governmentRoutes },
      { ...closed, tag: 'Bills', routes: billRoutes },
      { ...closed, tag: 'Reconciliation', routes: reconciliationRoutes },
      { ...closed, tag: 'Reports', routes: reportRoutes },
      { ...closed, tag: 'Shipping information', routes: shipmentRoutes },
      { ...closed, tag: 'Complaints', routes: complaintRoutes },
      { ...closed, tag: 'Accounts', routes: accountRoutes },
    ] satisfies DoorRoutes[],
  };
}

/** What WeChat calls: raw bytes, the signature is the login. */
function wechatDoor(world: World) {
  const base = { prefix: '/wechat', tag: 'WeChat', refuses: [], refusesBare: true, security: [] } as const;
  const desk = world.desk.as({ kind: 'wechat' });
  return {
    before: [
      async (ctx: Context, next: () => Promise<unknown>) => {
        ctx.state.desk = desk;
        await next();
      },
      refuseUnreadable,
    ],
    open: [
      { ...base, routes: noticeRoutes(createNoticeSettler(world.desk)) },
      { ...base, routes: pushRoutes },
      { ...base, routes: openPlatformRoutes },
    ] satisfies DoorRoutes[],
  };
}

/** Too large, cut short: refused with a bare status and one line, like everything that is not proved to be WeChat's. */
async function refuseUnreadable(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  try {
    await next();
  } catch (error) {
    const { status } = (error ?? {}) as { status?: unknown };
    if (typeof status !== 'number' || status >= 500) throw error;
    ctx.state.desk.log.warn(
      { requestId: ctx.state.requestId, status },
      'a message that claims to be WeChat’s cannot be read',
    );
    ctx.status = status;
    ctx.body = '';
  }
}

/** What those call who run it. */
const ownDoor = ({ database, metrics, log, config }: World, { isStopping = () => false }: AppOptions) =>
  [
    {
      prefix: '',
      tag: 'Server',
      refuses: [],
      security: [],
      routes: healthRoutes({ database, metrics, log, isStopping, metricsToken: config.METRICS_TOKEN }),
    },
  ] satisfies DoorRoutes[];
