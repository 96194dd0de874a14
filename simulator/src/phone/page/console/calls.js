import { h } from '../dom.js';
import { exactTimeOf } from '../words.js';
import { section, table } from './controls.js';
import { faultWords } from './fault-words.js';
import { pageCalls } from './page-calls.js';

/** What servers called, and what the page in the phone asked of the JS-SDK. */
export function calls(state) {
  return [
    section(
      '网页调用 JS-SDK',
      table(
        'JS-SDK',
        ['时间', '调用', '结果'],
        pageCalls.map(({ at, method, errMsg }) =>
          h(
            'tr',
            {},
            h('td', {}, exactTimeOf(at)),
            h('td', {}, h('code', {}, method)),
            h('td', { class: isGood(errMsg) ? 'good' : 'bad' }, errMsg),
          ),
        ),
        '网页还没有调用。',
      ),
    ),
    section(
      '服务器的调用',
      table('服务器的调用', ['时间', '调用', '结果', '毫秒'], state.console.calls.map(row), '还没有调用。'),
    ),
  ];
}

const isGood = (errMsg) => /(^|:)ok$/.test(errMsg);

const row = ({ at, method, path, door, status, code, fault, ms }) =>
  h(
    'tr',
    { 'data-testid': 'call-row' },
    h('td', {}, exactTimeOf(at)),
    h(
      'td',
      {},
      h('code', { class: 'path' }, `${method} ${path}`),
      door === 'backup' ? h('small', {}, '备用域名') : null,
    ),
    h(
      'td',
      { class: status !== null && status < 400 && !code ? 'good' : 'bad' },
      `${status ?? '断开'} ${code ?? ''}`,
      fault ? h('small', {}, `故障：${faultWords(fault)}`) : null,
    ),
    h('td', { class: 'number' }, ms),
  );
