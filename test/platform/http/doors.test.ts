import { jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createApp } from '../../../src/app.ts';
import { errorWords, type ErrorCode } from '../../../src/contracts/errors.ts';
import { startWorld, type TestWorld } from '../../support/world.ts';
import type { Phone } from '../../support/phone.ts';

let world: TestWorld;
let customer: Phone;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  customer = await world.person();
  await customer.signInMiniProgram();
  folder = mkdtempSync(path.join(tmpdir(), 'tongban-pages-'));
}, 60_000);
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

type Options = Partial<Parameters<typeof createApp>[1]>;

/** The same world behind another front. */
async function front(options: Options = {}, settings: object = {}) {
  const app = createApp({ ...world.world, config: { ...world.config, ...settings } }, { version: 'test', ...options });
  const answer = app.callback();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

async function ask(address: string, init: RequestInit = {}, origin = world.origin) {
  const answer = await fetch(`${origin}${address}`, { redirect: 'manual', ...init });
  const text = await answer.text();
  const isJson = text !== '' && (answer.headers.get('content-type')?.includes('json') ?? false);
  const body = isJson ? (JSON.parse(text) as { error?: { code: ErrorCode }; data?: unknown }) : undefined;
  return { status: answer.status, text, body, code: body?.error?.code, headers: answer.headers };
}

const asJson = (body: string, more: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...more },
  body,
});

