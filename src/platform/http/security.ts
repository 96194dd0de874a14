import helmet from 'koa-helmet';
import type { Config } from '../../../config/index.ts';
import { AppError } from '../errors.ts';
import type { Context } from './routes.ts';

/** Headers that keep a browser safe. WeChat's script and the pages that may frame ours come from the configuration. */
export function securityHeaders(config: Config) {
  const ancestors = config.FRAME_ANCESTORS.split(' ').filter(Boolean);
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", config.WECHAT_SCRIPT_ORIGIN],
        // The component library and Taro set sizes by style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'https://*.qlogo.cn'],
        // The component library brings its icons inside its style sheet.
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", config.WECHAT_SCRIPT_ORIGIN],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ancestors.length > 0 ? ["'self'", ...ancestors] : ["'self'"],
      },
    },
    frameguard: ancestors.length > 0 ? false : { action: 'sameorigin' },
    strictTransportSecurity: config.isProduction,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  });
}

const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * A cookie travels with any page's request, so a deed that relies on it must come from our own page: it carries a header that
 * a foreign form cannot set, and the browser's word on where it comes from, where it gives one.
 * @throws {AppError} request.foreign_origin
 */
export function assertOwnPage(ctx: Context, publicOrigin: string): void {
  if (!UNSAFE.has(ctx.method)) return;
  const origin = ctx.get('Origin');
  const isOwn = ctx.get('X-Requested-With') === 'tongban' && (origin === '' || origin === publicOrigin);
  if (!isOwn) throw new AppError(403, 'request.foreign_origin');
}
