// Where `npm start` puts things, and how its other commands find them: on ports, and in the folder, that the environment or the defaults name.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { environmentFor } from './kit.mjs';
import { root } from './prepare.mjs';

export const host = process.env.HOST || '127.0.0.1';
export const port = Number(process.env.PORT || 8700);
export const simulatorPort = Number(process.env.SIMULATOR_PORT || 8701);
export const backupPort = Number(process.env.SIMULATOR_BACKUP_PORT || 8702);
export const folder = path.resolve(process.env.DATA_FOLDER || path.join(root, 'data'));
export const origin = process.env.PUBLIC_ORIGIN || `http://${host}:${port}`;
export const simulatorOrigin = `http://${host}:${simulatorPort}`;
export const secretKeyFile = path.join(folder, 'secret-key');

/** Encrypts personal data of this installation; null before the first start. */
export const findSecretKey = () => (existsSync(secretKeyFile) ? readFileSync(secretKeyFile, 'utf8').trim() : null);

/** What the running stand-in WeChat hands out, as configuration of the server. @throws {Error} when it does not run */
export async function standInEnvironment() {
  const kit = await (await fetch(`${simulatorOrigin}/levers/kit`)).json();
  return environmentFor({
    kit: kit.data ?? kit,
    origin: simulatorOrigin,
    backupOrigin: `http://${host}:${backupPort}`,
  });
}
