import { h, render } from '../dom.js';
import { draw } from '../icons.js';
import { lever } from '../server.js';
import { change, refresh, store } from '../store.js';
import { calls } from './calls.js';
import { clock } from './clock.js';
import { faults } from './faults.js';
import { leverResult, pull } from './lever.js';
import { miniProgram, officialAccount } from './accounts.js';
import { notices } from './notices.js';
import { openPlatform } from './open-platform.js';
import { orders } from './orders.js';
import { person } from './person.js';
import { pushes } from './pushes.js';
import { settings } from './settings.js';
import { verification } from './verification.js';

const TABS = [
  { id: 'person', words: '时间与人', sections: [clock, person] },
  { id: 'pay', words: '支付', sections: [orders, (state) => settings(state, 'pay')] },
  { id: 'notices', words: '支付通知', sections: [notices, (state) => settings(state, 'notices')] },
  {
    id: 'official-account',
    words: '服务号',
    sections: [
      officialAccount,
      (state) => verification(state, 'official-account'),
      (state) => settings(state, 'official-account'),
    ],
  },
  {
    id: 'mini-program',
    words: '小程序',
    sections: [miniProgram, (state) => verification(state, 'mini-program'), (state) => settings(state, 'mini-program')],
  },
  {
    id: 'open-platform',
    words: '第三方平台',
    sections: [openPlatform, (state) => settings(state, 'open-platform')],
  },
  { id: 'pushes', words: '推送', sections: [pushes] },
  {
    id: 'faults',
    words: '故障',
    sections: [faults, (state) => settings(state, 'general'), (state) => settings(state, 'platform')],
  },
  { id: 'calls', words: '日志', sections: [calls] },
];

/** The levers of the simulated WeChat beside the phone. */
export function renderConsole() {
  const { state } = store;
  const tab = TABS.find(({ id }) => id === store.consoleTab);
  render(
    document.getElementById('console'),
    h(
      'header',
      { class: 'console-title' },
      h('h1', {}, '模拟微信操作台'),
      h('button', { type: 'button', class: 'reset', 'data-testid': 'reset', onclick: () => void reset() }, '全部重置'),
      h(
        'button',
        {
          type: 'button',
          class: 'console-close',
          'data-testid': 'console-close',
          'aria-label': '回到手机',
          onclick: () => change({ isConsoleOpen: false }),
        },
        draw('close'),
      ),
    ),
    tabList(tab),
    h(
      'p',
      { class: `lever-result ${leverResult.kind}`, role: 'status', 'data-testid': 'lever-result' },
      leverResult.words || '每次操作的结果会显示在这里。',
    ),
    h(
      'div',
      {
        class: 'console-body',
        role: 'tabpanel',
        id: 'console-body',
        'aria-labelledby': `console-tab-${tab.id}`,
        key: tab.id,
      },
      state ? tab.sections.map((section) => section(state)) : h('p', {}, '正在连接…'),
    ),
  );
}

function tabList(current) {
  return h(
    'div',
    { class: 'console-tabs', role: 'tablist', 'aria-label': '操作台' },
    TABS.map(({ id, words }) =>
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          key: id,
          id: `console-tab-${id}`,
          'data-testid': `console-tab-${id}`,
          'aria-selected': String(id === current.id),
          'aria-controls': 'console-body',
          tabindex: id === current.id ? '0' : '-1',
          onclick: () => change({ consoleTab: id }),
          onkeydown: (event) => move(event, id),
        },
        words,
      ),
    ),
  );
}

/** Arrow keys walk along the tabs. */
function move(event, id) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const place = TABS.findIndex((tab) => tab.id === id);
  const next = TABS[(place + step + TABS.length) % TABS.length];
  change({ consoleTab: next.id });
  document.getElementById(`console-tab-${next.id}`)?.focus();
}

/** Where the server is stays known: it told so once, when it started. */
async function reset() {
  if (!window.confirm('全部重置：订单、消息、后来添加的人、故障和其他设置都会清空。继续吗？')) return;
  const before = store.state.console.settings;
  const { callbackUrl, domains } = before['official-account'];
  await pull('已全部重置，推送地址和域名保留', '/reset');
  await lever('/official-account/settings', { callbackUrl, domains, verify: false });
  await lever('/mini-program/settings', { callbackUrl: before['mini-program'].callbackUrl, verify: false });
  const { authorisationUrl, messageUrl } = before['open-platform'];
  await lever('/open-platform/settings', { authorisationUrl, messageUrl });
  await refresh();
}
