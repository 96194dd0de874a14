import type { Person } from '../../simulator/src/people.ts';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.49';

/** One step of a visit: what was asked, and where it led. */
export interface Visit {
  address: string;
  status: number;
  location: string | null;
  setCookies: string[];
  text: string;
}

/** A browser with a cookie jar, that follows redirects one by one. Its holder is known to the simulated WeChat. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly origin: string,
    readonly holder: Person | undefined,
  ) {}

  /** One request, no redirect followed. */
  async visit(address: string, form?: Record<string, string>): Promise<Visit> {
    const url = new URL(address, this.origin);
    const isOurs = url.origin === this.origin;
    const cookies = isOurs ? this.jar() : this.holder ? `phone=${encodeURIComponent(this.holder.id)}` : '';
    const response = await fetch(url, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: { 'user-agent': PHONE, ...(cookies ? { cookie: cookies } : {}) },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    const setCookies = response.headers.getSetCookie();
    if (isOurs) for (const line of setCookies) this.keep(line);
    const location = response.headers.get('location');
    return { address: url.href, status: response.status, location, setCookies, text: await response.text() };
  }

  /** A page's own call. */
  async call(method: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.origin + path, { method, headers: { cookie: this.jar(), ...headers } });
  }

  /** Leaves for WeChat and is sent back; stops before the callback is opened. @returns the callback's address */
  async goToWechat(start = '/app/oauth/start', answer: 'allow' | 'deny' = 'allow'): Promise<string> {
    const started = await this.visit(start);
    if (!started.location) throw new Error(`not sent to WeChat: ${started.status} ${started.text}`);
    const asked = await this.visit(started.location);
    if (asked.location) return asked.location;
    const { origin, pathname, search } = new URL(started.location);
    const answered = await this.visit(origin + pathname, { query: search, answer });
    if (!answered.location) throw new Error(`WeChat did not send back: ${answered.text}`);
    return answered.location;
  }

  /** The whole way. @returns the last answer of ours */
  async signIn(start?: string, answer?: 'allow' | 'deny'): Promise<Visit> {
    return this.visit(await this.goToWechat(start, answer));
  }

  private jar(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    const isOver = attributes.some((attribute) => /expires=Thu, 01 Jan 1970/i.test(attribute));
    if (isOver) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
