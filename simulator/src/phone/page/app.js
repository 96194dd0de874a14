import { chatView } from './chat.js';
import { chatList } from './chats.js';
import { discover } from './discover.js';
import { h } from './dom.js';
import { draw } from './icons.js';
import { me } from './me.js';
import { change, store } from './store.js';
import { unreadTotal } from './chats.js';

const TABS = [
  { id: 'chats', words: '微信', icon: 'chats', view: chatList },
  { id: 'discover', words: '发现', icon: 'compass', view: discover },
  { id: 'me', words: '我', icon: 'person', view: me },
];

/** WeChat's own screens; pages open above them. */
export function appViews() {
  const { state } = store;
  if (!state)
    return h('p', { class: 'waiting' }, store.isConnected ? '正在连接模拟微信…' : '模拟微信没有应答，正在重试…');
  if (!state.person) return h('p', { class: 'waiting' }, '请先选择谁拿着手机');
  if (store.openChat) return chatView(state, store.openChat);
  const tab = TABS.find(({ id }) => id === store.tab);
  return [h('div', { class: 'tab-view', key: tab.id }, tab.view(state)), tabBar(state)];
}

function tabBar(state) {
  const unread = unreadTotal(state);
  return h(
    'nav',
    { class: 'tab-bar', 'aria-label': '微信', key: 'tabs' },
    TABS.map(({ id, words, icon }) =>
      h(
        'button',
        {
          type: 'button',
          key: id,
          'data-testid': `tab-${id}`,
          'aria-current': store.tab === id ? 'page' : null,
          onclick: () => change({ tab: id }),
        },
        draw(icon),
        h('span', {}, words),
        id === 'chats' && unread > 0 ? h('span', { class: 'badge', 'aria-label': `${unread} 条未读` }, unread) : null,
      ),
    ),
  );
}
