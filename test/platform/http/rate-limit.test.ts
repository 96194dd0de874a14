import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../../src/app.ts';
import { createWorld, prepareWorld, type World } from '../../../src/world.ts';
import { loadConfig } from '../../../config/index.ts';
import { environmentFor } from '../../../scripts/kit.mjs';
import { sharedKit } from '../../simulator/support.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

const isMysql = Boolean(process.env.TEST_MYSQL_URL);
const LIMIT = 20;

let fresh: TestDatabase;
const servers: { server: Server; world: World }[] = [];
beforeEach(async () => {
  fresh = await freshDatabase();
});
afterEach(async () => {
  for (const { server, world } of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await world.close();
  }
  await fresh.drop();
});

/** One process of several that share a database. */
async function startServer(variables: Record<string, string> = {}): Promise<{ origin: string; world: World }> {
  const nowhere = 'http://127.0.0.1:9';
  const config = loadConfig({
    ...environmentFor({ kit: await sharedKit(), origin: nowhere, backupOrigin: nowhere }),
    ...fresh.settings,
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    SECRET_KEY: '5a'.repeat(32),
    RATE_LIMIT_PER_MINUTE: String(LIMIT),
    ...variables,
  });
  const world = await createWorld(config);
  await prepareWorld(world);
  const answer = createApp(world, { version: 'test' }).callback();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ server, world });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, world };
}

const ask = async (origin: string, times: number, headers: Record<string, string> = {}, address = '/app/services') => {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const answer = await fetch(`${origin}${address}`, { headers });
    await answer.body?.cancel();
    statuses.push(answer.status);
  }
  return {
    served: statuses.filter((status) => status === 200).length,
    refused: statuses.filter((status) => status === 429).length,
  };
};

it('so many requests are served, and the next is told when to come again', async () => {
  const { origin } = await startServer();
  expect(await ask(origin, LIMIT)).toEqual({ served: LIMIT, refused: 0 });
  const refused = await fetch(`${origin}/app/services`);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await refused.json()).toMatchObject({
    error: { code: 'request.rate_limited', message: '操作太频繁，请稍后再试' },
  });
});

it('WeChat, and those who run the server, are never refused for coming often', async () => {
  const { origin } = await startServer();
  await ask(origin, LIMIT + 1);
  expect(await ask(origin, LIMIT + 5, {}, '/healthz')).toEqual({ served: LIMIT + 5, refused: 0 });
  const notice = await fetch(`${origin}/wechat/pay/notices`, { method: 'POST' });
  expect(notice.status).toBe(401);
});

it(`two processes ${isMysql ? 'on one MariaDB count together' : 'on the embedded database count each for itself'}`, async () => {
  const [one, two] = [await startServer(), await startServer()];
  const [first, second] = await Promise.all([ask(one.origin, LIMIT), ask(two.origin, LIMIT)]);
  expect(first.served + second.served).toBe(isMysql ? LIMIT : 2 * LIMIT);
});

it('a caller cannot pass for somebody else by a header', async () => {
  const { origin } = await startServer();
  let served = 0;
  for (let n = 0; n < LIMIT + 5; n += 1) served += (await ask(origin, 1, { 'x-forwarded-for': `10.0.0.${n}` })).served;
  expect(served).toBe(LIMIT);
});

it('behind a proxy each caller has a count, by what the proxy says and not by what the caller says', async () => {
  const { origin } = await startServer({ TRUSTED_PROXIES: '1' });
  const from = (said: string, by: string) => ({ 'x-forwarded-for': said ? `${said}, ${by}` : by });
  expect(await ask(origin, LIMIT, from('', '10.0.0.1'))).toEqual({ served: LIMIT, refused: 0 });
  expect(await ask(origin, 2, from('10.9.9.9', '10.0.0.1'))).toEqual({ served: 0, refused: 2 });
  expect(await ask(origin, 2, from('10.0.0.1', '10.0.0.2'))).toEqual({ served: 2, refused: 0 });
});

it('a household that has a whole network of addresses is one caller', async () => {
  const { origin } = await startServer({ TRUSTED_PROXIES: '1' });
  let served = 0;
  for (let n = 1; n <= LIMIT + 5; n += 1)
    served += (await ask(origin, 1, { 'x-forwarded-for': `2001:db8:1:2::${n.toString(16)}` })).served;
  expect(served).toBe(LIMIT);
  expect(await ask(origin, 1, { 'x-forwarded-for': '2001:db8:1:3::1' })).toEqual({ served: 1, refused: 0 });
});

if (isMysql) {
  it('a database that loses the counts locks nobody out, and each process counts for itself', async () => {
    const { origin, world } = await startServer();
    await world.database.transaction((db) => db.query('DROP TABLE rate_limits'));
    expect(await ask(origin, LIMIT + 5)).toEqual({ served: LIMIT, refused: 5 });
  });
}
