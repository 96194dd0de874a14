import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { freshDatabase } from '../../support/database.ts';
import { startApiServer } from './api-server.ts';

it('shares one token between processes that know nothing of each other', async () => {
  const fresh = await freshDatabase();
  const api = await startApiServer();
  api.answer('/cgi-bin/user/info', { subscribe: 1 });
  const settings = {
    origin: api.origin,
    databaseUrl: fresh.settings.DATABASE_URL,
    file: join(fresh.settings.DATA_FOLDER, 'tongban.sqlite'),
    secretKey: randomBytes(32).toString('hex'),
  };
  const children = [1, 2].map(() => start(settings));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const ends = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('go');
    expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0]);

    expect(api.to('/cgi-bin/stable_token')).toHaveLength(1);
    expect(api.to('/cgi-bin/user/info').map(({ query }) => query.access_token)).toEqual(Array(40).fill('T1'));
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await api.stop();
    await fresh.drop();
  }
}, 120_000);

const start = (settings: object): ChildProcess =>
  fork('test/platform/wechat-api/token-user.ts', {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, TOKEN_USER: JSON.stringify(settings) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
