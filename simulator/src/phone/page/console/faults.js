import { h } from '../dom.js';
import { button, field, form, hint, pick, section, table } from './controls.js';
import { FAULT_PATHS, FAULTS, faultWords } from './fault-words.js';
import { pull } from './lever.js';

/** What goes wrong on which path, and how often. */
export function faults(state) {
  const rules = state.console.faults;
  return section(
    '故障',
    hint('一次调用最多碰上一个故障，先加的先生效。路径以 ^ 开头时是正则表达式。'),
    form('加上', fields(), add, { class: 'line-form fault-form', 'data-testid': 'fault-form' }),
    table('故障', ['路径', '故障', '次数', ''], rules.map(row), '没有故障。'),
    rules.length > 0
      ? h(
          'div',
          { class: 'buttons' },
          button('全部清除', () => pull('故障已清除', '/faults', {}, 'DELETE')),
        )
      : null,
  );
}

function fields() {
  return [
    field('路径', 'path', { list: 'fault-paths', placeholder: '/ 开头，空着是所有路径' }),
    h(
      'datalist',
      { id: 'fault-paths' },
      FAULT_PATHS.map(([path, words]) => h('option', { value: path }, words)),
    ),
    pick('方法', 'method', [
      ['', '不限'],
      ['GET', 'GET'],
      ['POST', 'POST'],
    ]),
    h(
      'label',
      { class: 'control' },
      h('span', {}, '故障'),
      h(
        'select',
        { name: 'kind' },
        FAULTS.map(({ group, kinds }) =>
          h(
            'optgroup',
            { label: group },
            Object.entries(kinds).map(([kind, words]) => h('option', { value: kind }, words)),
          ),
        ),
      ),
    ),
    field('次数（空着是一直）', 'times', { type: 'number', min: '1', initial: '1', placeholder: '一直' }),
    field('等待毫秒', 'ms', { type: 'number', min: '0', placeholder: '0' }),
    field('错误码', 'code', { placeholder: '只用于“指定错误码”' }),
    field('状态码', 'status', { type: 'number', min: '400', max: '599', placeholder: '只用于支付' }),
  ];
}

function add({ path, method, kind, times, ms, code, status }) {
  const rule = {
    path: path.trim() || '/',
    kind,
    times: times === '' ? null : Number(times),
    ...(method ? { method } : {}),
    ...(ms === '' ? {} : { ms: Number(ms) }),
    ...(code === '' ? {} : { code: /^-?\d+$/.test(code) ? Number(code) : code }),
    ...(status === '' ? {} : { status: Number(status) }),
  };
  return pull(`已加上：${rule.path} ${faultWords(kind)}`, '/faults', rule);
}

const row = ({ id, path, method, kind, times, ms, code, hits }) =>
  h(
    'tr',
    { key: id, 'data-testid': 'fault-row' },
    h('td', {}, h('code', {}, `${method ? `${method} ` : ''}${path}`)),
    h('td', {}, faultWords(kind), h('small', {}, [ms ? `${ms} 毫秒` : '', code ?? ''].filter(Boolean).join(' '))),
    h('td', {}, times === null ? '一直' : `还有 ${times} 次`, h('small', {}, `已发生 ${hits} 次`)),
    h(
      'td',
      {},
      button('清除', () => pull('已清除', `/faults/${id}`, {}, 'DELETE')),
    ),
  );
