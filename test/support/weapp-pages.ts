import path from 'node:path';
import type { WeappBundle } from './weapp-bundle.ts';

type Lifecycle = (this: WeappPage, ...given: unknown[]) => unknown;

/** One opened page, as `this` in its definition. */
export interface WeappPage {
  route: string;
  options: Record<string, string>;
  data: Record<string, unknown>;
  setData(patch: Record<string, unknown>, then?: () => void): void;
  [member: string]: unknown;
}

export type Move = 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch' | 'navigateBack';

/** WeChat keeps at most ten pages on one another. */
const DEEPEST = 10;

/** The pages that are open, the one in sight on top. Tabs stay alive while others are in sight. */
export class PageStack {
  private readonly bundle: WeappBundle;
  private readonly tabs = new Map<string, WeappPage>();
  private stack: WeappPage[] = [];

  constructor(bundle: WeappBundle) {
    this.bundle = bundle;
  }

  get all(): readonly WeappPage[] {
    return this.stack;
  }

  get top(): WeappPage {
    const page = this.stack.at(-1);
    if (!page) throw new Error('no page is open');
    return page;
  }

  /** Moves as `wx` does, with WeChat's words when it refuses. */
  move(how: Move, url: string): void {
    if (how === 'navigateBack') return this.back();
    const { route, query } = addressOf(url, this.stack.at(-1)?.route ?? '');
    if (!this.bundle.has(route)) throw new Error(`page "${route}" is not found`);
    const isTab = this.isTab(route);
    if (how === 'switchTab' && !isTab) throw new Error('can not switch to no-tabBar page');
    if ((how === 'navigateTo' || how === 'redirectTo') && isTab) throw new Error(`can not ${how} a tabbar page`);

    if (how === 'navigateTo') this.push(route, query);
    else if (how === 'redirectTo') this.replace(route, query);
    else this.toBottom(route, query);
  }

  back(): void {
    if (this.stack.length < 2) throw new Error('cannot navigate back at first page.');
    call(this.stack.pop(), 'onUnload');
    call(this.top, 'onShow');
  }

  /** Calls a lifecycle of the page in sight, `onPullDownRefresh` and the like. */
  call(lifecycle: string, ...given: unknown[]): unknown {
    return call(this.top, lifecycle, ...given);
  }

  private isTab(route: string): boolean {
    return this.bundle.tabs.some(({ pagePath }) => pagePath === route);
  }

  private push(route: string, query: Record<string, string>): void {
    if (this.stack.length >= DEEPEST) throw new Error('webview count limit exceed');
    call(this.top, 'onHide');
    this.open(route, query);
  }

  private replace(route: string, query: Record<string, string>): void {
    this.leave(this.stack.pop());
    this.open(route, query);
  }

  /** A tab, or a fresh start: everything above goes. */
  private toBottom(route: string, query: Record<string, string>): void {
    const kept = this.tabs.get(route);
    if (kept && kept === this.stack.at(-1)) return;
    for (const page of [...this.stack].reverse()) this.leave(page);
    this.stack = [];
    if (!kept) return this.open(route, query);
    this.stack = [kept];
    call(kept, 'onShow');
  }

  private leave(page: WeappPage | undefined): void {
    if (page && page === this.tabs.get(page.route)) {
      if (page === this.stack.at(-1)) call(page, 'onHide');
    } else call(page, 'onUnload');
  }

  private open(route: string, query: Record<string, string>): void {
    const page: WeappPage = {
      ...this.bundle.definitionOf(route),
      route,
      options: query,
      data: { root: { cn: [] } },
      setData(patch, then) {
        for (const [at, value] of Object.entries(patch)) setAt(page.data, at, overTheBridge(value));
        if (then) setImmediate(then);
      },
    };
    this.stack.push(page);
    if (this.isTab(route)) this.tabs.set(route, page);
    call(page, 'onLoad', query);
    call(page, 'onShow');
    call(page, 'onReady');
  }
}

const call = (page: WeappPage | undefined, lifecycle: string, ...given: unknown[]): unknown =>
  page && (page[lifecycle] as Lifecycle | undefined)?.apply(page, given);

/** Data goes to the view as JSON, so what is no JSON does not arrive. */
const overTheBridge = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);

/** Like WeChat: relative to the page that asks, and values are not decoded. */
function addressOf(url: string, from: string): { route: string; query: Record<string, string> } {
  const [where = '', search = ''] = url.split('?');
  const route = where.startsWith('/') ? where.slice(1) : path.join(path.dirname(from), where);
  const pairs = search.split('&').filter((pair) => pair !== '');
  const query = pairs.map((pair) => [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')]);
  return { route, query: Object.fromEntries(query) as Record<string, string> };
}

/** `root.cn.[0].cn.[1].v`, as Taro names places in its data. */
function setAt(data: Record<string, unknown>, at: string, value: unknown): void {
  const steps = at.split('.').map((step) => step.replace(/^\[(\d+)\]$/, '$1'));
  const last = steps.pop() ?? '';
  let place = data;
  for (const step of steps) place = (place[step] ??= {}) as Record<string, unknown>;
  place[last] = value;
}
