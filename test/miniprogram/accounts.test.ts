import { daysOf, endOf, faceOf, isOnlyApplying, stepOf } from '../../miniprogram/src/account-standing.ts';
import type { AccountChangeView, BadgeView, VerificationState } from '../../src/contracts/index.ts';
import { verificationStates } from '../../src/contracts/index.ts';

const expiresAt = '2027-06-14T15:59:59.000Z';

describe('how long an account’s verification holds', () => {
  it.each<[VerificationState, number | null, string | null, string | null]>([
    ['verified', 200, '有效期至 2027-06-14', '还有 200 天'],
    ['renewal_due', 0, '有效期至 2027-06-14', '今天到期'],
    ['failed', 12, '有效期至 2027-06-14', '还有 12 天'],
    ['expired', 0, '已于 2027-06-14 到期', null],
    ['expired', -3, '已于 2027-06-14 到期', '已过期 3 天'],
    // WeChat has taken it away before its end.
    ['expired', 40, '原有效期至 2027-06-14', null],
  ])('%s with %s days left: %s, %s', (state, daysLeft, end, days) => {
    expect(endOf({ state, daysLeft, expiresAt })).toBe(end);
    expect(daysOf({ state, daysLeft, expiresAt })).toBe(days);
  });

  it('is not told while it is not known', () => {
    const account = { state: 'unknown', daysLeft: null, expiresAt: null } as const;
    expect([endOf(account), daysOf(account)]).toEqual([null, null]);
  });

  it('is not touched by an application for the next year', () => {
    expect(isOnlyApplying({ state: 'failed', rights: 'granted' })).toBe(true);
    expect(isOnlyApplying({ state: 'failed', rights: 'none' })).toBe(false);
    expect(isOnlyApplying({ state: 'verified', rights: 'granted' })).toBe(false);
  });
});

describe('what a stranger reads first on a public page', () => {
  const badge = (state: VerificationState, isValid: boolean): BadgeView => ({
    name: '测试服务号',
    subject: null,
    kind: 'service',
    kindWords: '服务号',
    state,
    stateWords: verificationStates[state],
    isValid,
    hasTick: isValid,
    expiresAt,
    asOf: expiresAt,
    sourceWords: '以微信查询为准',
  });

  it.each<[VerificationState, boolean, string, string, string | null]>([
    ['verified', true, 'good', '已认证', null],
    ['renewal_due', true, 'good', '认证有效', '待年审'],
    ['pending', true, 'good', '认证有效', '最近一次申请：审核中'],
    ['failed', true, 'good', '认证有效', '最近一次申请：认证未通过'],
    ['qualified_no_name', true, 'mind', '资质已认证，名称未认证', null],
    ['pending', false, 'calm', '审核中', null],
    ['failed', false, 'bad', '认证未通过', null],
    ['expired', false, 'bad', '认证已过期', '已于 2027-06-14 到期'],
  ])('%s, valid %s: %s, %s, %s', (state, isValid, tone, title, says) => {
    expect(faceOf(badge(state, isValid))).toEqual({ tone, title, says });
  });

  it('is never green when the verification does not hold', () => {
    for (const state of Object.keys(verificationStates) as VerificationState[]) {
      if (state !== 'verified') expect(faceOf(badge(state, false)).tone).not.toBe('good');
      expect(faceOf(badge('expired', true)).tone).toBe('bad');
    }
  });
});

describe('a step in the life of an account', () => {
  const change: AccountChangeView = {
    id: 'x',
    source: 'event',
    sourceWords: '微信推送',
    changes: [
      { part: 'qualification', partWords: '资质认证', before: null, after: '已通过' },
      { part: 'state', partWords: '状态', before: '认证未通过', after: '已认证' },
      { part: 'expiry', partWords: '有效期至', before: '2026-06-14', after: '2027-06-14' },
    ],
    reason: null,
    happenedAt: '2026-06-14T02:00:00.000Z',
    knownAt: '2026-06-14T02:00:01.000Z',
  };

  it('names the state first, then what else changed, then when and by whom', () => {
    expect(stepOf(change)).toEqual({
      is: 'done',
      title: '已认证',
      lines: ['资质认证：已通过', '有效期至：2026-06-14 → 2027-06-14'],
      reason: null,
      when: '2026-06-14 10:00 · 微信推送',
      knownAt: null,
    });
  });

  it('says when it was heard of late, and stops where something was refused', () => {
    const late = {
      ...change,
      changes: change.changes.slice(0, 1),
      knownAt: '2026-06-16T02:00:00.000Z',
      reason: '材料不全',
    };
    expect(stepOf(late)).toMatchObject({
      is: 'stopped',
      title: '资质认证：已通过',
      reason: '原因：材料不全',
      knownAt: '2026-06-16 10:00 获知',
    });
    expect(stepOf({ ...change, changes: [] })).toMatchObject({ title: '微信推送', lines: [] });
  });
});
