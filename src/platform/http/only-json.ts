import { AppError } from '../errors.ts';
import type { Context } from './routes.ts';

/**
 * A body of another kind would be left unread, and the caller told that every field is missing.
 * @param uploads of paths where a file comes as it is
 */
export const onlyJson =
  (uploads: readonly RegExp[]) =>
  async (ctx: Context, next: () => Promise<unknown>): Promise<void> => {
    // Null without a body, false when it is another kind. A browser says that it sends nothing, too.
    const isEmpty = ctx.get('Content-Length') === '0';
    const isUpload = (ctx.method === 'POST' || ctx.method === 'PUT') && uploads.some((path) => path.test(ctx.path));
    const isJson = ctx.request.is('json') !== false;
    if (!isEmpty && isJson === isUpload) throw new AppError(415, 'request.unsupported_media_type');
    await next();
  };
