import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  CustomerView,
  DeviceView,
  FrontSettings,
  OrderView,
  PlaceOrderBody,
  ServiceView,
  StartedPaymentView,
} from '../../src/contracts/index.ts';
import { errorWords } from '../../src/contracts/index.ts';
import {
  inMinutes,
  orderFrom,
  pageOf,
  payInstalment,
  quoteOf,
  Refused,
  startedFrom,
  summaryOf,
  verdictOn,
} from './stub-answers.ts';

/**
 * Speaks the contracts, without a rule behind them. It exists to prove `weapp-host.ts` and to look at pages; whatever
 * is said about the product is said against the real server.
 */
export interface ContractStub {
  url: string;
  /** `METHOD /path` of everything asked, in order. */
  calls: string[];
  /** Sign-ins so far. */
  signIns: number;
  orders: OrderView[];
  services: ServiceView[];
  settings: FrontSettings;
  /** Every token given out so far ends. */
  endSessions(): void;
  /** The payment of this order arrives. */
  pay(number: string): void;
  /** Answers before the stub does, when it returns something. */
  intercept: ((call: string, body: unknown) => { status: number; body: unknown } | null) | null;
  /** Does what this call asks and then hangs up without a word, once. */
  loseAnswerTo: string | null;
  /** Answers what the stub does not know: pages, scripts. */
  fallback: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  close(): Promise<void>;
}

interface Call {
  params: string[];
  query: URLSearchParams;
  body: unknown;
  request: IncomingMessage;
}

type Answering = (call: Call) => unknown;
type Route = [method: string, path: RegExp, needsPerson: boolean, answer: Answering];

