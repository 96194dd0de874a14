import { toast } from './dialogs.js';
import { h, render } from './dom.js';
import { draw } from './icons.js';
import { ask } from './server.js';
import { store } from './store.js';

/** Pages may do what a page in WeChat may, but not lead the phone itself elsewhere. */
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const place = () => document.getElementById('browser');
/** The page that is open; `hasTold`: it gave its title since the last one was loaded. */
let page = null;
let lastSerial = 0;
const leaveListeners = [];

/** Opens a web page in WeChat's own browser. */
export function openBrowser(address) {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    toast('只能打开 http 或 https 网址');
    return;
  }
  closeBrowser();
  const serial = ++lastSerial;
  const before = document.activeElement;
  // Going back beyond the first page of the frame comes to the entry before this one: then the browser closes.
  history.pushState({ browser: serial }, '');
  const frame = h('iframe', {
    'data-testid': 'browser-frame',
    title: '网页',
    sandbox: SANDBOX,
    allow: 'clipboard-write',
    src: address,
  });
  page = {
    before,
    serial,
    address,
    frame,
    title: '',
    hasTold: false,
    isLoading: true,
    isUnreachable: false,
    isMenuOpen: false,
  };
  frame.onload = loaded;
  render(place());
  place().append(
    h('div', { class: 'browser-top' }),
    h('div', { class: 'browser-page' }, frame),
    h('nav', { class: 'browser-ways', 'aria-label': '网页前进后退' }),
  );
  place().hidden = false;
  document.getElementById('app').inert = true;
  drawBars();
  frame.focus();
  void findOut(page);
}

export function closeBrowser() {
  if (!page) return;
  const { before } = page;
  page = null;
  for (const listener of leaveListeners) listener();
  render(place());
  place().hidden = true;
  document.getElementById('app').inert = false;
  if (before?.isConnected) before.focus();
}

export const openFrame = () => page?.frame ?? null;

/** What the page calls itself: a frame of another origin has to tell. */
export function setTitle(title) {
  if (!page) return;
  page.title = title;
  page.hasTold = true;
  drawBars();
}

/** @param listener is told when the page is gone */
export const onLeave = (listener) => leaveListeners.push(listener);

window.addEventListener('popstate', (event) => {
  if (page && event.state?.browser !== page.serial) closeBrowser();
});

function loaded() {
  page.isLoading = false;
  // The simulator's own pages can be read; of others nothing is known until they tell.
  const own = page.frame.contentDocument?.title;
  if (own || !page.hasTold) page.title = own ?? '';
  page.hasTold = false;
  drawBars();
}

async function findOut(opened) {
  const answer = await ask('GET', `reachable?url=${encodeURIComponent(opened.address)}`);
  if (page !== opened || !answer.ok || answer.value.reachable) return;
  page.isUnreachable = true;
  page.isLoading = false;
  drawBars();
}

function reload() {
  openBrowser(page.address);
}

function drawBars() {
  const { isLoading, isUnreachable } = page;
  render(
    place().querySelector('.browser-top'),
    h(
      'header',
      { class: 'title-bar' },
      h(
        'button',
        {
          type: 'button',
          class: 'start',
          'aria-label': '关闭网页',
          'data-testid': 'browser-close',
          onclick: closeBrowser,
        },
        draw('close'),
      ),
      h('h1', { 'data-testid': 'browser-title' }, page.title || nameOf(page.address)),
      h(
        'button',
        {
          type: 'button',
          class: 'end',
          'aria-label': '更多',
          'aria-expanded': String(page.isMenuOpen),
          onclick: () => openMenu(!page.isMenuOpen),
        },
        draw('more'),
      ),
    ),
    h('div', { class: 'progress', role: 'progressbar', 'aria-label': '正在打开网页', hidden: !isLoading }),
    page.isMenuOpen ? menu() : null,
    hostWarning(page.address),
    isUnreachable ? unreachable() : null,
  );
  page.frame.hidden = isUnreachable;
  render(
    place().querySelector('.browser-ways'),
    way('后退', 'back', () => history.back()),
    way('前进', 'forward', () => history.forward()),
  );
}

const way = (words, icon, onclick) =>
  h('button', { type: 'button', 'aria-label': words, 'data-testid': `browser-${icon}`, onclick }, draw(icon));

function openMenu(isOpen) {
  page.isMenuOpen = isOpen;
  drawBars();
}

function menu() {
  const item = (words, deed) =>
    h(
      'button',
      {
        type: 'button',
        onclick: () => {
          openMenu(false);
          deed();
        },
      },
      words,
    );
  return h(
    'div',
    { class: 'browser-menu' },
    item('重新打开', reload),
    item('复制链接', () =>
      navigator.clipboard.writeText(page.address).then(
        () => toast('已复制'),
        () => toast(page.address),
      ),
    ),
    item('在电脑浏览器中打开', () => window.open(page.address, '_blank', 'noopener')),
  );
}

function nameOf(address) {
  const { host } = new URL(address);
  return host === location.host ? '微信' : host === hostOf(store.state?.home) ? store.state.officialAccount.name : host;
}

const hostOf = (address) => (address ? new URL(address).host : null);

/** Cookies of a page in a frame are kept only while frame and page are of one site. */
function hostWarning(address) {
  const { hostname, port } = new URL(address);
  if (hostname === location.hostname || !LOOPBACK.includes(hostname) || !LOOPBACK.includes(location.hostname))
    return null;
  const target = `http://${hostname}:${location.port}/phone/?open=${encodeURIComponent(address)}`;
  return h(
    'p',
    { class: 'host-warning', role: 'alert' },
    `网页在 ${hostname}:${port}，手机在 ${location.hostname}，登录状态会丢失。`,
    h('a', { href: target }, `改用 ${hostname}`),
  );
}

const unreachable = () =>
  h(
    'div',
    { class: 'unreachable', role: 'alert', 'data-testid': 'browser-unreachable' },
    h('p', { class: 'unreachable-sign', 'aria-hidden': 'true' }, '!'),
    h('p', {}, '网页无法打开'),
    h('p', { class: 'quiet' }, `${new URL(page.address).host} 没有应答，请确认服务已启动。`),
    h('button', { type: 'button', onclick: reload }, '重新加载'),
  );
