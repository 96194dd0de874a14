import { progressOf } from '../../miniprogram/src/refund-progress.ts';
import type { OwnRefundView, RefundState } from '../../src/contracts/index.ts';

const at = (minute: number) => `2026-11-22T02:${String(minute).padStart(2, '0')}:00.000Z`;
const asked: OwnRefundView = {
  amountFen: 80_000,
  reason: '不再需要办理',
  state: 'proposed',
  stateWords: '待复核',
  note: null,
  createdAt: at(0),
  decidedAt: null,
  refunds: [],
};
const way = (state: RefundState, more: Partial<OwnRefundView['refunds'][number]> = {}) => ({
  amountFen: 80_000,
  state,
  stateWords: '',
  receivedBy: null,
  acceptedAt: null,
  endedAt: null,
  ...more,
});
const agreed = (...refunds: OwnRefundView['refunds']): OwnRefundView => ({
  ...asked,
  state: 'approved',
  decidedAt: at(5),
  refunds,
});
const shown = (refund: OwnRefundView) => {
  const { tone, words, steps } = progressOf(refund);
  return [tone, words, ...steps.map(({ is, title }) => `${is} ${title}`)];
};

describe('How a refund stands', () => {
  it.each<[string, OwnRefundView, string[]]>([
    ['asked for', asked, ['mind', '审核中', 'done 提交申请', 'now 审核中']],
    [
      'refused',
      { ...asked, state: 'rejected', decidedAt: at(5), note: '材料已递交' },
      ['bad', '未同意退款', 'done 提交申请', 'stopped 未同意退款'],
    ],
    ['taken back', { ...asked, state: 'withdrawn' }, ['past', '申请已撤回', 'done 提交申请', 'stopped 申请已撤回']],
    [
      'agreed to, not at WeChat yet',
      agreed(way('approved')),
      ['calm', '退款中', 'done 提交申请', 'done 审核通过', 'now 退款中'],
    ],
    [
      'arrived',
      agreed(way('succeeded', { receivedBy: '支付用户零钱', endedAt: at(9) })),
      ['good', '已退款', 'done 提交申请', 'done 审核通过', 'done 已到账'],
    ],
    [
      'arrived in part',
      agreed(way('succeeded'), way('processing', { acceptedAt: at(6) })),
      ['calm', '退款中', 'done 提交申请', 'done 审核通过', 'done 已到账', 'now 退款中'],
    ],
    [
      'stuck in part',
      agreed(way('succeeded'), way('abnormal')),
      ['mind', '核实中', 'done 提交申请', 'done 审核通过', 'done 已到账', 'stopped 核实中'],
    ],
    ['closed by WeChat', agreed(way('closed')), ['mind', '核实中', 'done 提交申请', 'done 审核通过', 'stopped 核实中']],
    [
      'refused by WeChat',
      agreed(way('failed')),
      ['mind', '核实中', 'done 提交申请', 'done 审核通过', 'stopped 核实中'],
    ],
  ])('when it is %s', (_when, refund, told) => expect(shown(refund)).toEqual(told));

  it('says why it was refused, how long WeChat takes, and where the money went', () => {
    const last = (refund: OwnRefundView) => progressOf(refund).steps.at(-1)!.says;
    expect(last({ ...asked, state: 'rejected', note: '材料已递交' })).toBe('说明：材料已递交');
    expect(last(agreed(way('processing', { acceptedAt: at(6) })))).toContain('1–3 个工作日');
    expect(last(agreed(way('succeeded', { receivedBy: '招商银行信用卡0403' })))).toBe('退回到：招商银行信用卡0403');
  });
});
