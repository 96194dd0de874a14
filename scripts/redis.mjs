// A private Redis for tests: own port, nothing kept on disk; started and stopped by the caller.
import { spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram, freePort } from './programs.mjs';

export const hasRedis = () => findProgram('redis-server') !== null;

/** @returns {Promise<{ url: string, port: number, stop: () => Promise<void> }>} */
export async function startRedis({ port } = {}) {
  const server = findProgram('redis-server');
  if (!server) throw new Error('Redis is not installed: install the package redis-server.');
  const on = port ?? (await freePort());
  const child = spawn(server, ['--port', String(on), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
    cwd: process.platform === 'win32' ? undefined : '/',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const { Redis } = await import('ioredis');
  const probe = new Redis({ port: on, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null });
  probe.on('error', () => undefined);
  for (const until = Date.now() + 30_000; ; await pause(50)) {
    if (child.exitCode !== null) throw new Error(`Redis ended at once with code ${child.exitCode}`);
    if (Date.now() > until) throw new Error('Redis did not answer within half a minute');
    const answer = await probe
      .connect()
      .then(() => probe.ping())
      .catch(() => null);
    if (answer === 'PONG') break;
    probe.disconnect();
  }
  probe.disconnect();
  return {
    url: `redis://127.0.0.1:${on}`,
    port: on,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
