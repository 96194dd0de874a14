// `npm start`: brings what is missing, then runs the server and the stand-in WeChat on embedded defaults.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import {
  backupPort,
  findSecretKey,
  folder,
  host,
  origin,
  port,
  secretKeyFile,
  simulatorOrigin,
  simulatorPort,
  standInEnvironment,
} from './installation.mjs';
import { introduce } from './kit.mjs';
import {
  checkNode,
  ensureInstalled,
  ensurePhoneBuilt,
  ensureServerBuilt,
  giveUp,
  nodeFlags,
  root,
} from './prepare.mjs';

const children = [];
let isStopping = false;

function start(name, file, env) {
  const child = spawn(process.execPath, [...nodeFlags, path.join(root, file)], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = path.join(folder, `${name}.log`);
  child.lastWords = '';
  const keep = (chunk) => {
    child.lastWords = (child.lastWords + chunk).slice(-2000);
    writeFileSync(log, chunk, { flag: 'a' });
  };
  child.stdout.on('data', (chunk) => writeFileSync(log, chunk, { flag: 'a' }));
  child.stderr.on('data', keep);
  child.ended = new Promise((resolve) => child.once('exit', resolve));
  child.once('exit', () => {
    if (isStopping) return;
    process.stderr.write(
      child.lastWords.trim() ? `${child.lastWords.trim()}\n` : `The ${name} ended unexpectedly; see ${log}\n`,
    );
    void stop(1);
  });
  children.push(child);
  return child;
}

async function ready(address, child) {
  for (const until = Date.now() + 60_000; Date.now() < until; await pause(50)) {
    if (child.exitCode !== null) return pause(60_000);
    const answer = await fetch(address).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return undefined;
  }
  return giveUp(`${address} did not answer within a minute; see ${folder}`);
}

/** The server first, so that work under way can still reach WeChat. */
async function stop(code) {
  if (isStopping) return;
  isStopping = true;
  for (const child of children.toReversed()) {
    if (child.exitCode === null) child.kill('SIGTERM');
    await child.ended;
  }
  process.exit(code);
}

/** Encrypts personal data of this installation; made once, kept beside the data. */
function secretKey() {
  if (!findSecretKey()) writeFileSync(secretKeyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  return findSecretKey();
}

/** Somebody else's answer on our port would look like ours, so it is asked before anything is started. */
function assertFree(wanted, variable) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => giveUp(`Port ${wanted} is in use; set ${variable} to another one.`));
    probe.listen(wanted, host, () => probe.close(resolve));
  });
}

/** npm hands a signal to its shell, and the shell to nobody: whoever supervises npm would leave us behind. */
function endWithNpm() {
  const shell = process.ppid;
  if (process.env.npm_lifecycle_event !== 'start') return;
  setInterval(() => process.ppid === shell || void stop(0), 500).unref();
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(0));
endWithNpm();
checkNode();
await assertFree(port, 'PORT');
await assertFree(simulatorPort, 'SIMULATOR_PORT');
await assertFree(backupPort, 'SIMULATOR_BACKUP_PORT');
ensureInstalled();
ensureServerBuilt();
ensurePhoneBuilt('h5');
mkdirSync(folder, { recursive: true });

const simulator = start('simulator', 'dist/simulator/src/main.js', {
  SIMULATOR_HOST: host,
  SIMULATOR_PORT: String(simulatorPort),
  SIMULATOR_BACKUP_PORT: String(backupPort),
  SIMULATOR_FOLDER: path.join(folder, 'simulator'),
});
await ready(`${simulatorOrigin}/levers/kit`, simulator);
const server = start('server', 'dist/src/server.js', {
  HOST: host,
  PORT: String(port),
  PUBLIC_ORIGIN: origin,
  DATA_FOLDER: folder,
  SECRET_KEY: process.env.SECRET_KEY || secretKey(),
  ...(await standInEnvironment()),
});
await ready(`${origin}/readyz`, server);
await introduce(simulatorOrigin, origin);
process.stdout.write(`
  通办 Tongban is running. Ctrl-C ends it.

  Customer page  顾客页面   ${origin}/
  Phone          模拟手机   ${simulatorOrigin}/phone/?open=${encodeURIComponent(`${origin}/`)}
  API docs       接口文档   ${origin}/docs

`);
