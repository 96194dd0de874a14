import getRawBody from 'raw-body';
import type { Context } from './routes.ts';

/** The bytes as they came: what WeChat signed. Beyond the limit the request is refused with 413. */
export const readRawBody = (ctx: Context, limitBytes: number): Promise<Buffer> =>
  getRawBody(ctx.req, { limit: limitBytes, length: ctx.get('content-length') || null });
