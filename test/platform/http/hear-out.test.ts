import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { readRawBody } from '../../../src/platform/http/raw-body.ts';
import { until } from '../../support/until.ts';
import { serve, type SmallServer } from './small-server.ts';

const MIB = 1024 * 1024;

let server: SmallServer;
let socket: Socket;
let heard: string;
let isClosed: boolean;
let sentBytes: number;
beforeAll(async () => {
  server = await serve((routes) => {
    routes.post('/notes', async (ctx) => {
      ctx.body = { data: (await readRawBody(ctx, MIB)).length };
    });
  });
});
afterAll(() => server.stop());
afterEach(() => socket.destroy());

/** A connection that is closed after its only answer, like most that come from a proxy. */
function begin(length: number): void {
  [heard, isClosed, sentBytes] = ['', false, 0];
  socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  socket.on('data', (chunk) => (heard += chunk.toString()));
  socket.on('close', () => (isClosed = true));
  socket.on('error', () => undefined);
  socket.write(`POST /notes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`);
}

/** @returns false when nobody takes it any more */
const send = (bytes: number) =>
  new Promise<boolean>((resolve) => {
    socket.write(Buffer.alloc(bytes), (error) => resolve(!error));
    sentBytes += bytes;
  });

describe('Who is refused in the middle of what he sends', () => {
  it('hears it once all of it has come', async () => {
    begin(3 * MIB);
    await send(2 * MIB);
    await pause(200);
    expect(heard).toBe('');
    await send(MIB);
    await until('an answer', () => isClosed);
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
    expect(heard).toContain('request.too_large');
  });

  it('is not listened to for ever, however much it is', async () => {
    begin(1024 * MIB);
    while (sentBytes < 1024 * MIB && (await send(MIB)));
    expect(sentBytes).toBeLessThan(200 * MIB);
  });

  it('is not waited for when he does not go on', async () => {
    begin(3 * MIB);
    await send(2 * MIB);
    await until('an answer', () => heard !== '');
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
  });
});

it('Who is not refused is answered as ever', async () => {
  begin(MIB);
  await send(MIB);
  await until('an answer', () => isClosed);
  expect(heard).toContain(`{"data":${MIB}}`);
});
