import { h } from '../dom.js';
import { button, field, form, hint, section, table, toggle } from './controls.js';
import { pull } from './lever.js';

/** What the holder of the phone does with the service account and with the mini-program. */
export function person(state) {
  const { person: holder } = state;
  if (!holder) return section('人', hint('先选择谁拿着手机。'));
  return [following(holder), consents(state.console.consents, holder)];
}

function following({ id, nickname, follows, blocks }) {
  const deed = (words, path, body) => pull(`${nickname}：${words}`, `/people/${id}${path}`, body);
  return section(
    `服务号 · ${nickname}`,
    h(
      'div',
      { class: 'buttons' },
      follows
        ? button('取消关注', () => deed('已取消关注，推送已发出', '/unfollow'))
        : button('关注', () => deed('已关注，推送已发出', '/follow')),
      button('修改密码（网页授权失效）', () => deed('授权已失效（42007）', '/end-grants', { why: 'password-changed' })),
      button('撤回授权', () =>
        deed('已撤回授权（50001），推送已发出', '/end-grants', { why: 'authorisation-withdrawn' }),
      ),
    ),
    toggle('拒收服务号消息', blocks, (blocked) => deed(blocked ? '已拒收' : '恢复接收', '/block', { blocked }), {
      'data-testid': 'block-toggle',
    }),
    form(
      '扫码',
      [field('带参数二维码的场景值', 'scene', { required: true, placeholder: '例如 order-1' })],
      ({ scene }) => deed('已扫码，推送已发出', '/follow', { scene }),
    ),
  );
}

function consents({ isOff, templates }, { id, nickname }) {
  const path = `/people/${id}/mini-program`;
  const answer = (words, templateId, given) =>
    pull(({ errMsg }) => `${nickname}：${words}（${errMsg}）`, `${path}/subscribe`, {
      templateIds: [templateId],
      answer: given,
    });
  const rows = templates.map(({ templateId, title, left }) =>
    h(
      'tr',
      { key: templateId },
      h('td', {}, title),
      h('td', { 'data-testid': 'consents-left' }, left === null ? '长期' : `${left} 次`),
      h(
        'td',
        {},
        h(
          'div',
          { class: 'buttons' },
          button('同意一次', () => answer('同意了订阅', templateId, 'accept')),
          button('拒绝', () => answer('拒绝了订阅', templateId, 'reject')),
          button('在设置里关闭', () =>
            pull(`${nickname}：已关闭这个模板`, `${path}/subscription`, { templateId, status: 'reject' }),
          ),
        ),
      ),
    ),
  );
  return section(
    `小程序订阅消息 · ${nickname}`,
    table('订阅消息', ['模板', '还能发', ''], rows, '小程序没有模板。'),
    toggle('关闭订阅消息总开关', isOff, (mainSwitchOff) =>
      pull(mainSwitchOff ? '总开关已关闭' : '总开关已打开', `${path}/subscription`, { mainSwitchOff }),
    ),
  );
}
