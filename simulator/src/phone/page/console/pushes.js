import { h } from '../dom.js';
import { exactTimeOf } from '../words.js';
import { button, section, table } from './controls.js';
import { pull } from './lever.js';
import { PUSH_TAMPERS } from './tamper-words.js';

const STATES = {
  held: '扣住',
  sending: '正在发送',
  delivered: '已收下',
  lost: '已丢失',
  dropped: '停推期间丢弃',
  'no-address': '没有推送地址',
};
const SENDERS = { 'official-account': '服务号', 'mini-program': '小程序', 'open-platform': '第三方平台' };
const VERDICTS = {
  acknowledged: '收下',
  replied: '有回复',
  'bad-status': '状态码不对',
  'bad-reply': '回复不对',
  timeout: '超时',
  unreachable: '连不上',
};
const RESULTS = { success: '送达', 'failed:user block': '用户拒收', 'failed: system failed': '系统失败' };

/** Events and messages that WeChat pushes to the two accounts and the third-party platform, and how sent messages ended. */
export function pushes(state) {
  return [pushTable(state), messageTable(state)];
}

function pushTable({ console: shown }) {
  return section(
    '推送',
    table(
      '推送',
      ['推送', '状态', '最近一次', ''],
      shown.pushes.map((push) => pushRow(push, shown.pushTampers)),
      '还没有推送。',
    ),
  );
}

function pushRow({ id, of, what, createdAt, state, attempts, last }, tampers) {
  const send = (words, body) =>
    pull(
      (answers) => `${words}：${answers.map(({ verdict }) => VERDICTS[verdict]).join('，')}`,
      `/pushes/${id}/send`,
      body,
    );
  const spoil = ({ target }) => {
    const tamper = target.value;
    target.value = '';
    if (tamper) void send(PUSH_TAMPERS[tamper] ?? tamper, { tamper });
  };
  return h(
    'tr',
    { key: id, 'data-testid': 'push-row' },
    h('td', {}, h('code', {}, what), h('small', {}, `${SENDERS[of]} · ${exactTimeOf(createdAt)}`)),
    h('td', { class: `state ${state}` }, STATES[state]),
    h(
      'td',
      {},
      last
        ? h(
            'small',
            {},
            `${VERDICTS[last.verdict]} ${last.status ?? ''} ${last.reason ?? ''}${last.tamper ? `（${PUSH_TAMPERS[last.tamper]}）` : ''}`,
          )
        : null,
      h('small', {}, `共 ${attempts} 次`),
    ),
    h(
      'td',
      {},
      h(
        'div',
        { class: 'buttons' },
        button('立即推送', () => send('已推送')),
        button('×8 同时', () => send('同时推送八次', { times: 8, parallel: true })),
        h(
          'select',
          { 'aria-label': '推送一个被改坏的', onchange: spoil },
          h('option', { value: '' }, '改坏后推送…'),
          tampers.map((tamper) => h('option', { value: tamper }, PUSH_TAMPERS[tamper] ?? tamper)),
        ),
      ),
    ),
  );
}

function messageTable(state) {
  const nameOf = (id) => state.people.find((person) => person.id === id)?.nickname ?? id;
  const messages = state.console.messages.filter(({ kind }) => kind !== 'reply');
  return section(
    '消息的结果事件',
    table(
      '消息',
      ['消息', '结果', ''],
      messages.map((message) => messageRow(message, nameOf)),
      '还没有消息。',
    ),
  );
}

function messageRow({ msgid, kind, personId, title, sentAt, result, isFinished }, nameOf) {
  const finish = (words, body) => pull(`结果事件已发出：${words}`, `/messages/${msgid}/finish`, body);
  return h(
    'tr',
    { key: msgid },
    h(
      'td',
      {},
      title,
      h('small', {}, `${nameOf(personId)} · ${kind === 'template' ? '模板消息' : '订阅消息'} · ${exactTimeOf(sentAt)}`),
    ),
    h('td', {}, RESULTS[result] ?? result, h('small', {}, isFinished ? '事件已发' : '事件未发')),
    h(
      'td',
      {},
      h(
        'div',
        { class: 'buttons' },
        button('送达', () => finish('送达', { status: 'success' })),
        kind === 'template'
          ? [
              button('用户拒收', () => finish('用户拒收', { status: 'failed:user block' })),
              button('系统失败', () => finish('系统失败', { status: 'failed: system failed' })),
            ]
          : button('发送失败', () => finish('发送失败', { status: 'failed', errorCode: 1 })),
      ),
    ),
  );
}
