import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { NpmStart } from '../support/npm-start.ts';
import { npmRun } from '../support/npm-run.ts';
import { freePort } from '../support/server-process.ts';

jest.setTimeout(120_000);

let folder: string;
let start: NpmStart;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tongban-selfcheck-test-'));
  start = await (await NpmStart.begin(folder)).ready();
});
afterAll(async () => {
  start.interrupt();
  await start.end;
  rmSync(folder, { recursive: true, force: true });
});

/** In another terminal. */
const run = (words: string[], environment: Record<string, string> = {}) =>
  npmRun({ ...start.environment, ...environment }, 'selfcheck', '--', ...words);
const inFolder = (name: string) => path.join(folder, name);

describe('npm run selfcheck', () => {
  it('right after npm start finds nothing wrong, says that WeChat is a stand-in, and makes a report for the file', async () => {
    const { code, said } = await run(['--file', inFolder('report.html'), '--by', '李会计 <财务>']);
    expect(said).toContain('模拟微信（非真实微信支付，不能作为正式验收依据）');
    expect(said).toContain(`服务器  ${start.origin}`);
    expect(said).toContain('没有未通过的项目');
    expect(said).toMatch(/✓ 通过 {2}签名错误的支付通知被拒绝 {2}\[notice.signature\]/);
    expect(code).toBe(0);

    const file = inFolder('report.html');
    const page = readFileSync(file, 'utf8');
    expect(page).toContain('李会计 &#60;财务&#62;');
    expect(page).toContain('190****109');
    expect(page).toContain('微信支付文档 4013053249');
    expect(said).toContain(/id="sha256">([0-9a-f]{64})</.exec(page)![1]);
    expect(await run(['verify', file])).toEqual({ code: 0, said: '✓ 与生成时一致 · as it was made\n' });

    writeFileSync(file, page.replace('无法判断', '通过'));
    expect(await run(['verify', file])).toEqual({ code: 1, said: expect.stringContaining('被改动过') });
    writeFileSync(file, '<p>nothing</p>');
    expect(await run(['verify', file])).toEqual({ code: 1, said: expect.stringContaining('不是自检报告') });
  });

  it('gives the same as JSON, which can be verified too', async () => {
    const { code, said } = await run(['--json']);
    expect(code).toBe(0);
    const report = JSON.parse(said) as { findings: { id: string; result: string }[] };
    expect(report).toMatchObject({ mode: 'simulated', counts: { failed: 0 }, version: '0.1.0' });
    expect(new Set(report.findings.map(({ id }) => id)).size).toBe(report.findings.length);
    writeFileSync(inFolder('report.json'), said);
    expect(await run(['verify', inFolder('report.json')])).toMatchObject({ code: 0 });
    writeFileSync(inFolder('report.json'), said.replace('"passed"', '"Passed"'));
    expect(await run(['verify', inFolder('report.json')])).toMatchObject({ code: 1 });
  });

  it('ends with 1 when a rule fails', async () => {
    const broken = createServer((request, response) => {
      if (request.url === '/readyz') response.setHeader('content-type', 'application/json').end('{"data":"ready"}');
      else response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const server = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const { code, said } = await run(['--server', server]);
    broken.closeAllConnections();
    broken.close();
    expect(code).toBe(1);
    expect(said).toContain('✗ 未通过  签名错误的支付通知被拒绝');
    expect(said).toMatch(/有 \d+ 项未通过/);
  });

  it('says in one Chinese sentence that the server, or all of it, does not run', async () => {
    const nobody = String(await freePort());
    for (const variable of ['PORT', 'SIMULATOR_PORT']) {
      const { code, said } = await run([], { [variable]: nobody });
      expect(code).toBe(1);
      expect(said.trim()).toMatch(/^服务器没有运行：.*npm start/);
      expect(said.trim().split('\n')).toHaveLength(1);
    }
    const other = await run(['--server', start.simulatorOrigin]);
    expect(other).toEqual({ code: 1, said: expect.stringContaining('应答的不是通办服务器') });
  });

  it('says how it is used', async () => {
    expect(await run(['--fix'])).toEqual({ code: 1, said: expect.stringContaining('npm run selfcheck [-- --file') });
  });
});
