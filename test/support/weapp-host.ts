import path from 'node:path';
import { WeappBundle } from './weapp-bundle.ts';
import { PageStack } from './weapp-pages.ts';
import { drawTree, nodesOf, outline, readKinds, upwardsFrom } from './weapp-tree.ts';
import type { Kinds, WeappNode } from './weapp-tree.ts';
import { createWx, kindPeople } from './weapp-wx.ts';
import type { WeappPeople, WxCall, WxSurroundings } from './weapp-wx.ts';

export interface WeappOptions extends Partial<WeappPeople> {
  /** Where requests really go, whatever origin was built in. */
  apiOrigin: string;
  /** The page to start on, with its query; the first tab when absent. */
  start?: string;
  /** What an earlier run left behind. */
  storage?: Map<string, unknown>;
  /** WeChat's text size; 17 when nobody changed it. */
  textSize?: number;
  /** Another build than `miniprogram/dist/weapp`. */
  folder?: string;
}

const BUILT = path.resolve(import.meta.dirname, '../../miniprogram/dist/weapp');
/** Long, for a machine that is busy with other tests; what comes earlier is not waited for. */
const PATIENCE_MS = 30_000;

/**
 * Runs the compiled mini-program without WeChat's own tool: its requests over real HTTP, its pages as a tree of text
 * that can be tapped and typed into. It draws nothing, measures nothing, and knows only the calls that the app makes.
 */
export async function startWeapp(options: WeappOptions): Promise<WeappHost> {
  const host = new WeappHost(options);
  await host.until('the first page', () => host.tree().children.length > 0);
  return host;
}

export class WeappHost {
  /** Every call of `wx`, in order. */
  readonly calls: WxCall[] = [];
  readonly storage: Map<string, unknown>;
  private readonly people: WeappPeople;
  private readonly bundle: WeappBundle;
  private readonly pages: PageStack;
  private readonly kinds: Kinds;
  private underWay = 0;
  private isGesture = false;
  private isOnline = true;

  constructor(options: WeappOptions) {
    this.storage = options.storage ?? new Map();
    this.people = { ...kindPeople, ...options };
    const wx = createWx(this.surroundings(options));
    this.bundle = new WeappBundle(options.folder ?? BUILT, wx, () => [...this.pages.all]);
    this.pages = new PageStack(this.bundle);
    this.kinds = readKinds(this.bundle.baseWxml);
    this.launch(options.start ?? `/${this.bundle.pages[0]}`);
  }

  // ---- reading

  /** Routes from the bottom to the top. */
  routes(): string[] {
    return this.pages.all.map(({ route }) => route);
  }

  /** Everything the page in sight says. */
  text(): string {
    return this.tree().text;
  }

  tree(): WeappNode {
    return drawTree(this.pages.top.data, this.kinds);
  }

  /** The smallest node that says exactly this, else the smallest that contains it. */
  find(text: string, within: WeappNode = this.tree()): WeappNode | null {
    const saying = [...nodesOf(within)].filter((node) => node.tag !== 'text' && node.text.includes(text));
    return findExactly(text, within) ?? saying.at(-1) ?? null;
  }

  /** Texts of all toasts so far. */
  toasts(): string[] {
    return this.calls.filter(({ name }) => name === 'showToast').map(({ given }) => String(given.title));
  }

  /** What the app threw or complained about. */
  get errors(): readonly unknown[] {
    return this.bundle.errors;
  }

  // ---- waiting

