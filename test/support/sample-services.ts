import type { ServiceView } from '../../src/contracts/index.ts';

const licence: ServiceView = {
  code: 'call-centre-licence',
  version: 3,
  name: '呼叫中心业务经营许可证',
  category: '电信许可',
  summary: '全网或省内呼叫中心经营许可证，从材料准备到领证、备案全程代办。',
  description: [
    '适用于以自有或租用呼叫平台为他人提供语音服务的企业。省内业务由当地通信管理局审批，全网业务由工业和信息化部审批。',
    '我们协助准备 11 项申请材料，内部预审后提交，并跟进受理、专家评审、领证和各省备案。',
  ],
  packages: [
    {
      code: 'provincial',
      name: '省内许可证',
      summary: '在一个省、自治区或直辖市范围内经营',
      includes: ['11 项材料的撰写与整理', '提交申请并跟进受理通知书', '专家评审辅导', '领证后省内备案'],
      priceFen: 1980000,
      governmentFees: [{ name: '验资报告', amountFen: 150000 }],
      totalFen: 2130000,
      plans: [
        {
          code: 'at-once',
          name: '一次付清',
          instalments: [{ name: '全款', milestone: 'placed', milestoneName: '下单', amountFen: 2130000 }],
        },
        {
          code: 'two-parts',
          name: '分两期支付',
          instalments: [
            { name: '启动款', milestone: 'placed', milestoneName: '下单', amountFen: 1140000 },
            { name: '领证款', milestone: 'licence-issued', milestoneName: '许可证颁发', amountFen: 990000 },
          ],
        },
      ],
      needsProvince: true,
    },
    {
      code: 'nationwide',
      name: '全网许可证',
      summary: '在全国或跨省、自治区、直辖市范围内经营，注册资本不低于 1000 万元',
      includes: ['11 项材料的撰写与整理', '工信部申请与专家评审全程跟进', '31 个省份备案'],
      priceFen: 5880000,
      governmentFees: [],
      totalFen: 5880000,
      plans: [
        {
          code: 'at-once',
          name: '一次付清',
          instalments: [{ name: '全款', milestone: 'placed', milestoneName: '下单', amountFen: 5880000 }],
        },
      ],
      needsProvince: false,
    },
  ],
  preCheck: [
    { code: 'company', question: '是否为依法设立的公司？', required: true, packages: null },
    {
      code: 'capital',
      question: '注册资本是否达到要求？',
      hint: '省内不低于 100 万元；全网或跨省不低于 1000 万元',
      required: true,
      packages: null,
    },
    { code: 'premises', question: '是否有经营场地、设施和技术方案？', required: false, packages: ['provincial'] },
  ],
  refundRule: [
    '开始办理前可全额退款。',
    '提交申请后按已完成的阶段退还剩余服务费。',
    '已缴纳给主管部门的费用不予退还。',
  ],
};

const verification: ServiceView = {
  code: 'account-verification',
  version: 1,
  name: '服务号微信认证与名称审核及年审续期一站式代办服务',
  category: '微信账号',
  summary: '从命名规则核对、资料填写到审核回访，协助完成微信认证并提醒年审。',
  description: ['认证由第三方机构审核，可能电话回访并向对公账户小额打款。'],
  packages: [
    {
      code: 'standard',
      name: '标准认证',
      summary: '一个服务号',
      includes: ['命名规则核对', '资料填写与提交', '审核回访辅导'],
      priceFen: 98000,
      governmentFees: [{ name: '微信认证审核费', amountFen: 30000 }],
      totalFen: 128000,
      plans: [
        {
          code: 'at-once',
          name: '一次付清',
          instalments: [{ name: '全款', milestone: 'placed', milestoneName: '下单', amountFen: 128000 }],
        },
      ],
      needsProvince: false,
    },
  ],
  preCheck: [],
  refundRule: ['提交认证前可全额退款，提交后不退。'],
};

const incident: ServiceView = {
  code: 'outbound-suspension',
  version: 1,
  name: '外呼系统暂停应急处理',
  category: '电信许可',
  summary: '查明原因、应急方案、申请恢复与复盘。',
  description: ['外呼系统被暂停后的应急服务。'],
  packages: [],
  preCheck: [],
  refundRule: ['开始办理前可全额退款。'],
};

/** Three services of different shapes: with everything, with the least, and with nothing on sale. */
export const sampleServices: ServiceView[] = [licence, verification, incident];
