import type { MiniProgramTemplate, OfficialAccountTemplate } from './kit.ts';

/** As an agency has chosen them from WeChat's library: title, and a line for each place. The ids are the simulator's own. */
const TEMPLATES: readonly { id: string; title: string; lines: readonly string[] }[] = [
  {
    id: 'OrderPaid',
    title: '订单支付成功通知',
    lines: [
      '订单编号：{{character_string1.DATA}}',
      '服务项目：{{thing2.DATA}}',
      '支付金额：{{amount3.DATA}}',
      '支付时间：{{time4.DATA}}',
    ],
  },
  {
    id: 'RefundArrived',
    title: '退款到账通知',
    lines: [
      '订单编号：{{character_string1.DATA}}',
      '退款金额：{{amount2.DATA}}',
      '到账时间：{{time3.DATA}}',
      '退款原因：{{thing4.DATA}}',
    ],
  },
  {
    id: 'MaterialsWanted',
    title: '材料提交提醒',
    lines: [
      '服务项目：{{thing1.DATA}}',
      '订单编号：{{character_string2.DATA}}',
      '所需材料：{{thing3.DATA}}',
      '截止时间：{{time4.DATA}}',
    ],
  },
  {
    id: 'MaterialRejected',
    title: '材料退回通知',
    lines: [
      '材料名称：{{thing1.DATA}}',
      '订单编号：{{character_string2.DATA}}',
      '退回原因：{{thing3.DATA}}',
      '审核时间：{{time4.DATA}}',
    ],
  },
  {
    id: 'StageReached',
    title: '办理进度通知',
    lines: [
      '服务项目：{{thing1.DATA}}',
      '订单编号：{{character_string2.DATA}}',
      '当前进度：{{thing3.DATA}}',
      '更新时间：{{time4.DATA}}',
    ],
  },
  {
    id: 'ResultAnnounced',
    title: '审核结果通知',
    lines: [
      '服务项目：{{thing1.DATA}}',
      '订单编号：{{character_string2.DATA}}',
      '审核结果：{{phrase3.DATA}}',
      '结果说明：{{thing4.DATA}}',
      '审核时间：{{time5.DATA}}',
    ],
  },
  {
    id: 'RectifyBy',
    title: '整改提醒',
    lines: [
      '服务项目：{{thing1.DATA}}',
      '订单编号：{{character_string2.DATA}}',
      '整改内容：{{thing3.DATA}}',
      '整改期限：{{date4.DATA}}',
    ],
  },
  {
    id: 'AppealDecided',
    title: '申诉结果通知',
    lines: [
      '服务项目：{{thing1.DATA}}',
      '订单编号：{{character_string2.DATA}}',
      '申诉结果：{{phrase3.DATA}}',
      '结果说明：{{thing4.DATA}}',
      '处理时间：{{time5.DATA}}',
    ],
  },
  {
    id: 'IncidentNotice',
    title: '系统暂停通知',
    lines: [
      '暂停系统：{{thing1.DATA}}',
      '暂停原因：{{thing2.DATA}}',
      '暂停时间：{{time3.DATA}}',
      '预计恢复：{{time4.DATA}}',
    ],
  },
  {
    id: 'RecoveryChanged',
    title: '恢复时间变更通知',
    lines: ['暂停系统：{{thing1.DATA}}', '变更原因：{{thing2.DATA}}', '预计恢复：{{time3.DATA}}'],
  },
  {
    id: 'LicenceExpiring',
    title: '许可证到期提醒',
    lines: [
      '证件名称：{{thing1.DATA}}',
      '证件编号：{{character_string2.DATA}}',
      '到期日期：{{date3.DATA}}',
      '温馨提示：{{thing4.DATA}}',
    ],
  },
  {
    id: 'AnnualReportDue',
    title: '许可证年报提醒',
    lines: [
      '证件名称：{{thing1.DATA}}',
      '证件编号：{{character_string2.DATA}}',
      '截止日期：{{date3.DATA}}',
      '温馨提示：{{thing4.DATA}}',
    ],
  },
  {
    id: 'VerificationDue',
    title: '微信认证年审提醒',
    lines: ['账号名称：{{thing1.DATA}}', '截止日期：{{date2.DATA}}', '温馨提示：{{thing3.DATA}}'],
  },
  {
    id: 'VerificationExpired',
    title: '微信认证过期通知',
    lines: ['账号名称：{{thing1.DATA}}', '过期日期：{{date2.DATA}}', '影响说明：{{thing3.DATA}}'],
  },
  {
    id: 'InvoiceIssued',
    title: '发票开具通知',
    lines: [
      '订单编号：{{character_string1.DATA}}',
      '发票抬头：{{thing2.DATA}}',
      '发票金额：{{amount3.DATA}}',
      '开票日期：{{date4.DATA}}',
    ],
  },
  {
    id: 'FollowUp',
    title: '服务回访通知',
    lines: [
      '服务项目：{{thing1.DATA}}',
      '订单编号：{{character_string2.DATA}}',
      '回访内容：{{thing3.DATA}}',
      '回访时间：{{time4.DATA}}',
    ],
  },
  {
    id: 'Appointment',
    title: '预约提醒',
    lines: [
      '预约事项：{{thing1.DATA}}',
      '预约时间：{{time2.DATA}}',
      '预约地点：{{thing3.DATA}}',
      '联系人：{{thing4.DATA}}',
    ],
  },
];

const contentOf = (lines: readonly string[]): string => lines.join('\n');

/** 43 characters, as WeChat's are. */
const idOf = (app: string, id: string): string => `SIMULATOR-${app}-${id}-`.padEnd(43, '0');

export const officialAccountTemplates = (): OfficialAccountTemplate[] =>
  TEMPLATES.map(({ id, title, lines }) => ({ templateId: idOf('OA', id), title, content: contentOf(lines) }));

export const miniProgramTemplates = (): MiniProgramTemplate[] =>
  TEMPLATES.map(({ id, title, lines }) => ({ priTmplId: idOf('MP', id), title, content: contentOf(lines), type: 2 }));
