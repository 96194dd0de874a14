import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';

/** What a page's or the app's file hands to `Page` or `App`. */
export type Definition = Record<string, unknown>;

/** The compiled mini-program: its JavaScript in a context that has what WeChat gives and nothing of Node's. */
export class WeappBundle {
  readonly pages: string[];
  readonly tabs: { pagePath: string; text: string }[];
  /** What the app threw outside of any call, or complained about with `console.error`. */
  readonly errors: unknown[] = [];

  private readonly folder: string;
  private readonly context: vm.Context;
  private readonly modules = new Map<string, { exports: unknown }>();
  private readonly definitions = new Map<string, Definition>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private defined: Definition = {};
  private isStopped = false;

  /** Throws when nothing was built, saying how to build it. */
  constructor(folder: string, wx: Definition, getCurrentPages: () => unknown[]) {
    if (!existsSync(path.join(folder, 'app.json')))
      throw new Error('The mini-program is not built. Build it with: npm run build:weapp --workspace miniprogram');
    this.folder = folder;
    const app = JSON.parse(readFileSync(path.join(folder, 'app.json'), 'utf8')) as {
      pages: string[];
      tabBar: { list: WeappBundle['tabs'] };
    };
    this.pages = app.pages;
    this.tabs = app.tabBar.list;

    const define = (definition: Definition) => void (this.defined = definition);
    this.context = vm.createContext({
      App: define,
      Page: define,
      Component: () => undefined,
      Behavior: () => undefined,
      getApp: () => this.definitions.get('app'),
      getCurrentPages,
      wx,
      console: this.listeningConsole(),
      setTimeout: this.watched(setTimeout),
      setInterval: this.watched(setInterval),
      clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
      clearInterval: (timer: NodeJS.Timeout) => clearInterval(timer),
    });
  }

  get baseWxml(): string {
    return path.join(this.folder, 'base.wxml');
  }

  has(route: string): boolean {
    return existsSync(path.join(this.folder, `${route}.js`));
  }

  /** Runs the file once and gives what it defined. */
  definitionOf(route: string): Definition {
    const known = this.definitions.get(route);
    if (known) return known;
    this.load(route);
    this.definitions.set(route, this.defined);
    return this.defined;
  }

  /** Ends all timers and takes no new ones: an answer that still comes in starts nothing. */
  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private load(file: string): unknown {
    const full = file.endsWith('.js') ? file : `${file}.js`;
    const known = this.modules.get(full);
    if (known) return known.exports;
    const module = { exports: {} };
    this.modules.set(full, module);
    const code = readFileSync(path.join(this.folder, full), 'utf8');
    const wrapped = `(function (module, exports, require) {${code}\n})`;
    const run = vm.runInContext(wrapped, this.context, { filename: full }) as (...given: unknown[]) => void;
    run(module, module.exports, (from: string) => this.load(path.join(path.dirname(full), from)));
    return module.exports;
  }

  private watched(set: typeof setTimeout | typeof setInterval) {
    return (deed: () => void, ms: number) => {
      if (this.isStopped) return null;
      const timer = set(() => this.guarded(deed), ms);
      this.timers.add(timer);
      return timer;
    };
  }

  private guarded(deed: () => void): void {
    try {
      deed();
    } catch (thrown) {
      this.errors.push(thrown);
    }
  }

  private listeningConsole() {
    const silent = () => undefined;
    return {
      error: (...said: unknown[]) => void this.errors.push(said.map(String).join(' ')),
      log: silent,
      info: silent,
      warn: silent,
      debug: silent,
    };
  }
}
