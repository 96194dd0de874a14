/**
 * `npm start` with everything installed and built: seconds until the first order is served, and the memory of server and worker
 * (one process) when idle. `npm run bench -- start`. Last line: one JSON object.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { Phone } from '../support/phone.ts';
import { freePort } from '../support/server-process.ts';
import { median, memoryMb } from './support/measures.ts';

const RUNS = 5;
const IDLE_MS = 10_000;

interface Run {
  seconds: number;
  rssMb: number;
}

/** The server that this `npm start` started. */
function serverOf(ancestor: number): number {
  const read = (pid: string, name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  const parentOf = (pid: string) => /PPid:\s+(\d+)/.exec(read(pid, 'status'))![1]!;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!read(pid, 'cmdline').includes('dist/src/server.js')) continue;
      for (let up = pid; Number(up) > 1; up = parentOf(up)) if (Number(up) === ancestor) return Number(pid);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error('the server is not running');
}

const hasEnded = (child: ChildProcess) => new Promise<void>((resolve) => child.once('exit', () => resolve()));

async function firstOrder(origin: string, simulatorOrigin: string): Promise<void> {
  const lever = async <T>(address: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${simulatorOrigin}/levers${address}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    });
    return (await answer.json()) as T;
  };
  const phone = new Phone({ origin, simulatorOrigin, personId: 'lin', lever });
  await phone.signInMiniProgram();
  const order = await phone.order();
  if (order.state !== 'awaiting_payment') throw new Error(`the order is ${order.state}`);
}

async function run(): Promise<Run> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tongban-start-'));
  const [port, simulatorPort, backupPort] = [await freePort(), await freePort(), await freePort()];
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    env: {
      ...process.env,
      PORT: String(port),
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_BACKUP_PORT: String(backupPort),
      DATA_FOLDER: folder,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      npm.stdout.on('data', (text: Buffer) => {
        if (String(text).includes('/docs')) resolve();
      });
      npm.once('exit', () => reject(new Error('npm start ended')));
    });
    await firstOrder(`http://127.0.0.1:${port}`, `http://127.0.0.1:${simulatorPort}`);
    const seconds = (performance.now() - startedAt) / 1000;
    await pause(IDLE_MS);
    return { seconds, rssMb: memoryMb(serverOf(npm.pid!), 'VmRSS') };
  } finally {
    const ended = hasEnded(npm);
    // As a terminal's Ctrl-C does, to the whole group: npm alone does not hand it on to what its shell started.
    process.kill(-npm.pid!, 'SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

const runs: Run[] = [];
for (let at = 1; at <= RUNS; at += 1) {
  const done = await run();
  runs.push(done);
  process.stdout.write(
    `run ${at}: ${done.seconds.toFixed(2)} s to the first order, ${Math.round(done.rssMb)} MB idle\n`,
  );
}
process.stdout.write(
  `${JSON.stringify({ seconds: Number(median(runs.map((one) => one.seconds)).toFixed(2)), rssMb: Math.round(median(runs.map((one) => one.rssMb))) })}\n`,
);
