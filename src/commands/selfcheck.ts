import { readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../config/index.ts';
import { servicesFolder } from '../catalogue/index.ts';
import { createLog } from '../platform/log.ts';
import { isUnchanged, type Report, runSelfcheck, showPage, showText, withChecksum } from '../selfcheck/index.ts';
import { createWorld } from '../world.ts';
import { fail, sentenceFor } from './command.ts';

const USAGE = `npm run selfcheck [-- --file report.html] [--json] [--by NAME] [--server ORIGIN]   以微信支付的验收要求检查运行中的本系统 · checks the running installation
npm run selfcheck -- verify report.html   核对报告文件自生成后是否被改动 · whether a report is as it was made`;

interface Wishes {
  file?: string | undefined;
  json: boolean;
  by: string;
  server?: string | undefined;
}

/** Looks at the running installation and says what it found; nothing is written but the report. */
async function main(words: string[]): Promise<void> {
  const [deed, name, ...more] = words;
  if (deed === 'verify' && name && more.length === 0) return verify(name);
  const wishes = read(words);
  if (!wishes) return fail(USAGE);
  const config = loadConfig(process.env);
  const server = wishes.server ?? config.PUBLIC_ORIGIN;
  await assertRunning(server);
  const world = await createWorld(config, { log: createLog('silent') });
  try {
    const { desk, database } = world;
    const report = await runSelfcheck({ config, desk, database, server, version: ownVersion() }, wishes.by);
    show(report, wishes);
    if (report.counts.failed > 0) process.exitCode = 1;
  } finally {
    await world.close();
  }
}

/** @returns null when it is not understood */
function read(words: string[]): Wishes | null {
  const text = { type: 'string' } as const;
  const options = { file: text, by: text, server: text, json: { type: 'boolean' } } as const;
  try {
    const { file, server, by, json = false } = parseArgs({ args: words, options }).values;
    return { file, server: server && new URL(server).origin, json, by: by ?? `${userInfo().username}@${hostname()}` };
  } catch {
    return null;
  }
}

/** @throws {Error} one sentence */
async function assertRunning(server: string): Promise<void> {
  const answer = await fetch(`${server}/readyz`, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (!answer)
    throw new Error(
      `服务器没有运行：${server} 没有应答。请先启动服务器（试用时在另一个终端运行 npm start），再运行自检 · the server is not running`,
    );
  const said = (await answer.json().catch(() => null)) as { data?: unknown; error?: unknown } | null;
  if (said?.data === 'ready') return;
  throw new Error(
    said?.error
      ? `服务器尚未就绪：${server} 答 ${answer.status}，请稍后再试 · the server is not ready`
      : `${server} 上应答的不是通办服务器，请检查地址 · what answers there is another program`,
  );
}

function show(report: Report, { json, file }: Wishes): void {
  const asJson = (sha256: string) => `${JSON.stringify({ ...report, sha256 }, null, 2)}\n`;
  process.stdout.write(json ? withChecksum(asJson).text : `${showText(report)}\n`);
  if (file) save(report, file);
}

function save(report: Report, file: string): void {
  const { text, sum } = withChecksum((sha256) => showPage(report, sha256));
  const place = placeOf(file);
  writeFileSync(place, text);
  process.stderr.write(`报告已保存 · saved: ${place}\nSHA-256 ${sum}\n`);
}

function verify(file: string): void {
  const text = readFileSync(placeOf(file), 'utf8');
  const isAsMade = isUnchanged(text);
  if (isAsMade) return void process.stdout.write('✓ 与生成时一致 · as it was made\n');
  fail(
    isAsMade === null
      ? '这不是自检报告 · this is no report'
      : '✗ 报告在生成后被改动过 · it was altered after it was made',
  );
}

/** npm runs commands in its own folder; a file is meant from where the person stands. */
const placeOf = (file: string): string => path.resolve(process.env.INIT_CWD ?? '.', file);

function ownVersion(): string {
  const file = path.resolve(servicesFolder(), '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

await main(process.argv.slice(2)).catch((error: unknown) => fail(sentenceFor(error)));
