// What `npm start`, `npm test` and `npm run bench` need before they can begin: packages, builds, and for tests some programs.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { hasMariadb } from './mariadb.mjs';
import { hasRedis } from './redis.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Of Node.js, for our processes. A heap that may grow to 2 GB and more lets garbage lie until it is three times what lives; below
 * that, as much as what lives.
 */
export const nodeFlags = ['--max-old-space-size=2000'];

const MANIFESTS = ['package.json', 'package-lock.json', 'miniprogram/package.json', 'simulator/package.json'];
const SERVER_SOURCES = [
  'src',
  'entities',
  'config',
  'templates',
  'simulator/src',
  'tsconfig.json',
  'tsconfig.build.json',
];
const PHONE_SOURCES = [
  'miniprogram/src',
  'miniprogram/config',
  'miniprogram/package.json',
  'miniprogram/tsconfig.json',
  'src/contracts',
];

/** Ends the program with one sentence. */
export function giveUp(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function filesOf(place) {
  const full = path.join(root, place);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [full];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** One hash over the content of files and folders. */
function hashOf(places) {
  const hash = createHash('sha256');
  for (const file of places.flatMap(filesOf))
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

const isDone = (stamp, hash) =>
  existsSync(path.join(root, stamp)) && readFileSync(path.join(root, stamp), 'utf8') === hash;

/** Does the work unless the stamp says that it was done from the very same sources. */
function once(stamp, places, what, work) {
  const hash = hashOf(places);
  if (isDone(stamp, hash)) return;
  process.stderr.write(`${what} …\n`);
  work();
  mkdirSync(path.dirname(path.join(root, stamp)), { recursive: true });
  writeFileSync(path.join(root, stamp), hash);
}

/** Runs a program quietly; what it said is shown when it fails. */
function run(command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, CI: 'true' },
  });
  if (done.error) giveUp(`${command} could not be started: ${done.error.message}`);
  if (done.status !== 0)
    giveUp(`${done.stdout.slice(-4000)}${done.stderr.slice(-4000)}\n\`${command} ${args.join(' ')}\` failed.`);
}

const npm = (args) => run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    giveUp(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`);
}

export function ensureInstalled() {
  once('node_modules/.tongban-installed', MANIFESTS, 'Installing packages', () =>
    npm(['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']),
  );
}

const SERVER_STAMP = 'dist/.built';

/** Whether `dist` was built from the sources as they are. */
export const isServerBuilt = () => isDone(SERVER_STAMP, hashOf(SERVER_SOURCES));

export function ensureServerBuilt() {
  once(SERVER_STAMP, SERVER_SOURCES, 'Building the server and the stand-in WeChat', () =>
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']),
  );
}

/** @param {'h5' | 'weapp'} kind */
export function ensurePhoneBuilt(kind) {
  once(
    `miniprogram/dist/.built-${kind}`,
    PHONE_SOURCES,
    kind === 'h5' ? 'Building the customer page' : 'Building the mini-program',
    () => npm(['run', '--silent', `build:${kind}`, '--workspace', 'miniprogram']),
  );
}

const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

export const findChromium = () =>
  process.env.CHROMIUM_PATH ?? CHROMIUM_PLACES.find((place) => existsSync(place)) ?? null;

function hasChineseFont() {
  const found = spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' });
  return found.status === 0 && found.stdout.trim() !== '';
}

/** What the tests use beside packages from npm: each with the Debian package that brings it. */
const PROGRAMS = [
  { name: 'MariaDB', isThere: hasMariadb, packages: ['mariadb-server'] },
  { name: 'Redis', isThere: hasRedis, packages: ['redis-server'] },
  { name: 'Chromium', isThere: () => findChromium() !== null, packages: ['chromium'] },
  { name: 'a Chinese font', isThere: hasChineseFont, packages: ['fontconfig', 'fonts-noto-cjk'] },
];

/** Installs missing programs where that is allowed, else says what to install and fails. */
export function ensurePrograms() {
  const missing = PROGRAMS.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return;
  const packages = missing.flatMap((program) => program.packages);
  const sentence = `The tests need ${missing.map(({ name }) => name).join(', ')}. On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) giveUp(sentence);
  process.stderr.write(`Installing ${packages.join(', ')} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    giveUp(`They could not be installed. ${sentence}`);
  }
  const still = PROGRAMS.filter(({ isThere }) => !isThere());
  if (still.length > 0) giveUp(`Still missing after the installation: ${still.map(({ name }) => name).join(', ')}.`);
}
