import { h } from '../dom.js';
import { exactTimeOf } from '../words.js';
import { button, hint, section, table } from './controls.js';
import { pull } from './lever.js';
import { NOTICE_TAMPERS } from './tamper-words.js';

const STATES = { waiting: '等待发送', delivered: '已收下', 'given-up': '已放弃' };

/** Notices of WeChat Pay: when they go out, how often, and how wrong. */
export function notices(state) {
  const { console: shown } = state;
  const isHeld = shown.settings.notices.mode === 'held';
  return section(
    '支付通知',
    h(
      'div',
      { class: 'buttons' },
      isHeld
        ? button('恢复自动发送', () => pull('通知自动发送', '/notices/settings', { mode: 'auto' }), {
            'data-testid': 'notices-auto',
          })
        : button('扣住通知', () => pull('通知已扣住，不会自动发送', '/notices/settings', { mode: 'held' }), {
            'data-testid': 'notices-held',
          }),
      button('发送所有到期的', () => pull('到期的通知已发送', '/notices/deliver-due')),
    ),
    isHeld ? hint('通知现在被扣住：付款后只有在这里点“立即发送”才会发出。') : null,
    table(
      '支付通知',
      ['通知', '状态', '最近的发送', ''],
      shown.notices.map((notice) => row(notice, shown.noticeTampers)),
      '还没有通知。',
    ),
  );
}

function row({ id, outTradeNo, createdAt, state, nextAt, sent, sends }, tampers) {
  return h(
    'tr',
    { key: id, 'data-testid': 'notice-row', 'data-order': outTradeNo },
    h('td', {}, h('code', {}, outTradeNo), h('small', {}, `${exactTimeOf(createdAt)} · ${id}`)),
    h('td', { class: `state ${state}` }, STATES[state], nextAt ? h('small', {}, `下次 ${exactTimeOf(nextAt)}`) : null),
    h('td', {}, h('small', {}, `共 ${sent} 次`), sends.slice(0, 3).map(sendWords)),
    h('td', {}, deeds(id, tampers)),
  );
}

const sendWords = ({ at, tamper, status, error, body }) =>
  h(
    'small',
    { class: status === 200 || status === 204 ? 'good' : 'bad', title: body },
    `${exactTimeOf(at)} ${status ?? error ?? '没有应答'}${tamper ? `（${NOTICE_TAMPERS[tamper] ?? tamper}）` : ''}`,
  );

function deeds(id, tampers) {
  const send = (words, body) => pull((answers) => `${words}：${countAnswers(answers)}`, `/notices/${id}/send`, body);
  const spoil = ({ target }) => {
    const tamper = target.value;
    target.value = '';
    if (tamper) void send(NOTICE_TAMPERS[tamper] ?? tamper, { tamper });
  };
  return h(
    'div',
    { class: 'buttons' },
    button('立即发送', () => send('已发送'), { 'data-testid': 'notice-send' }),
    button('×8 同时', () => send('同时发送八次', { times: 8, parallel: true }), { 'data-testid': 'notice-send-8' }),
    h(
      'select',
      { 'aria-label': '发送一个被改坏的通知', onchange: spoil },
      h('option', { value: '' }, '改坏后发送…'),
      tampers.map((tamper) => h('option', { value: tamper }, NOTICE_TAMPERS[tamper] ?? tamper)),
    ),
  );
}

/** '200 ×7，500 ×1' */
function countAnswers(answers) {
  const counts = new Map();
  for (const { status, error } of answers) {
    const words = status ?? error ?? '没有应答';
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => (answers.length > 1 ? `${words} ×${count}` : words)).join('，');
}
