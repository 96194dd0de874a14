import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedNotice {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A merchant's notice address that answers as the test says and keeps what it was sent. */
export async function startMerchant() {
  const received: ReceivedNotice[] = [];
  const answers: (number | 'hang' | 'cut' | 'redirect')[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      const answer = answers.shift() ?? 204;
      if (answer === 'hang') return;
      if (answer === 'cut') return void request.socket.destroy();
      if (answer === 'redirect') response.setHeader('Location', '/elsewhere');
      response.statusCode = answer === 'redirect' ? 302 : answer;
      response.end(response.statusCode < 300 ? undefined : '{"code":"FAIL","message":"失败"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    received,
    /** What the next sends are answered, one after the other; 204 when there is nothing left. */
    answers,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
