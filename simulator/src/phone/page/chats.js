import { openBrowser } from './browser.js';
import { askFor } from './dialogs.js';
import { h } from './dom.js';
import { draw } from './icons.js';
import { openScan } from './scan.js';
import { unreadOf } from './seen.js';
import { change, virtualNow } from './store.js';
import { firstSign, shortTimeOf } from './words.js';

const MOST_SHOWN = 99;

/** The chats that this WeChat has. */
export const CHATS = {
  'official-account': {
    nameOf: (state) => state.officialAccount.name,
    avatar: (state) => h('span', { class: 'avatar account' }, firstSign(state.officialAccount.name)),
    empty: (state) => (state.person.follows ? '已关注，还没有消息' : '未关注'),
  },
  'service-notices': {
    nameOf: () => '服务通知',
    avatar: () => h('span', { class: 'avatar notices' }, draw('bell')),
    empty: () => '小程序的订阅消息会出现在这里',
  },
};

export const unreadTotal = (state) =>
  Object.keys(CHATS).reduce((sum, chat) => sum + unreadOf(state.person.id, chat, state.chats[chat]), 0);

/** The first screen. */
export function chatList(state) {
  return [
    h(
      'header',
      { class: 'title-bar' },
      h('h1', {}, '微信'),
      h(
        'button',
        { type: 'button', class: 'end', 'aria-label': '扫一扫', 'data-testid': 'scan-open', onclick: openScan },
        draw('scan'),
      ),
    ),
    h(
      'ul',
      { class: 'chat-list', 'data-testid': 'chat-list' },
      Object.keys(CHATS).map((chat) => h('li', { key: chat }, chatEntry(state, chat))),
      h('li', { key: 'page' }, pageEntry(state)),
    ),
  ];
}

function chatEntry(state, chat) {
  const { nameOf, avatar, empty } = CHATS[chat];
  const lines = state.chats[chat];
  const last = lines.at(-1);
  const unread = unreadOf(state.person.id, chat, lines);
  return h(
    'button',
    {
      type: 'button',
      class: 'chat-entry',
      'data-testid': 'chat-entry',
      'data-chat': chat,
      onclick: () => change({ openChat: chat }),
    },
    h(
      'span',
      { class: 'avatar-place' },
      avatar(state),
      unread > 0
        ? h(
            'span',
            { class: 'badge', 'data-testid': 'unread', 'aria-label': `${unread} 条未读` },
            unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread,
          )
        : null,
    ),
    h(
      'span',
      { class: 'chat-words' },
      h('span', { class: 'chat-name' }, nameOf(state)),
      h('span', { class: 'chat-last' }, last ? summaryOf(last) : empty(state)),
    ),
    last ? h('time', {}, shortTimeOf(last.at, virtualNow())) : null,
  );
}

const summaryOf = ({ kind, title, text }) => (kind === 'card' ? title : text.replace(/\s+/g, ' '));

/** The customer page: in WeChat it hangs in the account's menu, here it is one tap away. */
function pageEntry(state) {
  return h(
    'button',
    {
      type: 'button',
      class: 'chat-entry',
      'data-testid': 'chat-entry',
      'data-chat': 'customer-page',
      onclick: () => void openHome(state),
    },
    h('span', { class: 'avatar-place' }, h('span', { class: 'avatar page' }, draw('globe'))),
    h(
      'span',
      { class: 'chat-words' },
      h('span', { class: 'chat-name' }, '顾客页面'),
      h('span', { class: 'chat-last' }, state.home ?? '还没有地址，点这里填写'),
    ),
  );
}

export async function openHome(state) {
  const address = state.home ?? (await askFor({ title: '打开网页', label: '网址', value: 'http://', yes: '打开' }));
  if (address) openBrowser(address);
}
