import type { IncomingMessage } from 'node:http';
import type { Context } from './routes.ts';

/** More than this, or longer, nobody is heard out: they find the connection closed. */
const MOST_BYTES = 32 * 1024 * 1024;
const LONGEST_MS = 5000;

/**
 * Who is refused in the middle of a request is answered when the rest has come and been thrown away. A connection that is closed
 * while the other side still sends is reset, and the reason is lost with the answer (behind a proxy: 502).
 */
export async function hearOut(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  await next();
  if (ctx.status >= 400 && !ctx.req.complete && !ctx.req.destroyed) await throwAway(ctx.req);
}

function throwAway(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, LONGEST_MS);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) resolve();
    });
    for (const end of ['end', 'close', 'error']) request.once(end, resolve);
    request.once('close', () => clearTimeout(timer));
    request.resume();
  });
}
