import type { Move } from './weapp-pages.ts';

/** What the person and WeChat do while a test runs. Each has a kind default. */
export interface WeappPeople {
  /** The code that `wx.login` gives. */
  login(): string | Promise<string>;
  /** What becomes of the pay sheet. */
  pay(parameters: Record<string, string>): WeappPayAnswer | Promise<WeappPayAnswer>;
  /** The answer to the question about messages, by template. */
  consent(templateIds: string[]): Record<string, 'accept' | 'reject' | 'ban' | 'filter'>;
  /** The code behind “allow” on the phone number's sheet; null is “refuse”. */
  phoneCode(): string | null;
  /** Presses the first or the second button of a question. */
  sure(question: string): boolean;
  /** Does this phone show a document that was downloaded? */
  opensDocuments(): boolean;
}

export type WeappPayAnswer = 'ok' | 'cancel' | 'fail';

export const kindPeople: WeappPeople = {
  login: () => 'login-code',
  pay: () => 'ok',
  consent: (ids) => Object.fromEntries(ids.map((id) => [id, 'accept' as const])),
  phoneCode: () => 'phone-code',
  sure: () => true,
  opensDocuments: () => true,
};

interface Callbacks {
  success?(answer: unknown): void;
  fail?(answer: unknown): void;
  complete?(answer: unknown): void;
}
type Options = Callbacks & Record<string, unknown>;

/** One call of `wx` and what it was given. */
export interface WxCall {
  name: string;
  given: Record<string, unknown>;
}

/** WeChat's way of refusing a call. */
const refused = (message: string, errCode: number) => Object.assign(new Error(message), { errCode });

/** Failures come as an object with an `errMsg`, never as an `Error`. */
function failed(name: string): (failure: Error & { errCode?: number }) => never {
  return ({ message, errCode }) => {
    throw { errMsg: `${name}:fail ${message}`, ...(errCode === undefined ? {} : { errCode }) };
  };
}

function callBack(options: Callbacks, answered: Promise<object>): void {
  void answered.then(
    (told) => {
      options.success?.(told);
      options.complete?.(told);
    },
    (told: object) => {
      options.fail?.(told);
      options.complete?.(told);
    },
  );
}

/** What the host knows and the API needs. */
export interface WxSurroundings {
  people: WeappPeople;
  /** The real server behind whatever origin was built in. */
  apiOrigin: string;
  storage: Map<string, unknown>;
  /** Everything that was called, `name` by `name`, with what it was given. */
  calls: WxCall[];
  /** Is this moment part of a tap, or of a payment just finished? WeChat allows some questions only then. */
  isGesture(): boolean;
  /** From now on for a moment. */
  asGesture(): void;
  /** Counts what is under way, so that a test can wait for quiet. */
  underWay(change: 1 | -1): void;
  move(how: Move, url: string): void;
  isOnline(): boolean;
  /** WeChat's text size, 17 when nobody changed it. */
  textSize: number;
}

const DEVICE = { model: 'iPhone 15', brand: 'Apple', system: 'iOS 17.5', platform: 'ios' };
const WINDOW = {
  windowWidth: 390,
  windowHeight: 764,
  screenWidth: 390,
  screenHeight: 844,
  statusBarHeight: 47,
  pixelRatio: 3,
  safeArea: { bottom: 810 },
};

