import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { startTestSimulator } from './support.ts';

/** A body of api.weixin.qq.com: every field of it is read by hand. */
// oxlint-disable-next-line typescript/no-explicit-any -- the shape differs from call to call
export type Body = any;

export interface Answer {
  status: number;
  type: string;
  text: string;
  body: Body;
}

/** A noon in Shanghai, so that no test meets midnight by chance. */
export const NOON = Date.UTC(2026, 5, 15, 4);

export type PlatformDriver = Awaited<ReturnType<typeof startPlatform>>;

/** The simulator, its clock moved by hand alone, with short words for what these tests do all the time. */
export async function startPlatform() {
  const simulator = await startTestSimulator({ now: NOON });
  const { world, origin } = simulator;
  world.clock.setFrozen(true);
  const { kit } = world;
  const call = async (method: string, path: string, query: object = {}, body?: unknown): Promise<Answer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const entries = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(`${origin}${path}?${String(new URLSearchParams(entries))}`, {
      method,
      ...(body === undefined ? {} : { body: text }),
    });
    return readAnswer(answer);
  };
  const secrets = {
    'official-account': { appid: kit.officialAccount.appid, secret: kit.officialAccount.secret },
    'mini-program': { appid: kit.miniProgram.appid, secret: kit.miniProgram.secret },
  };
  return {
    ...(simulator as RunningSimulator),
    kit,
    secrets,
    call,
    get: (path: string, query: object = {}) => call('GET', path, query),
    post: (path: string, query: object, body: unknown) => call('POST', path, query, body),
    /** Pulls a lever; anything but a success fails the test. */
    async lever(path: string, body: object = {}, method = 'POST'): Promise<Body> {
      const answer = await fetch(`${origin}/levers${path}`, {
        method,
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`lever ${path}: ${answer.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    async token(kind: keyof typeof secrets = 'official-account'): Promise<string> {
      const wanted = { grant_type: 'client_credential', ...secrets[kind] };
      const { body } = await call('POST', '/cgi-bin/stable_token', {}, wanted);
      return body.access_token;
    },
    openid(personId: string, kind: keyof typeof secrets = 'official-account'): string {
      return world.people.get(personId).openids[secrets[kind].appid]!;
    },
    advance: (ms: number) => world.clock.advance(ms),
  };
}

async function readAnswer(answer: Response): Promise<Answer> {
  const text = await answer.text();
  const isJson = text.startsWith('{') || text.startsWith('[');
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    text,
    body: isJson ? JSON.parse(text) : text,
  };
}

export interface ReceivedPush {
  method: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Responder = (push: ReceivedPush, response: ServerResponse) => void;

/** A server of ours that WeChat pushes to. It echoes and says `success` until told otherwise. */
export async function startReceiver() {
  const received: ReceivedPush[] = [];
  const receiver = {
    url: '',
    received,
    respond: ((_push, response) => void response.end('success')) as Responder,
    stop: () => stop(server),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query = new URL(request.url ?? '/', 'http://receiver').searchParams;
      const push = {
        method: request.method ?? '',
        query,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      if (push.method === 'GET') return void response.end(query.get('echostr'));
      received.push(push);
      receiver.respond(push, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wechat`;
  return receiver;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
