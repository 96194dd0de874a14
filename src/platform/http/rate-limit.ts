import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterMySQL, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Database } from '../database/index.ts';
import { AppError } from '../errors.ts';
import type { Context } from './routes.ts';

const TABLE = 'rate_limits';

/** So many requests a minute from one address. Processes that share a MySQL database share the count. */
export function rateLimit(database: Database, name: string, perMinute: number) {
  const limiter = createLimiter(database, name, perMinute);
  return async (ctx: Context, next: () => Promise<unknown>): Promise<void> => {
    try {
      await limiter.consume(callerOf(ctx.ip));
    } catch (spent) {
      if (spent instanceof Error) throw spent;
      ctx.set('Retry-After', String(Math.ceil((spent as { msBeforeNext: number }).msBeforeNext / 1000)));
      throw new AppError(429, 'request.rate_limited');
    }
    await next();
  };
}

/** Of IPv6 the network: one household, or one phone, has all of its addresses. */
function callerOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const [first, last] = [head, tail].map((part) => part.split(':').filter(Boolean));
  const middle = Array<string>(plain.includes('::') ? 8 - first!.length - last!.length : 0).fill('0');
  return [...first!, ...middle, ...last!].slice(0, 4).join(':');
}

function createLimiter(database: Database, keyPrefix: string, points: number): RateLimiterAbstract {
  const inProcess = new RateLimiterMemory({ keyPrefix, points, duration: 60 });
  if (!database.pool) return inProcess;
  return new RateLimiterMySQL({
    storeClient: database.pool,
    storeType: 'pool',
    dbName: database.name,
    tableName: TABLE,
    tableCreated: true,
    keyPrefix,
    points,
    duration: 60,
    // A database that is down must not lock customers out by this door's doing.
    insuranceLimiter: inProcess,
  });
}
