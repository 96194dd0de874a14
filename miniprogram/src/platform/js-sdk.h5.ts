import { getJsSdk, getSettings } from '../api.ts';
import type { Place } from './place.ts';

interface ChooseWXPay {
  /** Small s, unlike everywhere else. */
  timestamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
  success(): void;
  cancel(): void;
  fail(failure: { errMsg?: string }): void;
}

export interface JsSdk {
  config(options: Record<string, unknown>): void;
  ready(then: () => void): void;
  error(then: (failure: { errMsg?: string }) => void): void;
  chooseWXPay(options: ChooseWXPay): void;
}

export interface Bridge {
  invoke(name: string, parameters: unknown, then: (answer: { err_msg?: string }) => void): void;
}

declare global {
  interface Window {
    wx?: JsSdk;
    jWeixin?: JsSdk;
    WeixinJSBridge?: Bridge;
    __wxjs_environment?: string;
  }
}

const SCRIPT_PATIENCE_MS = 6000;

let script: Promise<boolean> | null = null;
let configured: Promise<JsSdk> | null = null;

/** Loads WeChat's script once, from the address in the settings. False when it does not come. */
function loadScript(): Promise<boolean> {
  script ??= getSettings()
    .then(({ jsSdkScript }) => insertScript(jsSdkScript))
    .catch(() => false)
    .then((loaded) => {
      if (!loaded) script = null;
      return loaded;
    });
  return script;
}

function insertScript(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const element = document.createElement('script');
    element.src = address;
    element.onload = () => resolve(true);
    element.onerror = () => resolve(false);
    setTimeout(() => resolve(false), SCRIPT_PATIENCE_MS);
    document.head.append(element);
  });
}

const looksLikeWeChat = (): boolean =>
  window.WeixinJSBridge !== undefined ||
  window.__wxjs_environment !== undefined ||
  /MicroMessenger/i.test(navigator.userAgent);

/** The bridge may arrive only with the script, so an ordinary browser is one only after that was tried. */
export async function findPlace(): Promise<Place> {
  if (looksLikeWeChat()) return 'wechat';
  await loadScript();
  return looksLikeWeChat() ? 'wechat' : 'browser';
}

/** The script, with its signature accepted. Throws when WeChat does not accept it; the bridge may still pay. */
export function readyJsSdk(): Promise<JsSdk> {
  configured ??= configure().catch((problem: unknown) => {
    configured = null;
    throw problem;
  });
  return configured;
}

async function configure(): Promise<JsSdk> {
  if (!(await loadScript())) throw new Error('the JS-SDK script did not load');
  const sdk = window.wx ?? window.jWeixin;
  if (!sdk) throw new Error('the JS-SDK script brought nothing');
  // The signature covers the address without its hash (official documentation, JS-SDK, appendix 1).
  const signed = await getJsSdk(location.href.split('#')[0] ?? location.href);
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('wx.config did not answer')), SCRIPT_PATIENCE_MS);
    sdk.ready(() => resolve(sdk));
    sdk.error((failure) => reject(new Error(failure.errMsg ?? 'wx.config was refused')));
    sdk.config({ debug: false, ...signed, jsApiList: ['chooseWXPay'] });
  });
}

/** WeChat announces its bridge when it is not there from the start. */
export function waitForBridge(): Promise<Bridge | null> {
  if (window.WeixinJSBridge) return Promise.resolve(window.WeixinJSBridge);
  return new Promise((resolve) => {
    const arrived = () => resolve(window.WeixinJSBridge ?? null);
    document.addEventListener('WeixinJSBridgeReady', arrived, { once: true });
    setTimeout(arrived, SCRIPT_PATIENCE_MS);
  });
}