/** The part of `wx` that the app uses, with WeChat's manner of answering: later, by callback, with an `errMsg`. */
export function createWx(around: WxSurroundings): Record<string, unknown> {
  /** Notes the call, works it out, answers later; without callbacks it gives a promise, as WeChat's calls do. */
  const later =
    (name: string, work: (given: Record<string, unknown>) => object | Promise<object>) =>
    (options: Callbacks & Record<string, unknown> = {}) => {
      const given = { ...options, inGesture: around.isGesture() };
      around.calls.push({ name, given });
      around.underWay(1);
      const answered = new Promise<void>((resolve) => setImmediate(resolve))
        .then(() => work(given))
        .then((extra) => ({ errMsg: `${name}:ok`, ...extra }), failed(name))
        .finally(() => around.underWay(-1));
      return options.success || options.fail || options.complete ? callBack(options, answered) : answered;
    };

  const done = () => ({});
  const move = (how: Move) =>
    later(how, ({ url }) => {
      around.move(how, String(url ?? ''));
      return {};
    });

  return {
    request: (options: Options) => request(around, options),
    downloadFile: (options: Options) => downloadFile(around, options),
    openDocument: later('openDocument', ({ filePath }) => {
      if (!around.people.opensDocuments()) throw new Error('file type not supported');
      return { filePath };
    }),
    setNavigationBarTitle: later('setNavigationBarTitle', done),
    login: later('login', async () => ({ code: await around.people.login() })),
    requestPayment: later('requestPayment', async (given) => {
      const said = await around.people.pay(textsOf(given));
      if (said !== 'ok') throw new Error(said);
      around.asGesture();
      return {};
    }),
    requestSubscribeMessage: later('requestSubscribeMessage', (given) => {
      const ids = given.tmplIds as string[];
      if (!given.inGesture) throw refused('can only be invoked by user TAP gesture.', 20000);
      if (ids.length > 5) throw refused('too many templates', 20003);
      return around.people.consent(ids);
    }),
    showModal: later('showModal', ({ content }) => {
      const confirm = around.people.sure(String(content));
      return { confirm, cancel: !confirm };
    }),
    showToast: later('showToast', done),
    hideToast: later('hideToast', done),
    setClipboardData: later('setClipboardData', done),
    pageScrollTo: later('pageScrollTo', done),
    stopPullDownRefresh: later('stopPullDownRefresh', done),
    getNetworkType: later('getNetworkType', () => ({ networkType: around.isOnline() ? 'wifi' : 'none' })),
    navigateTo: move('navigateTo'),
    redirectTo: move('redirectTo'),
    switchTab: move('switchTab'),
    reLaunch: move('reLaunch'),
    navigateBack: move('navigateBack'),

    getStorageSync: (key: string) => around.storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void around.storage.set(key, value),
    removeStorageSync: (key: string) => void around.storage.delete(key),

    canIUse: () => true,
    nextTick: (then: () => void) => void setImmediate(then),
    getDeviceInfo: () => DEVICE,
    getWindowInfo: () => WINDOW,
    getAppBaseInfo: () => ({ SDKVersion: '3.8.0', language: 'zh_CN', fontSizeSetting: around.textSize }),
    getSystemInfoSync: () => ({ ...DEVICE, ...WINDOW, SDKVersion: '3.8.0', fontSizeSetting: around.textSize }),
    getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
    getEnterOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
    getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
    createSelectorQuery: () => selectorQuery(),
  };
}

const textsOf = (given: object): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));

interface RequestOptions {
  url: string;
  method?: string;
  data?: unknown;
  header?: Record<string, string>;
  /** Milliseconds. */
  timeout?: number;
}

/** All that `wx.request` can send (documentation of wx.request). */
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'];

/** One of the few calls that give something back at once, a task, and therefore never a promise. */
function request(around: WxSurroundings, options: Options) {
  const { url, method = 'GET', data, header = {}, timeout = 60_000 } = options as unknown as RequestOptions;
  if (!METHODS.includes(method)) throw new Error(`wx.request cannot send ${method}`);
  const { pathname, search } = new URL(url);
  const giveUp = new AbortController();
  around.calls.push({ name: 'request', given: { method, path: pathname + search } });
  around.underWay(1);
  const exchange = async () => {
    if (!around.isOnline()) throw new Error('');
    const response = await fetch(around.apiOrigin + pathname + search, {
      method,
      headers: header,
      body: data === undefined || method === 'GET' ? null : JSON.stringify(data),
      signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(timeout)]),
    }).catch(({ name }: Error) => {
      throw new Error(name === 'TimeoutError' ? 'timeout' : 'connection refused');
    });
    const text = await response.text();
    const headers = Object.fromEntries(response.headers);
    return { errMsg: 'request:ok', statusCode: response.status, header: headers, data: parsed(text), cookies: [] };
  };
  const answered = exchange().catch(failed('request'));
  callBack(
    options,
    answered.finally(() => around.underWay(-1)),
  );
  return { abort: () => giveUp.abort() };
}

/** Succeeds whatever the server answers; what came is in the file. */
function downloadFile(around: WxSurroundings, options: Options) {
  const { pathname, search } = new URL(String(options.url));
  around.calls.push({ name: 'downloadFile', given: { path: pathname + search } });
  around.underWay(1);
  const exchange = async () => {
    if (!around.isOnline()) throw new Error('');
    const response = await fetch(around.apiOrigin + pathname + search);
    const text = await response.text();
    return { errMsg: 'downloadFile:ok', statusCode: response.status, tempFilePath: `wxfile://tmp/${text.length}` };
  };
  const answered = exchange().catch(failed('downloadFile'));
  callBack(
    options,
    answered.finally(() => around.underWay(-1)),
  );
  return { abort: () => undefined };
}

/** As `wx.request` with its default `dataType`: JSON when it is JSON, else the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Nothing has a size here. */
function selectorQuery() {
  const query = {
    in: () => query,
    select: () => query,
    selectAll: () => query,
    selectViewport: () => query,
    boundingClientRect: (then?: (rect: unknown) => void) => (then?.(null), query),
    scrollOffset: (then?: (offset: unknown) => void) => (then?.(null), query),
    fields: () => query,
    node: () => query,
    exec: (then?: (rects: unknown[]) => void) => void setImmediate(() => then?.([{ width: 0, height: 0 }, []])),
  };
  return query;
}
