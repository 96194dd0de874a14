import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  rawBody: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into it as it likes
  body: any;
}

/** An object is answered as JSON; a function may do what it likes with the connection. */
type Reply = object | string | ((response: ServerResponse, received: Received) => void);

export interface ApiServer {
  origin: string;
  calls: Received[];
  to(path: string): Received[];
  /** What a path answers, in this order; the last one stays. */
  answer(path: string, ...replies: Reply[]): void;
  stop(): Promise<void>;
}

/** A server that says what a test tells it to, over real HTTP. It starts with tokens T1, T2 …, one a call, and tickets. */
export async function startApiServer(): Promise<ApiServer> {
  const calls: Received[] = [];
  const replies = new Map<string, Reply[]>();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await receive(request);
    calls.push(received);
    const left = replies.get(received.path) ?? [{ errcode: -1, errmsg: 'no reply prepared' }];
    const reply = left.length > 1 ? left.shift()! : left[0]!;
    if (typeof reply === 'function') return reply(response, received);
    if (response.destroyed) return;
    response.setHeader('content-type', 'application/json; encoding=utf-8');
    response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
  }

  let tokens = 0;
  let tickets = 0;
  const api: ApiServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    to: (path) => calls.filter((call) => call.path === path),
    answer: (path, ...given) => void replies.set(path, given),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  api.answer('/cgi-bin/stable_token', (response) =>
    response.end(JSON.stringify({ access_token: `T${(tokens += 1)}`, expires_in: 7200 })),
  );
  api.answer('/cgi-bin/ticket/getticket', (response) =>
    response.end(JSON.stringify({ errcode: 0, errmsg: 'ok', ticket: `TICKET${(tickets += 1)}`, expires_in: 7200 })),
  );
  return api;
}

async function receive(request: IncomingMessage): Promise<Received> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const rawBody = Buffer.concat(chunks).toString('utf8');
  return {
    method: request.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    rawBody,
    body: rawBody.startsWith('{') ? JSON.parse(rawBody) : undefined,
  };
}
