import { spawn } from 'node:child_process';
import process from 'node:process';

/** `npm run …` as a person, or a script, runs it; how it ended, and all that it said. */
export function npmRun(
  environment: Record<string, string>,
  ...words: string[]
): Promise<{ code: number | null; said: string }> {
  const child = spawn('npm', ['run', '--silent', ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}
