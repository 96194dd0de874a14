import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../src/platform/database/index.ts';
import { npmRun } from '../support/npm-run.ts';
import { StaffClient } from '../support/staff.ts';
import { startWorld } from '../support/world.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tongban-commands-'));
  writeFileSync(path.join(folder, 'secret-key'), `${'5a'.repeat(32)}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]) => npmRun({ DATA_FOLDER: folder }, ...words);

const find = (said: string, word: string): string =>
  new RegExp(`${word}\\S*\\s+(?:\\S+\\s+)?(\\S+)$`, 'm').exec(said)![1]!;

it('npm run staff makes the first administrator, who can sign in; npm run audit finds the trail whole, or not', async () => {
  const created = await run('staff', '--', 'create', 'first.admin', '管理员甲');
  expect(created).toMatchObject({ code: 0 });
  const password = find(created.said, 'Password');
  const secret = find(created.said, 'Secret');
  expect(created.said).toContain('first.admin');

  const world = await startWorld({ environment: { DATA_FOLDER: folder, DATABASE_URL: '' } });
  const admin = new StaffClient(world.origin, 'first.admin', secret);
  await admin.signIn(new Date(), password);
  expect(await admin.data('GET', '/staff/me')).toMatchObject({ name: '管理员甲', roles: ['administrator'] });
  await admin.data('POST', '/staff/teams', { name: '一组' });
  expect(await run('staff', '--', 'create', 'first.admin', '又一个')).toMatchObject({
    code: 1,
    said: expect.stringContaining('用户名已被使用'),
  });
  const reset = await run('staff', '--', 'reset', 'first.admin');
  expect(reset.code).toBe(0);
  expect(find(reset.said, 'Secret')).not.toBe(secret);
  expect(await admin.codeOf('GET', '/staff/me')).toBe('staff.session_expired');
  await world.stop();

  const whole = await run('audit', '--', 'verify');
  expect(whole).toMatchObject({ code: 0, said: expect.stringMatching(/^✓ 6 entries, as they were written/) });
  const database = await openDatabase({ file: path.join(folder, 'tongban.sqlite'), pool: 1 });
  await database.transaction((db) => db.query("UPDATE audit_entries SET actorKind = 'system' WHERE number = 2"));
  await database.close();
  expect(await run('audit', '--', 'verify')).toMatchObject({
    code: 1,
    said: expect.stringContaining('entry 2 was altered'),
  });
}, 60_000);

it.each([
  ['staff', [], 'npm run staff -- create'],
  ['staff', ['reset'], 'npm run staff -- create'],
  ['staff', ['reset', 'nobody'], '没有这名员工'],
  ['staff', ['create', 'Not A Name', '某人'], 'A user name has'],
  ['audit', [], 'npm run audit -- verify'],
])('npm run %s %s says what it wants', async (command, words, said) => {
  expect(await run(command, '--', ...words)).toEqual({ code: 1, said: expect.stringContaining(said) });
});

it('a command without an installation says so', async () => {
  rmSync(path.join(folder, 'secret-key'));
  expect(await run('audit', '--', 'verify')).toEqual({ code: 1, said: expect.stringContaining('run npm start first') });
});
