import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { loadConfig } from '../config/index.ts';
import { createApp } from './app.ts';
import { servicesFolder } from './catalogue/index.ts';
import { askForRegistration } from './complaints/index.ts';
import { askForFapiaoRegistration } from './invoices/index.ts';
import { askForSync } from './messages/index.ts';
import { startClockwork } from './platform/jobs/index.ts';
import { run } from './run.ts';
import { timedWork } from './schedule.ts';
import { createWorld, prepareWorld } from './world.ts';

/** Longer than proxies keep a connection open (most: 60 s): one that we close while a request is on its way is an error to a customer. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 70_000;
/** Requests under way are given so long when the process ends. */
const GRACE_MS = 15_000;

const root = path.resolve(servicesFolder(), '../..');

/** Starts the server. @returns how it is ended */
async function begin(): Promise<() => Promise<void>> {
  const config = loadConfig(process.env);
  const world = await createWorld(config);
  await prepareWorld(world);
  let isStopping = false;
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const app = createApp(world, {
    pages: path.join(root, 'miniprogram/dist/h5'),
    version,
    isStopping: () => isStopping,
  });
  const answer = app.callback();
  const server = createServer({ headersTimeout: HEADERS_MS }, (request, response) => void answer(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, config.PORT, config.HOST);
  await world.desk.pay.start();
  await askForSync(world.desk);
  await askForRegistration(world.desk);
  await askForFapiaoRegistration(world.desk);
  const clockwork = config.WORKER_IN_SERVER ? startClockwork(world.desk, timedWork) : undefined;
  if (config.WORKER_IN_SERVER) world.jobs.start();
  world.log.info({ origin: config.PUBLIC_ORIGIN, worker: config.WORKER_IN_SERVER }, 'listening');

  return async () => {
    isStopping = true;
    clockwork?.stop();
    await finishRequests(server);
    await world.close();
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is in use; set PORT to another one.`) : error),
    );
    server.listen(port, host, resolve);
  });
}

/** Takes no new connection, lets what is under way finish, and waits no longer than that. */
function finishRequests(server: Server): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

await run(begin);
