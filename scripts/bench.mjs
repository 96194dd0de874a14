// `npm run bench -- NAME`: prints figures and, as the last line, one JSON object.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {
  checkNode,
  ensureInstalled,
  ensurePhoneBuilt,
  ensurePrograms,
  ensureServerBuilt,
  giveUp,
  root,
} from './prepare.mjs';

const name = process.argv[2] ?? '';
const folder = path.join(root, 'test/bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
if (!names.includes(name) || !existsSync(path.join(folder, `${name}.ts`)))
  giveUp(`npm run bench -- NAME, with one of: ${names.join(', ')}`);
checkNode();
ensureInstalled();
ensurePrograms();
ensureServerBuilt();
ensurePhoneBuilt('h5');
const done = spawnSync(process.execPath, ['--import', 'tsx', path.join(folder, `${name}.ts`)], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exit(done.status ?? 1);
