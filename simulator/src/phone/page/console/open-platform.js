import { h } from '../dom.js';
import { button, field, form, section, table } from './controls.js';
import { pull } from './lever.js';

const KINDS = { service: '服务号', subscription: '订阅号', 'mini-program': '小程序' };

/** What can be done with the third-party platform and its customers' accounts beside the settings. */
export const openPlatform = (state) => [
  section(
    '第三方平台',
    h(
      'div',
      { class: 'buttons' },
      button('立即推送票据', () => pull('票据已推送', '/open-platform/ticket')),
      button('让所有凭据过期', () => pull('凭据已过期', '/open-platform/tokens/expire')),
    ),
    form(
      '添加客户账号',
      [
        field('名称', 'nickname', { required: true }),
        field('类型', 'kind', { placeholder: Object.keys(KINDS).join(' / ') }),
      ],
      ({ nickname, kind }) =>
        pull('客户账号已添加', '/open-platform/accounts', {
          nickname,
          ...(kind ? { kind } : {}),
          ...(state.person ? { ownerId: state.person.id } : {}),
        }),
    ),
  ),
  section(
    '客户账号',
    table(
      '客户账号',
      ['账号', '授权', ''],
      state.console.customerAccounts.map((account) => accountRow(account, state)),
      '还没有客户账号。',
    ),
  ),
];

function accountRow({ appid, ownerId, nickname, kind, isAuthorised }, { people }) {
  const owner = people.find(({ id }) => id === ownerId)?.nickname ?? '';
  const deed = (words, what, body) => pull(`${nickname}：${words}`, `/open-platform/accounts/${appid}/${what}`, body);
  return h(
    'tr',
    { key: appid, 'data-testid': 'customer-account-row' },
    h('td', {}, nickname, h('small', {}, `${KINDS[kind]} · ${appid} ${owner}`)),
    h('td', {}, isAuthorised ? '已授权' : '未授权'),
    h(
      'td',
      {},
      h(
        'div',
        { class: 'buttons' },
        isAuthorised
          ? [
              button('更新授权', () => deed('授权已更新', 'authorise')),
              button('取消授权', () => deed('授权已取消', 'revoke')),
              button('资质过期', () =>
                deed('已推送过期事件', 'verification', { event: 'verify_expired', qualified: false }),
              ),
            ]
          : button('授权', () => deed('已授权', 'authorise')),
      ),
    ),
  );
}
