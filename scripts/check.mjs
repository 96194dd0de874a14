// `npm run check`: types, lint, format, import directions, dead code, file length. Runs all and tells all.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ensureInstalled, root } from './prepare.mjs';

const MAX_LINES = 410;
/** Fewer files than this mean that the directions were not looked at. */
const LEAST_MODULES = 250;

const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const run = (command, args) => spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const ok = (done) => (done.status === 0 ? null : `${done.stdout}${done.stderr}`);

function directions() {
  const done = run(bin('depcruise'), [
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err',
    'src',
    'entities',
    'config',
    'templates',
    'simulator/src',
    'miniprogram/src',
    'test',
  ]);
  const looked = Number(/\((\d+) modules/.exec(done.stdout)?.[1] ?? 0);
  if (done.status === 0 && looked < LEAST_MODULES) return `only ${looked} modules were looked at`;
  return ok(done);
}

/** Of files under version control and new ones; data, lock files and pictures do not count. */
function lengths() {
  const files = run('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx', '*.mjs', '*.cjs', '*.scss'])
    .stdout.trim()
    .split('\n')
    .filter(Boolean);
  const long = files.flatMap((file) => {
    const lines = readFileSync(path.join(root, file), 'utf8').split('\n').length - 1;
    return lines > MAX_LINES ? [`${file}: ${lines} lines`] : [];
  });
  return long.length > 0 ? `files above ${MAX_LINES} lines:\n${long.join('\n')}` : null;
}

const CHECKS = {
  'types of server, simulator and tests': () => ok(run(bin('tsc'), ['--noEmit', '-p', 'tsconfig.json'])),
  'types of the phone': () => ok(run(bin('tsc'), ['--noEmit', '-p', 'miniprogram'])),
  lint: () =>
    ok(
      run(bin('oxlint'), [
        '--type-aware',
        '--deny-warnings',
        'src',
        'entities',
        'config',
        'templates',
        'simulator/src',
        'miniprogram/src',
        'test',
        'scripts',
      ]),
    ),
  format: () => ok(run(bin('prettier'), ['--check', '--log-level', 'warn', '.'])),
  directions,
  'dead code': () => ok(run(bin('knip'), ['--no-progress'])),
  'length of files': lengths,
};

ensureInstalled();
let failures = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  const fault = check();
  process.stdout.write(`${fault ? '✗' : '✓'} ${name}\n${fault ? `${fault.trim()}\n` : ''}`);
  if (fault) failures += 1;
}
process.exit(failures > 0 ? 1 : 0);
