import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from './definition.ts';
import { readServiceFile, type ServiceFileFault } from './service-file.ts';

/** Every fault of every service file at once, one a line: `file:line:column sentence`. */
export class BadServiceFiles extends Error {
  override readonly name = 'BadServiceFiles';

  constructor(readonly faults: readonly ServiceFileFault[]) {
    const lines = faults.map(({ file, line, column, sentence }) => `  ${file}:${line}:${column} ${sentence}`);
    super(`服务项目文件有 ${faults.length} 处错误：\n${lines.join('\n')}`);
  }
}

/** `templates/services` of this installation, run from its sources or from what was built. */
export function servicesFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return path.join(folder, 'templates', 'services');
}

/**
 * Reads every service file of a folder.
 * @throws {BadServiceFiles} also when there is no file at all: an empty folder is a broken installation, not a wish to sell nothing
 */
export async function loadServices(folder: string = servicesFolder()): Promise<ServiceDefinition[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/i.test(name)).toSorted();
  const read = await Promise.all(names.map((name) => readOne(folder, name)));
  const faults = read.flatMap((file) => file.faults);
  if (names.length === 0) faults.push(faultOf(folder, '没有任何服务项目文件（.yaml）'));
  if (faults.length > 0) throw new BadServiceFiles(faults);
  return read.flatMap(({ definition }) => definition ?? []);
}

async function readOne(folder: string, name: string): Promise<ReturnType<typeof readServiceFile>> {
  if (!name.endsWith('.yaml')) return { definition: null, faults: [faultOf(name, '文件名必须以 .yaml 结尾')] };
  const bytes = await readFile(path.join(folder, name));
  if (!isUtf8(bytes)) return { definition: null, faults: [faultOf(name, '文件不是 UTF-8 编码')] };
  return readServiceFile(name, bytes.toString('utf8'));
}

const faultOf = (file: string, sentence: string): ServiceFileFault => ({ file, line: 1, column: 1, sentence });
