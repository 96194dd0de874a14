// Measures what the weapp build wrote and fails above the limit. WeChat counts every file of the package except source maps.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Our own limit for the main package; WeChat's is 2 MB, and 20 MB in all. */
const MAIN_LIMIT = 1.5 * 1024 * 1024;
const KIB = 1024;

const built = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/weapp');
const {
  pages = [],
  subPackages = [],
  subpackages = subPackages,
} = JSON.parse(readFileSync(path.join(built, 'app.json'), 'utf8'));
const roots = subpackages.map(({ root }) => root.replace(/\/$/, ''));

const sizes = new Map([['main', 0], ...roots.map((root) => [root, 0])]);
for (const file of readdirSync(built, { recursive: true })) {
  const { size } = statSync(path.join(built, file));
  if (path.extname(file) === '.map' || statSync(path.join(built, file)).isDirectory()) continue;
  const owner = roots.find((root) => file.startsWith(root + path.sep)) ?? 'main';
  sizes.set(owner, sizes.get(owner) + size);
}

const main = sizes.get('main');
const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
const shown = (size) => `${(size / KIB).toFixed(0)} KB`;

if (pages.length === 0 || main === 0) {
  process.stderr.write(`There is no mini-program in ${built}.\n`);
  process.exit(1);
}
for (const root of roots) process.stdout.write(`sub-package ${root}: ${shown(sizes.get(root))}\n`);
process.stdout.write(`main package: ${shown(main)} of ${shown(MAIN_LIMIT)}, total: ${shown(total)}\n`);
if (main > MAIN_LIMIT) {
  process.stderr.write('The main package is too large: move pages to the sub-package or take something out.\n');
  process.exit(1);
}