describe('What cannot be answered', () => {
  it.each<[string, string, RequestInit, number, ErrorCode]>([
    ['nowhere', '/nowhere', {}, 404, 'request.not_found'],
    ['nowhere at the customer door', '/app/nowhere', {}, 404, 'request.not_found'],
    ['nowhere at WeChat’s door', '/wechat/nowhere', { method: 'POST' }, 404, 'request.not_found'],
    ['a name that cannot be decoded', '/app/services/%E0%A4%A', {}, 422, 'request.invalid'],
    ['a method that is not for it', '/app/services', { method: 'DELETE' }, 405, 'request.method_not_allowed'],
    ['a method that nobody knows', '/healthz', { method: 'PROPFIND' }, 405, 'request.method_not_allowed'],
    ['half a JSON', '/app/sessions/mini-program', asJson('{"code":'), 400, 'request.malformed'],
    ['JSON that is no object', '/app/sessions/mini-program', asJson('"code"'), 400, 'request.malformed'],
    [
      'more than is read',
      '/app/sessions/mini-program',
      asJson(`{"code":"${'x'.repeat(70_000)}"}`),
      413,
      'request.too_large',
    ],
    [
      'a form',
      '/app/sessions/mini-program',
      { method: 'POST', body: new URLSearchParams({ code: 'x' }) },
      415,
      'request.unsupported_media_type',
    ],
    ['a text', '/app/sessions/mini-program', { method: 'POST', body: 'code=x' }, 415, 'request.unsupported_media_type'],
    ['no body', '/app/sessions/mini-program', { method: 'POST' }, 422, 'request.invalid'],
    ['a stranger', '/app/me', {}, 401, 'session.required'],
  ])('is refused with words in both languages: %s', async (_what, address, init, status, code) => {
    const answer = await ask(address, init);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.body!.error).toMatchObject({
      message: errorWords[code].zh,
      messageEn: errorWords[code].en,
      requestId: answer.headers.get('x-request-id'),
    });
    if (status === 405) expect(answer.headers.get('allow')).toBeTruthy();
  });

  it('because it grows when it is unpacked, is refused before it has grown', async () => {
    const bomb = gzipSync(`{"code":"${'x'.repeat(50_000_000)}"}`);
    expect(bomb.length).toBeLessThan(60_000);
    const answer = await ask('/app/sessions/mini-program', {
      ...asJson(''),
      body: new Uint8Array(bomb),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect([answer.status, answer.code]).toEqual([413, 'request.too_large']);
  });

  it('because the caller went away, troubles nobody', async () => {
    const { hostname, port } = new URL(world.origin);
    const before = world.logged.length;
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /app/sessions/mini-program HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"co',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.logged.slice(before).filter((line) => line.includes('"level":"error"'))).toEqual([]);
    expect((await ask('/healthz')).status).toBe(200);
  });
});

describe('A browser is kept safe', () => {
  it.each<[string, RequestInit, number]>([
    ['/app/services', {}, 200],
    ['/app/me', {}, 401],
    ['/nowhere', {}, 404],
    ['/app/sessions/mini-program', asJson('{'), 400],
    ['/wechat/pay/notices', { method: 'POST' }, 401],
    ['/docs', {}, 200],
  ])('by headers, also where something is refused: %s', async (address, init, status) => {
    const { status: answered, headers } = await ask(address, init);
    expect(answered).toBe(status);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).toMatch(/script-src 'self' http:\/\/127\.0\.0\.1:\d+(;|$)/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    if (address.startsWith('/app')) expect(headers.get('cache-control')).toBe('no-store');
  });

  it('from frames of strangers, and in production from plain HTTP', async () => {
    const strict = await front({}, { FRAME_ANCESTORS: '', isProduction: true });
    const { headers } = await ask('/app/services', {}, strict.origin);
    await strict.stop();
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    const ours = (await ask('/app/services')).headers;
    expect(ours.get('content-security-policy')).toContain(`frame-ancestors 'self' ${world.simulator.origin}`);
    expect(ours.get('strict-transport-security')).toBeNull();
  });

  it('from deeds that another page starts with its cookie', async () => {
    const browser = await world.person();
    await browser.signInOfficialAccount();
    const deed = (headers: Record<string, string>) => browser.call('POST', '/app/orders', {}, headers);
    const own = { 'x-requested-with': 'tongban', 'idempotency-key': 'abcdefgh' };
    const foreign: Record<string, string>[] = [
      { 'x-requested-with': '' },
      { 'x-requested-with': 'XMLHttpRequest' },
      { ...own, origin: 'https://evil.example' },
      { ...own, origin: 'null' },
      { ...own, origin: `${world.origin}.evil.example` },
      { ...own, origin: world.origin.replace('http:', 'https:') },
    ];
    for (const headers of foreign) {
      expect(await deed(headers)).toMatchObject({ status: 403, body: { error: { code: 'request.foreign_origin' } } });
    }
    expect(await deed(own)).toMatchObject({ status: 422 });
    expect(await deed({ ...own, origin: world.origin })).toMatchObject({ status: 422 });
    expect((await browser.call('GET', '/app/me', undefined, { 'x-requested-with': '' })).status).toBe(200);
  });

  it('but a token that no browser sends by itself needs no such proof', async () => {
    const answer = await customer.call(
      'POST',
      '/app/orders',
      {},
      { 'idempotency-key': 'abcdefgh', origin: 'https://servicewechat.com' },
    );
    expect(answer.status).toBe(422);
  });

  it('other pages may not read our answers', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await ask('/app/services', { method, headers: { origin: 'https://evil.example' } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('Those who run the server', () => {
  it('see that it lives', async () => {
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: { data: 'ok' } });
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: { data: 'ready' } });
    expect((await ask('/healthz', { method: 'HEAD' })).status).toBe(200);
  });

  it('see that it takes no more while it is stopping, and that it lives still', async () => {
    const stopping = await front({ isStopping: () => true });
    expect(await ask('/readyz', {}, stopping.origin)).toMatchObject({ status: 503, code: 'server.stopping' });
    expect((await ask('/healthz', {}, stopping.origin)).status).toBe(200);
    await stopping.stop();
  });

  it('see that it is not ready without its database', async () => {
    const { database } = world.world;
    const ping = jest.spyOn(database, 'ping').mockRejectedValue(new Error('gone'));
    const answer = await ask('/readyz');
    ping.mockRestore();
    expect([answer.status, answer.code]).toEqual([503, 'server.not_ready']);
    expect(answer.text).not.toContain('gone');
  });

  it('read the metrics on this machine, and nobody does through a proxy', async () => {
    const metrics = await ask('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(metrics.text).toContain('http_request_seconds_count{route="/healthz",method="GET",status="200"}');
    expect(metrics.text).toContain('jobs_total');
    for (const header of ['x-forwarded-for', 'forwarded'])
      expect(await ask('/metrics', { headers: { [header]: '1.2.3.4' } })).toMatchObject({ status: 404 });
  });

  it('read the metrics anywhere with the token, and not even here without', async () => {
    const token = 'a-token-for-measuring';
    const measured = await front({}, { METRICS_TOKEN: token });
    const with_ = (authorization: string) => ask('/metrics', { headers: { authorization } }, measured.origin);
    expect((await with_(`Bearer ${token}`)).status).toBe(200);
    for (const wrong of ['', token, `Bearer ${token}x`, 'Bearer '])
      expect(await with_(wrong)).toMatchObject({ status: 404, code: 'request.not_found' });
    await measured.stop();
  });
});

describe('The customer page', () => {
  let pages: Awaited<ReturnType<typeof front>>;
  beforeAll(async () => {
    const built = path.join(folder, 'h5');
    mkdirSync(path.join(built, 'js'), { recursive: true });
    writeFileSync(path.join(folder, 'secret.txt'), 'a secret');
    writeFileSync(path.join(built, 'index.html'), '<!doctype html><title>通办</title>');
    writeFileSync(path.join(built, 'js/app.0123abcd.js'), 'let x;');
    writeFileSync(path.join(built, 'js/plain.js'), 'let y;');
    writeFileSync(path.join(built, '.env'), 'a secret');
    pages = await front({ pages: built });
  });
  afterAll(() => pages.stop());

  it('is asked for each time, and answered briefly when it is the same', async () => {
    const first = await ask('/', {}, pages.origin);
    expect(first).toMatchObject({ status: 200, text: expect.stringContaining('通办') });
    expect(first.headers.get('content-type')).toContain('text/html');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(first.headers.get('content-security-policy')).toContain("default-src 'self'");
    const tag = first.headers.get('etag')!;
    const again = await ask('/', { headers: { 'if-none-match': tag } }, pages.origin);
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('has parts that are kept for ever, because their names change with them', async () => {
    const hashed = await ask('/js/app.0123abcd.js', {}, pages.origin);
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await ask('/js/plain.js', {}, pages.origin)).headers.get('cache-control')).toBe('no-cache');
    const head = await ask('/js/app.0123abcd.js', { method: 'HEAD' }, pages.origin);
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/js/..%5c..%5csecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/js/../../secret.txt',
    '/.env',
    '/%00',
    '//secret.txt',
  ])('shows nothing but itself: %s', async (address) => {
    // Fetch would tidy the address up.
    const { hostname, port } = new URL(pages.origin);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let told = '';
      socket.on('data', (chunk: Buffer) => void (told += chunk.toString()));
      socket.on('end', () => resolve(told)).on('error', reject);
      socket.write(`GET ${address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    });
    expect(text).toMatch(/^HTTP\/1\.1 (404|400)/);
    expect(text).not.toContain('a secret');
  });

  it('leaves the doors alone', async () => {
    expect(await ask('/app/nowhere', {}, pages.origin)).toMatchObject({ status: 404, code: 'request.not_found' });
    expect(await ask('/nowhere', { method: 'POST' }, pages.origin)).toMatchObject({ status: 404 });
  });
});