export async function startContractStub(services: ServiceView[], port = 0): Promise<ContractStub> {
  const tokens = new Set<string>();
  const ordersByKey = new Map<string, OrderView>();
  let counter = 0;
  const next = () => String(++counter).padStart(4, '0');

  const me: CustomerView = { nickname: null, phoneMasked: null, follows: null, signedInWith: 'mini-program' };
  const devices: DeviceView[] = [
    {
      id: 'one',
      device: 'iPhone 15',
      signedInWith: 'mini-program',
      lastSeenAt: '2026-11-22T01:30:00Z',
      isCurrent: true,
    },
    {
      id: 'two',
      device: 'HUAWEI Mate 60 Pro 深圳分公司前台共用设备',
      signedInWith: 'official-account',
      lastSeenAt: '2026-11-20T10:05:00Z',
      isCurrent: false,
    },
  ];

  const stub: ContractStub = {
    url: '',
    calls: [],
    signIns: 0,
    orders: [],
    services,
    settings: {
      jsSdkScript: '/js-sdk.js',
      officialAccountAppid: 'wx0000000000000001',
      officialAccountName: '通办服务',
      consentTemplateIds: ['order-paid'],
      agencyName: '通办企业服务',
      canAuthorise: true,
    },
    endSessions: () => tokens.clear(),
    pay: (number) => payInstalment(orderOf(number)),
    intercept: null,
    loseAnswerTo: null,
    fallback: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  const orderOf = (number: string | undefined): OrderView => {
    const order = stub.orders.find((kept) => kept.number === number);
    if (!order) throw new Refused(404, 'order.not_found');
    return order;
  };
  const serviceOf = (code: string | undefined): ServiceView => {
    const service = stub.services.find((offered) => offered.code === code);
    if (!service) throw new Refused(404, 'catalogue.service_not_found');
    return service;
  };

  function signIn(): string {
    stub.signIns += 1;
    const token = `token-${next()}`;
    tokens.add(token);
    return token;
  }

  const routes: Route[] = [
    ['GET', /^\/app\/settings$/, false, () => ({ data: stub.settings })],
    [
      'GET',
      /^\/app\/js-sdk$/,
      false,
      () => ({ data: { appId: stub.settings.officialAccountAppid, timestamp: 1, nonceStr: 'n', signature: 's' } }),
    ],
    [
      'POST',
      /^\/app\/sessions\/mini-program$/,
      false,
      () => ({ data: { token: signIn(), expiresAt: inMinutes(600), customer: me } }),
    ],
    ['DELETE', /^\/app\/sessions\/current$/, false, () => tokens.clear()],
    ['GET', /^\/app\/sessions$/, true, () => ({ data: devices })],
    [
      'DELETE',
      /^\/app\/sessions\/(.+)$/,
      true,
      ({ params }) =>
        void devices.splice(
          devices.findIndex(({ id }) => id === params[0]),
          1,
        ),
    ],
    ['GET', /^\/app\/me$/, true, () => ({ data: me })],
    ['POST', /^\/app\/me\/phone$/, true, () => ({ data: Object.assign(me, { phoneMasked: '138****0001' }) })],
    ['POST', /^\/app\/message-consents$/, true, () => undefined],
    ['GET', /^\/app\/services$/, false, () => ({ data: stub.services.map(summaryOf), next: null })],
    ['GET', /^\/app\/services\/([^/]+)$/, false, ({ params }) => ({ data: serviceOf(params[0]) })],
    [
      'POST',
      /^\/app\/services\/([^/]+)\/pre-checks$/,
      false,
      ({ params, body }) => ({ data: verdictOn(serviceOf(params[0]), body) }),
    ],
    [
      'POST',
      /^\/app\/orders$/,
      true,
      ({ body, request }) => {
        const wish = body as PlaceOrderBody;
        const key = String(request.headers['idempotency-key']);
        const before = ordersByKey.get(key);
        if (before) return { data: before };
        if (wish.note?.includes('错误'))
          throw new Refused(422, 'request.invalid', {
            fields: [{ field: 'buyer.creditCode', message: '统一社会信用代码已被停用' }],
          });
        const order = orderFrom(serviceOf(wish.serviceCode), wish, `TB20261122${next()}`);
        stub.orders.unshift(order);
        ordersByKey.set(key, order);
        return { data: order };
      },
    ],
    ['GET', /^\/app\/orders$/, true, ({ query }) => pageOf(stub.orders, query)],
    ['GET', /^\/app\/orders\/([^/]+)\/refunds$/, true, () => ({ data: [] })],
    ['GET', /^\/app\/orders\/([^/]+)\/refund-quote$/, true, ({ params }) => ({ data: quoteOf(orderOf(params[0])) })],
    ['GET', /^\/app\/orders\/([^/]+)$/, true, ({ params }) => ({ data: orderOf(params[0]) })],
    [
      'POST',
      /^\/app\/orders\/([^/]+)\/cancel$/,
      true,
      ({ params }) => ({
        data: Object.assign(orderOf(params[0]), {
          state: 'cancelled',
          canPay: false,
          canCancel: false,
          dueFen: 0,
          expiresAt: null,
          cancelReason: 'customer',
          cancelledAt: inMinutes(0),
        }),
      }),
    ],
    [
      'POST',
      /^\/app\/orders\/([^/]+)\/payments$/,
      true,
      ({ params, body }) => {
        const order = orderOf(params[0]);
        if (!order.canPay) throw new Refused(409, 'order.not_payable');
        const started = startedFrom(order, (body as { way: StartedPaymentView['way'] }).way, `P${order.number}`);
        order.payment = started;
        return { data: started };
      },
    ],
    [
      'POST',
      /^\/app\/payments\/([^/]+)\/look$/,
      true,
      ({ params }) => {
        const order = orderOf(params[0]?.slice(1));
        if (!order.payment) throw new Refused(404, 'payment.not_found');
        return { data: order.payment };
      },
    ],
  ];

  function answerTo(call: string, request: IncomingMessage, body: unknown): { status: number; body: unknown } | null {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
    const bent = pathname.startsWith('/app/') ? (stub.intercept?.(call, body) ?? null) : null;
    if (bent) return bent;
    for (const [method, path, needsPerson, answer] of routes) {
      const found = request.method === method ? path.exec(pathname) : null;
      if (!found) continue;
      if (needsPerson && !isSignedIn(request, tokens)) throw new Refused(401, 'session.required');
      const content = answer({ params: found.slice(1).map(decodeURIComponent), query: searchParams, body, request });
      const created = method === 'POST' && /orders$|payments$/.test(pathname);
      return { status: content === undefined ? 204 : created ? 201 : 200, body: content };
    }
    return null;
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
    if (pathname === '/app/oauth/start') {
      response.writeHead(302, {
        'set-cookie': `session=${signIn()}; Path=/; HttpOnly`,
        location: searchParams.get('back') ?? '/',
      });
      return void response.end();
    }
    const call = `${request.method} ${pathname}`;
    if (pathname.startsWith('/app/')) stub.calls.push(call);
    void readBody(request).then((body) => {
      let answer;
      try {
        answer = answerTo(call, request, body);
      } catch (refused) {
        if (!(refused instanceof Refused)) throw refused;
        answer = { status: refused.status, body: refusalFrom(refused) };
      }
      if (answer === null && stub.fallback) return stub.fallback(request, response);
      if (call === stub.loseAnswerTo) {
        stub.loseAnswerTo = null;
        return void response.destroy();
      }
      const { status, body: content } = answer ?? {
        status: 404,
        body: refusalFrom(new Refused(404, 'request.not_found')),
      };
      response.writeHead(status, content === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' });
      response.end(content === undefined ? '' : JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return stub;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? null : (JSON.parse(text) as unknown);
}

function isSignedIn({ headers }: IncomingMessage, tokens: Set<string>): boolean {
  const sent = headers.authorization?.replace('Bearer ', '') ?? /session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  return sent !== undefined && tokens.has(sent);
}

const refusalFrom = ({ code, detail }: Refused) => ({
  error: { code, message: errorWords[code].zh, messageEn: errorWords[code].en, detail, requestId: 'req-0001' },
});
