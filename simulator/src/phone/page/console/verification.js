import { dayOf } from '../words.js';
import { field, form, hint, pick, section } from './controls.js';
import { pull } from './lever.js';

const STATES = {
  opened: '未认证',
  in_review: '审核中',
  qualification_failed: '资质认证失败',
  qualified: '资质认证成功，名称审核中',
  naming_failed: '资质认证成功，名称未通过',
  verified: '已认证',
  review_due: '已认证，须年审',
  expired: '认证已过期',
};
const STEPS = [
  ['submit', '提交认证或年审'],
  ['qualification_fail', '资质认证失败'],
  ['qualification_success', '资质认证成功'],
  ['naming_fail', '名称认证失败'],
  ['naming_success', '名称认证成功'],
  ['expire', '认证立即过期'],
  ['open', '改成从未认证的新账号'],
  ['reset', '恢复成已认证'],
];
const NOTES = [
  ['wx_verify_pay_succ', '审核费已付'],
  ['wx_verify_dispatch', '已派给审核公司'],
  ['wx_verify_refill', '退回补充资料'],
  ['wx_verify_fail', '认证最终失败'],
];

/** The verification of one of the two accounts, step by step; a step out of turn is refused. */
export const verification = (state, kind) => {
  const current = state.console.verification[kind];
  return section(
    '微信认证',
    hint(wordsOf(current)),
    form(
      '执行',
      [pick('步骤', 'step', STEPS), field('原因（失败时，可不填）', 'reason')],
      ({ step, reason }) =>
        pull((told) => wordsOf(told), `/${kind}/verification`, { step, ...(reason ? { reason } : {}) }),
      { 'data-testid': 'verification-step' },
    ),
    form('推送', [pick('途中的事件', 'event', NOTES), field('原因（可不填）', 'reason')], ({ event, reason }) =>
      pull(({ push }) => (push ? '事件已推送' : '没有推送：微信认证事件设成了不推送'), `/${kind}/verification/notes`, {
        event,
        ...(reason ? { reason } : {}),
      }),
    ),
    hint('年审开始（到期前 90 天）和到期由时间推送。'),
  );
};

function wordsOf({ state, reviewFrom, until, reason }) {
  const times = until === null ? '' : `，${dayOf(reviewFrom)} 起可年审，${dayOf(until)} 到期`;
  return `${STATES[state]}${times}${reason ? `；原因：${reason}` : ''}`;
}
