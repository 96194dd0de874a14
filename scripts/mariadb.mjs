// A private MariaDB for tests and benches: own data folder, own socket, own port; started and stopped by the caller.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram, freePort } from './programs.mjs';

export function hasMariadb() {
  return findProgram('mariadbd', 'mysqld') !== null && findProgram('mariadb-install-db', 'mysql_install_db') !== null;
}

/**
 * Starts a MariaDB that nobody else knows. `durable` keeps the normal flush at each commit; tests may do without.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} url of an empty database named `tongban`
 */
export async function startMariadb({ durable = false } = {}) {
  const server = findProgram('mariadbd', 'mysqld');
  const install = findProgram('mariadb-install-db', 'mysql_install_db');
  if (!server || !install) throw new Error('MariaDB is not installed: install the package mariadb-server.');
  const folder = mkdtempSync(path.join(tmpdir(), 'tongban-mariadb-'));
  const user = userInfo().username;
  const port = await freePort();
  const socket = path.join(folder, 'db.sock');
  execFileSync(
    install,
    [
      '--no-defaults',
      `--datadir=${folder}/data`,
      `--user=${user}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    { stdio: 'ignore' },
  );
  const child = spawn(
    server,
    [
      '--no-defaults',
      `--datadir=${folder}/data`,
      `--user=${user}`,
      `--socket=${socket}`,
      `--pid-file=${folder}/db.pid`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--skip-name-resolve',
      '--max-connections=300',
      '--innodb-buffer-pool-size=256M',
      `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
      '--performance-schema=OFF',
      '--character-set-server=utf8mb4',
      `--log-error=${folder}/db.log`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, pause(15_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const mysql = await import('mysql2/promise');
    const connection = await connect(mysql, { host: '127.0.0.1', port, user: 'root' }, child);
    await connection.query('CREATE DATABASE tongban CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await connection.end();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `mysql://root@127.0.0.1:${port}/tongban`, stop };
}

async function connect(mysql, options, child) {
  const until = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`MariaDB ended at once with code ${child.exitCode}`);
    try {
      return await mysql.createConnection(options);
    } catch (error) {
      if (Date.now() > until) throw new Error('MariaDB did not answer within a minute', { cause: error });
      await pause(150);
    }
  }
}
