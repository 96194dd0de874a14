import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = join('simulator', 'src', 'phone', 'page');

/** All files of the page by their path in it, read once. The compiled program finds them where their sources are. */
export function readPage(): ReadonlyMap<string, Buffer> {
  const folder = findPage(dirname(fileURLToPath(import.meta.url)));
  if (folder === null) return new Map([['index.html', Buffer.from('The files of the phone page are not there.')]]);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = new Map<string, Buffer>(
    entries.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [relative(folder, file).replaceAll('\\', '/'), readFileSync(file)];
    }),
  );
  return files.set('index.html', withPreloads(files));
}

/** All modules are asked for at once, not one level of imports after the other. */
function withPreloads(files: ReadonlyMap<string, Buffer>): Buffer {
  const modules = [...files.keys()].filter((name) => name.endsWith('.js'));
  const links = modules.map((name) => `<link rel="modulepreload" href="page/${name}" />`).join('\n');
  return Buffer.from(String(files.get('index.html')).replace('</head>', `${links}\n</head>`));
}

function findPage(folder: string): string | null {
  const candidate = join(folder, PAGE);
  if (existsSync(candidate)) return candidate;
  const above = dirname(folder);
  return above === folder ? null : findPage(above);
}
