import { h } from '../dom.js';
import { exactTimeOf, yuan } from '../words.js';
import { button, section, table } from './controls.js';
import { pull } from './lever.js';

const STATES = { NOTPAY: '未支付', SUCCESS: '已支付', CLOSED: '已关闭', REFUND: '有退款' };
const WAYS = { JSAPI: 'JSAPI', NATIVE: '二维码', MWEB: 'H5' };

/** Orders as WeChat Pay knows them, and money that comes unasked. */
export function orders(state) {
  const nameOf = (id) => state.people.find((person) => person.id === id)?.nickname ?? id;
  return section(
    '微信支付订单',
    table(
      '微信支付订单',
      ['订单', '金额', '状态', ''],
      state.console.orders.map((order) => row(order, nameOf)),
      '还没有订单。',
    ),
  );
}

function row(order, nameOf) {
  const { outTradeNo, description, totalFen, tradeType, state, createdAt, paidBy, paidFen } = order;
  const isOdd = paidFen !== null && paidFen !== totalFen;
  return h(
    'tr',
    { key: outTradeNo, 'data-testid': 'order-row', 'data-order': outTradeNo },
    h(
      'td',
      {},
      h('code', {}, outTradeNo),
      h('small', {}, `${description} · ${WAYS[tradeType]} · ${exactTimeOf(createdAt)}`),
    ),
    h('td', { class: 'number' }, `¥${yuan(totalFen)}`, isOdd ? h('small', {}, `实付 ¥${yuan(paidFen)}`) : null),
    h('td', { class: `state ${state}` }, STATES[state] ?? state, paidBy ? h('small', {}, nameOf(paidBy)) : null),
    h('td', {}, paidBy ? null : deeds(order)),
  );
}

function deeds({ outTradeNo, totalFen, state }) {
  const force = (words, body) =>
    pull(`${outTradeNo} ${words}`, `/pay/orders/${encodeURIComponent(outTradeNo)}/force-paid`, body);
  return h(
    'div',
    { class: 'buttons' },
    button(state === 'CLOSED' ? '关单后付清' : '付清', () => force('已付清'), { 'data-testid': 'force-paid' }),
    button('付清，不通知', () => force('已付清，没有通知', { notify: false })),
    totalFen > 1 ? button('少付 1 分', () => force('少付了 1 分', { total: totalFen - 1 })) : null,
    button('多付 1 分', () => force('多付了 1 分', { total: totalFen + 1 })),
  );
}
