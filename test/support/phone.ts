import { randomUUID } from 'node:crypto';
import type {
  OrderView,
  Page,
  PlaceOrderBody,
  ServiceView,
  SessionView,
  StartedPaymentView,
} from '../../src/contracts/index.ts';
import type { Lever } from './lever.ts';

export interface Answer<T = unknown> {
  status: number;
  body: T;
  headers: Headers;
}

interface PhoneOptions {
  origin: string;
  simulatorOrigin: string;
  personId: string;
  lever: Lever;
}

/** One person with WeChat in hand, over real HTTP: what they can do in the mini-program and in the service account's page. */
export class Phone {
  readonly personId: string;
  private readonly origin: string;
  private readonly simulatorOrigin: string;
  private readonly lever: Lever;
  private token: string | null = null;
  private readonly cookies = new Map<string, string>();

  constructor({ origin, simulatorOrigin, personId, lever }: PhoneOptions) {
    this.origin = origin;
    this.simulatorOrigin = simulatorOrigin;
    this.personId = personId;
    this.lever = lever;
  }

  /** The same phone in the same hand, signed in as it is, reaching us by another address. */
  through(origin: string): Phone {
    const { simulatorOrigin, personId, lever } = this;
    const other = new Phone({ origin, simulatorOrigin, personId, lever });
    other.token = this.token;
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  async call<T = unknown>(
    method: string,
    address: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${this.origin}${address}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(!this.token && cookie ? { cookie, 'x-requested-with': 'tongban' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]!.split('=');
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: (isJson ? JSON.parse(text) : text) as T, headers: answer.headers };
  }

  /** The answer's `data`; anything but 2xx fails the test with what the server said. */
  async get<T>(address: string): Promise<T> {
    return this.expectData<T>(await this.call('GET', address));
  }

  async post<T>(address: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    return this.expectData<T>(await this.call('POST', address, body ?? {}, headers));
  }

  private expectData<T>({ status, body }: Answer): T {
    if (status < 200 || status > 299) throw new Error(`${status} ${JSON.stringify(body)}`);
    return (body as { data: T }).data;
  }

  async signInMiniProgram(): Promise<SessionView> {
    const { code } = await this.lever<{ code: string }>(`/people/${this.personId}/mini-program/login`, {});
    const session = await this.post<SessionView>('/app/sessions/mini-program', { code });
    this.token = session.token;
    return session;
  }

  /** Through WeChat's page and back, as the browser inside WeChat goes. Returns where it ended. */
  async signInOfficialAccount(scope: 'base' | 'userinfo' = 'base'): Promise<string> {
    this.token = null;
    const start = await this.call(
      'GET',
      `/app/oauth/start?scope=${scope}&back=${encodeURIComponent('/#/pages/me/index')}`,
    );
    const page = await fetch(start.headers.get('location')!, {
      redirect: 'manual',
      headers: { cookie: `phone=${this.personId}` },
    });
    const back = page.headers.get('location');
    if (!back) throw new Error(`WeChat showed a page: ${page.status} ${(await page.text()).slice(0, 300)}`);
    const { pathname, search } = new URL(back);
    const end = await this.call('GET', `${pathname}${search}`);
    return end.headers.get('location') ?? '';
  }

  /** A right order for the service's first package, around what the test cares about. */
  async orderBody(serviceCode: string, wanted: Partial<PlaceOrderBody> = {}): Promise<PlaceOrderBody> {
    const service = await this.get<ServiceView>(`/app/services/${serviceCode}`);
    const bought = service.packages.find(({ code }) => code === wanted.packageCode) ?? service.packages[0]!;
    return {
      serviceCode,
      serviceVersion: service.version,
      packageCode: bought.code,
      planCode: bought.plans[0]!.code,
      ...(bought.needsProvince ? { province: '福建省' } : {}),
      buyer: { kind: 'person', contactName: '林晓', contactPhone: '13800000001' },
      answers: Object.fromEntries(service.preCheck.map(({ code }) => [code, 'yes' as const])),
      ...wanted,
    };
  }

  async order(serviceCode = SIMPLE_SERVICE, wanted: Partial<PlaceOrderBody> = {}): Promise<OrderView> {
    const body = await this.orderBody(serviceCode, wanted);
    return this.post<OrderView>('/app/orders', body, { 'idempotency-key': randomUUID() });
  }

  seeOrder(number: string): Promise<OrderView> {
    return this.get<OrderView>(`/app/orders/${number}`);
  }

  async orders(query = ''): Promise<Page<OrderView>> {
    return (await this.call<Page<OrderView>>('GET', `/app/orders${query}`)).body;
  }

  startPayment(number: string, way = 'mini-program'): Promise<StartedPaymentView> {
    return this.post<StartedPaymentView>(`/app/orders/${number}/payments`, { way });
  }

  /** The pay sheet: WeChat itself tells our server. */
  pay(
    started: StartedPaymentView,
    outcome: 'pay' | 'cancel' | 'fail' = 'pay',
  ): Promise<{ errMsg: string; transactionId?: string }> {
    return this.lever(`/people/${this.personId}/pay`, { ...started.payParameters, outcome });
  }

  /** An order whose first payment has arrived. */
  async paidOrder(serviceCode = SIMPLE_SERVICE, wanted: Partial<PlaceOrderBody> = {}): Promise<OrderView> {
    const { number } = await this.order(serviceCode, wanted);
    const started = await this.startPayment(number);
    await this.pay(started);
    await this.post(`/app/payments/${started.number}/look`);
    return this.seeOrder(number);
  }

  get wechat(): string {
    return this.simulatorOrigin;
  }
}

/** A service that anybody can order: paid at once, nothing asked. */
export const SIMPLE_SERVICE = 'service-account-opening';
