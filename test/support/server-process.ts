import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { isServerBuilt, nodeFlags } from '../../scripts/prepare.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const PATIENCE_MS = 60_000;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of the product as it is run, compiled, with nothing around it. */
export class ServerProcess {
  /** One JSON line each. */
  readonly logged: string[] = [];
  /** What it says when it cannot start. */
  complaint = '';
  /** Resolves when it is gone. */
  readonly end: Promise<Ended>;
  private readonly child: ChildProcess;

  constructor(
    environment: Record<string, string>,
    readonly port: number,
    program: 'server' | 'worker' = 'server',
  ) {
    this.child = spawn(process.execPath, [...nodeFlags, path.join(root, `dist/src/${program}.js`)], {
      cwd: root,
      env: { PATH: process.env.PATH, NODE_ENV: 'test', PORT: String(port), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface(this.child.stdout!).on('line', (line) => this.logged.push(line));
    this.child.stderr!.on('data', (chunk: Buffer) => (this.complaint += chunk.toString('utf8')));
    this.end = once(this.child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isGone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Nothing of it runs any more when this resolves. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.end;
  }

  /** @throws {Error} with its own words when it ends instead */
  async ready(): Promise<this> {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await pause(25)) {
      if (this.isGone) throw new Error(`the server ended instead of starting: ${this.complaint}`);
      const answer = await fetch(`${this.origin}/readyz`).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.ok) return this;
    }
    await this.kill();
    throw new Error(`the server did not get ready: ${this.complaint || this.logged.join('\n')}`);
  }
}

/** The compiled server on a free port. @throws {Error} when it was not compiled from the sources as they are */
export async function runServer(environment: Record<string, string>): Promise<ServerProcess> {
  assertBuilt();
  return new ServerProcess(environment, await freePort());
}

/** The compiled worker, which listens to nobody. @throws {Error} like {@link runServer} */
export function runWorker(environment: Record<string, string>): ServerProcess {
  assertBuilt();
  return new ServerProcess(environment, 0, 'worker');
}

/** Below the range that systems give to outgoing connections: none of those takes it while a server is started anew. */
const PORTS = { from: 20_000, until: 32_000 } as const;

const given = new Set<number>();

/** Never the same twice: who was given it may not listen yet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.until);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A test of an old build proves nothing about the sources. */
function assertBuilt(): void {
  if (isServerBuilt()) return;
  const stale = ['src', 'entities', 'config', 'templates'].flatMap(sourcesIn).filter(isNewerThanBuilt);
  if (stale.length === 0) return;
  throw new Error(
    `dist/ was not built from the sources as they are (${stale[0]} for one): run \`npx tsc -p tsconfig.build.json\`.`,
  );
}

const sourcesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => path.join(folder, file));

function isNewerThanBuilt(source: string): boolean {
  const built = path.join(root, 'dist', source.replace(/\.ts$/, '.js'));
  return !existsSync(built) || statSync(built).mtimeMs < statSync(path.join(root, source)).mtimeMs;
}
