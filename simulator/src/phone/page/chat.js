import { openBrowser } from './browser.js';
import { CHATS, openHome } from './chats.js';
import { tell, toast } from './dialogs.js';
import { h } from './dom.js';
import { draw } from './icons.js';
import { markSeen } from './seen.js';
import { lever } from './server.js';
import { change, refresh, virtualNow } from './store.js';
import { firstSign, longTimeOf } from './words.js';

/** Lines that follow within this time share one time above them. */
const ONE_TIME_MS = 5 * 60_000;

/** One open chat. */
export function chatView(state, chat) {
  const { nameOf, avatar } = CHATS[chat];
  const lines = state.chats[chat];
  markSeen(state.person.id, chat, lines);
  const isAccount = chat === 'official-account';
  return [
    h(
      'header',
      { class: 'title-bar', key: 'title' },
      h(
        'button',
        {
          type: 'button',
          class: 'start',
          'aria-label': '返回聊天列表',
          'data-testid': 'chat-back',
          onclick: () => change({ openChat: null }),
        },
        draw('back'),
      ),
      h('h1', {}, nameOf(state)),
      isAccount ? followToggle(state) : null,
    ),
    h(
      'div',
      { class: 'lines', 'data-chat': chat, key: chat, tabindex: '0', role: 'log', 'aria-label': nameOf(state) },
      lines.length === 0 ? emptyState(state, isAccount, avatar(state)) : null,
      lines.map((line, place) => [timeAbove(line, lines[place - 1]), drawLine(state, line, chat)]),
    ),
    isAccount ? menu(state) : null,
  ];
}

function followToggle(state) {
  const { follows, id } = state.person;
  return h(
    'button',
    {
      type: 'button',
      class: follows ? 'end follow followed' : 'end follow',
      'data-testid': 'follow-toggle',
      'aria-pressed': String(follows),
      onclick: async () => {
        const answer = await lever(`/people/${id}/${follows ? 'unfollow' : 'follow'}`);
        toast(answer.ok ? (follows ? '已取消关注' : '已关注') : answer.error);
        await refresh();
      },
    },
    follows ? '取消关注' : '关注',
  );
}

function emptyState({ officialAccount, person }, isAccount, avatar) {
  const words = isAccount
    ? person.follows
      ? `你已关注“${officialAccount.name}”，通知会发到这里`
      : `关注“${officialAccount.name}”后才能收到通知`
    : '小程序征得同意后发出的订阅消息会出现在这里';
  return h('div', { class: 'empty', 'data-testid': 'chat-empty', key: 'empty' }, avatar, h('p', {}, words));
}

function timeAbove({ at, id }, before) {
  if (before && at - before.at < ONE_TIME_MS) return null;
  return h('time', { class: 'line-time', key: `time ${id}` }, longTimeOf(at, virtualNow()));
}

function drawLine(state, line, chat) {
  if (line.kind === 'note') return h('p', { class: 'note', key: line.id }, line.text);
  if (line.kind === 'card') return card(state, line, chat);
  return h(
    'div',
    { class: line.isOwn ? 'bubble-line own' : 'bubble-line', key: line.id },
    line.isOwn
      ? h('span', { class: 'avatar person' }, firstSign(state.person.nickname))
      : CHATS['official-account'].avatar(state),
    h('p', { class: 'bubble', 'data-testid': 'bubble' }, line.text),
  );
}

/** A template message as WeChat draws it: title, rows, and 查看详情 when it leads somewhere. */
function card(state, line, chat) {
  const isMiniProgram = chat === 'service-notices';
  return h(
    'article',
    { class: 'card', 'data-testid': 'card', 'data-msgid': line.id, key: line.id },
    isMiniProgram
      ? h(
          'p',
          { class: 'card-sender' },
          h('span', { class: 'avatar small account' }, firstSign(state.miniProgram.name)),
          state.miniProgram.name,
        )
      : null,
    h('h2', {}, line.title),
    h(
      'dl',
      {},
      line.rows.map(({ label, value }) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
    ),
    cardLink(line),
  );
}

function cardLink({ url, page }) {
  if (!url && !page) return null;
  const open = () =>
    url
      ? openBrowser(url)
      : void tell(`小程序页面：${page}。模拟手机只能打开网页，小程序请用开发者工具。`, '进入小程序');
  return h(
    'button',
    { type: 'button', class: 'card-link', 'data-testid': 'card-link', 'data-url': url ?? null, onclick: open },
    h('span', {}, url ? '查看详情' : '进入小程序查看'),
    draw('forward'),
  );
}

/** The account's menu and the line to write to it. */
function menu(state) {
  const say = (event) => {
    event.preventDefault();
    const input = event.target.elements.words;
    const words = input.value.trim();
    if (words === '') return;
    input.value = '';
    void send(state.person.id, words);
  };
  return h(
    'footer',
    { class: 'chat-menu', key: 'menu' },
    h(
      'form',
      { onsubmit: say },
      h('input', { name: 'words', 'aria-label': '发消息给服务号', placeholder: '发消息', autocomplete: 'off' }),
      h('button', { type: 'submit' }, '发送'),
    ),
    h(
      'button',
      { type: 'button', class: 'menu-item', 'data-testid': 'menu-home', onclick: () => void openHome(state) },
      draw('menu'),
      '进入服务大厅',
    ),
  );
}

async function send(personId, content) {
  const answer = await lever(`/people/${personId}/text`, { content });
  if (!answer.ok) toast(`没有发出：${answer.error}`);
  await refresh();
}
