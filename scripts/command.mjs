// `npm run staff`, `npm run audit` and `npm run bills`: commands of the server, on the database that its environment, or the embedded default, names.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { checkNode, ensureInstalled, ensureServerBuilt, giveUp, root } from './prepare.mjs';

const [name, ...words] = process.argv.slice(2);
const folder = path.resolve(process.env.DATA_FOLDER || path.join(root, 'data'));

/** What `npm start` made; an installation with a configuration of its own names its key itself. */
function secretKey() {
  const file = path.join(folder, 'secret-key');
  if (process.env.SECRET_KEY || process.env.SECRET_KEY_FILE || process.env.DATABASE_URL) return {};
  if (!existsSync(file)) giveUp(`There is no installation in ${folder} yet: run npm start first, or set DATA_FOLDER.`);
  return { SECRET_KEY: readFileSync(file, 'utf8').trim() };
}

checkNode();
ensureInstalled();
ensureServerBuilt();
const done = spawnSync(process.execPath, [path.join(root, `dist/src/commands/${name}.js`), ...words], {
  env: { ...process.env, DATA_FOLDER: folder, ...secretKey() },
  stdio: 'inherit',
});
process.exit(done.status ?? 1);
