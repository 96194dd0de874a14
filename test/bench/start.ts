/**
 * `npm start` with everything installed and built: seconds until the first order is served, and the memory of server and worker
 * (one process) when idle. `npm run bench -- start`. Last line: one JSON object.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { NpmStart } from '../support/npm-start.ts';
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

async function firstOrder(start: NpmStart): Promise<void> {
  const phone = start.phone('lin');
  await phone.signInMiniProgram();
  const order = await phone.order();
  if (order.state !== 'awaiting_payment') throw new Error(`the order is ${order.state}`);
}

async function run(): Promise<Run> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tongban-start-'));
  const startedAt = performance.now();
  const start = await NpmStart.begin(folder);
  try {
    await start.ready();
    await firstOrder(start);
    const seconds = (performance.now() - startedAt) / 1000;
    await pause(IDLE_MS);
    return { seconds, rssMb: memoryMb(serverOf(start.pid), 'VmRSS') };
  } finally {
    start.interrupt();
    await start.end;
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