  /** Waits for a truthy answer; fails with what the page in sight shows. */
  async until<T>(what: string, look: () => T | null | undefined | false, patienceMs = PATIENCE_MS): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const found = look();
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}\n${this.account()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until the page in sight says this; gives the node. */
  see(text: string, patienceMs?: number): Promise<WeappNode> {
    return this.until(`“${text}”`, () => this.find(text), patienceMs);
  }

  /** Waits until this page is in sight and drawn. */
  async arrive(route: string, patienceMs?: number): Promise<void> {
    const isThere = () => this.pages.top.route === route && this.tree().children.length > 0;
    await this.until(`page ${route}`, isThere, patienceMs);
  }

  /** Waits until no call of `wx` is under way. */
  async quiet(): Promise<void> {
    await this.until('quiet', () => this.underWay === 0);
  }

  // ---- touching

  /** Waits for the words, then taps them. */
  async tap(text: string): Promise<void> {
    this.tapNode(await this.until(`“${text}” to tap`, () => this.find(text)));
    await aMoment();
  }

  /** Taps what says exactly `text` in the smallest block that says `near` too, for words that stand there repeatedly. */
  async tapNear(near: string, text: string): Promise<void> {
    const block = [...upwardsFrom(await this.see(near))].find((around) => findExactly(text, around));
    const node = block && findExactly(text, block);
    if (!node) throw new Error(`“${text}” does not stand near “${near}”\n${this.account()}`);
    this.tapNode(node);
    await aMoment();
  }

  /** Types into the field with this label. */
  async type(label: string, value: string): Promise<void> {
    const field = this.fieldOf(label);
    this.fire(field, 'focus', { value: '' });
    this.fire(field, 'input', { value, cursor: value.length, keyCode: 0 });
    this.fire(field, 'blur', { value });
    await aMoment();
  }

  /** Chooses from the picker with this label. */
  async pick(label: string, choice: string): Promise<void> {
    const field = this.fieldOf(label);
    const at = (field.attributes.range as string[]).indexOf(choice);
    if (at < 0) throw new Error(`“${label}” does not offer “${choice}”`);
    this.fire(field, 'change', { value: String(at) });
    await aMoment();
  }

  back(): void {
    this.pages.back();
  }

  /** The tab with this name, at the bottom of the screen. */
  switchTab(name: string): void {
    const tab = this.bundle.tabs.find(({ text }) => text === name);
    if (!tab) throw new Error(`there is no tab “${name}”`);
    this.pages.move('switchTab', `/${tab.pagePath}`);
  }

  pullDown(): void {
    this.pages.call('onPullDownRefresh');
  }

  reachBottom(): void {
    this.pages.call('onReachBottom');
  }

  /** What a chat is shown when the page in sight is passed on by WeChat's menu; undefined where it cannot be. */
  share(): unknown {
    return this.pages.call('onShareAppMessage', { from: 'menu' });
  }

  goOffline(): void {
    this.isOnline = false;
  }

  goOnline(): void {
    this.isOnline = true;
  }

  /** Puts the app away: nothing of it runs after this. */
  close(): void {
    this.bundle.stop();
  }

  // ---- inside

  private surroundings(options: WeappOptions): WxSurroundings {
    return {
      people: this.people,
      apiOrigin: options.apiOrigin,
      storage: this.storage,
      calls: this.calls,
      isGesture: () => this.isGesture,
      asGesture: () => this.asGesture(),
      underWay: (change) => void (this.underWay += change),
      move: (how, url) => this.pages.move(how, url),
      isOnline: () => this.isOnline,
      textSize: options.textSize ?? 17,
    };
  }

  private launch(start: string): void {
    const app = this.bundle.definitionOf('app') as Record<string, ((options: object) => void) | undefined>;
    const launched = { path: start.split('?')[0]?.slice(1), query: {}, scene: 1001 };
    app.onLaunch?.(launched);
    app.onShow?.(launched);
    this.pages.move('reLaunch', start);
  }

  /** A gesture lasts through the promises that are settled at once, not through a request. */
  private asGesture(): void {
    this.isGesture = true;
    setImmediate(() => (this.isGesture = false));
  }

  /** WeChat's own buttons do what they are for after the tap. */
  private tapNode(node: WeappNode): void {
    const button = [...upwardsFrom(node)].find(({ tag }) => tag === 'button');
    if (button && isSet(button.attributes.disabled)) throw new Error(`the button “${button.text}” is disabled`);
    this.asGesture();
    this.fire(node, 'tap', { x: 0, y: 0 });
    if (button?.attributes['open-type'] !== 'getPhoneNumber') return;
    const code = this.people.phoneCode();
    const errMsg = `getPhoneNumber:${code === null ? 'fail user deny' : 'ok'}`;
    this.fire(button, 'getphonenumber', code === null ? { errMsg } : { errMsg, code });
  }

  /** Brings an event to Taro's handler, once for each node on the way up that listens to it, as WeChat does. */
  private fire(node: WeappNode, type: string, detail: object): void {
    const timeStamp = Date.now();
    const bubbles = type === 'tap';
    for (const at of bubbles ? upwardsFrom(node) : [node]) {
      if (!at.binds.has(type)) continue;
      const event = { type, timeStamp, target: asTarget(node), currentTarget: asTarget(at), detail: { ...detail } };
      this.pages.call('eh', { ...event, mark: {}, touches: [], changedTouches: [] });
      if (bubbles && at.catches.has(type)) break;
    }
  }

  /** The input, textarea or picker that stands with a label. */
  private fieldOf(label: string): WeappNode {
    for (const around of upwardsFrom(this.find(label))) {
      const field = [...nodesOf(around)].find(({ tag }) => ['input', 'textarea', 'picker'].includes(tag));
      if (field) return field;
    }
    throw new Error(`no field stands with “${label}”\n${this.account()}`);
  }

  private account(): string {
    const page = this.pages.all.at(-1);
    const shown = page ? `${page.route} shows:\n${outline(this.tree())}` : 'no page is open';
    return [shown, ...this.errors.map(String)].join('\n');
  }
}

function findExactly(text: string, within: WeappNode): WeappNode | null {
  return [...nodesOf(within)].filter((node) => node.tag !== 'text' && node.text.trim() === text).at(-1) ?? null;
}

const isSet = (value: unknown): boolean => value === true || value === 'true';
/** No finger is faster; React draws in between. */
const aMoment = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
const asTarget = ({ id }: WeappNode) => ({ id, dataset: { sid: id }, offsetLeft: 0, offsetTop: 0 });
