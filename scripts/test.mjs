// `npm test`: brings what is missing and runs everything, on SQLite, on a private MariaDB, and what concerns jobs also with a private Redis. Arguments go to jest.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { startMariadb } from './mariadb.mjs';
import { startRedis } from './redis.mjs';
import { checkNode, ensureInstalled, ensurePhoneBuilt, ensurePrograms, ensureServerBuilt, root } from './prepare.mjs';

checkNode();
ensureInstalled();
ensurePrograms();
ensureServerBuilt();
ensurePhoneBuilt('h5');
ensurePhoneBuilt('weapp');

const folder = mkdtempSync(path.join(tmpdir(), 'tongban-test-'));
const mariadb = await startMariadb();
const redis = await startRedis();
const report = path.join(folder, 'report.json');
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--maxWorkers=2',
    // A busy machine is no fault of the code.
    '--testTimeout=60000',
    '--json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    env: { ...process.env, TEST_MYSQL_URL: mariadb.url, TEST_REDIS_URL: redis.url },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest.kill(signal));
const code = await new Promise((resolve) => jest.once('exit', (status) => resolve(status ?? 1)));
await mariadb.stop();
await redis.stop();

const { numPassedTests, numFailedTests, numFailedTestSuites } = readReport();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed\n`);
process.exit(code !== 0 || numFailedTestSuites > 0 || numPassedTests === 0 ? 1 : 0);

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1 };
  }
}
