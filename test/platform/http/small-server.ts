import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { errorHandler } from '../../../src/platform/http/error-handler.ts';
import { hearOut } from '../../../src/platform/http/hear-out.ts';
import { requestLog } from '../../../src/platform/http/request-log.ts';
import { type Context, type DoorState, newRoutes, type Routes } from '../../../src/platform/http/routes.ts';
import { createLog } from '../../../src/platform/log.ts';
import { createMetrics } from '../../../src/platform/metrics.ts';

export interface SmallServer {
  origin: string;
  logged: string[];
  metrics: ReturnType<typeof createMetrics>;
  stop(): Promise<void>;
}

type Middleware = (ctx: Context, next: () => Promise<unknown>) => Promise<void>;

/** The product's own middleware around routes of a test. */
export async function serve(
  describeRoutes: (routes: Routes) => void,
  { before = [], proxies = 0 }: { before?: Middleware[]; proxies?: number } = {},
): Promise<SmallServer> {
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const metrics = createMetrics();
  const routes = newRoutes();
  describeRoutes(routes);
  const app = new Koa<DoorState>({ proxy: proxies > 0, maxIpsCount: proxies });
  for (const middleware of [hearOut, requestLog(log, metrics), errorHandler(log), ...before, routes.routes()])
    app.use(middleware as unknown as Koa.Middleware<DoorState>);
  app.use(routes.allowedMethods() as unknown as Koa.Middleware<DoorState>);
  const answer = app.callback();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logged,
    metrics,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
