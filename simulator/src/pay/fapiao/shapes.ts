import type { Field } from '../fields.ts';

const text = (max: number, more: Partial<Extract<Field, { is: 'text' }>> = {}): Field => ({ is: 'text', max, ...more });
const whole = (from: number, more: { must?: boolean } = {}): Field => ({ is: 'whole', from, ...more });
const group = (fields: Record<string, Field>, more: { must?: boolean } = {}): Field => ({
  is: 'group',
  fields,
  ...more,
});
const MUST = { must: true } as const;

const APPLY_ID: Field = text(32, MUST);
const FAPIAO_ID = text(32, MUST);
const SCENE = text(32, { ...MUST, oneOf: ['WITH_WECHATPAY', 'WITHOUT_WECHATPAY'] });

/** Characters of a remark; not confirmed. */
const REMARK = text(200);

/** Who buys. `phone` and `email` are encrypted with WeChat's key (documentation «开具电子发票», partner 4015792574). */
const BUYER = group(
  {
    type: text(32, { ...MUST, oneOf: ['INDIVIDUAL', 'ORGANIZATION'] }),
    name: text(256, MUST),
    taxpayer_id: text(32),
    address: text(128),
    telephone: text(32),
    bank_name: text(128),
    bank_account: text(32),
    phone: text(1024),
    email: text(1024),
    amount: whole(1),
    out_trade_no: text(32),
    fapiao_bill_type: text(32, { oneOf: ['COMM_FAPIAO', 'VAT_FAPIAO'] }),
    user_apply_message: text(200),
  },
  MUST,
);

const ITEM = group({
  tax_code: text(19, { ...MUST, min: 19, matches: /^\d+$/ }),
  goods_category: text(128),
  goods_name: text(128),
  goods_id: whole(0),
  specification: text(64),
  unit: text(32),
  quantity: whole(1, MUST),
  total_amount: whole(1, MUST),
  tax_rate: whole(0),
  tax_prefer_mark: text(32),
  discount: { is: 'flag', must: true },
});

/** Documentation «开具电子发票»; field names and units as in the typings of `openapi/v3/new-tax-control-fapiao/fapiao-applications`. */
export const ISSUE_SHAPE: Field = group({
  scene: SCENE,
  fapiao_apply_id: APPLY_ID,
  buyer_information: BUYER,
  fapiao_information: {
    is: 'list',
    must: true,
    of: group({
      fapiao_id: FAPIAO_ID,
      total_amount: whole(1, MUST),
      need_list: { is: 'flag' },
      remark: REMARK,
      items: { is: 'list', must: true, of: ITEM },
    }),
  },
});

/** Partner documentation 4015792575; a code only where there is one. */
export const REVERSE_SHAPE: Field = group({
  reverse_reason: text(200, MUST),
  fapiao_information: {
    is: 'list',
    of: group({ fapiao_id: FAPIAO_ID, fapiao_code: text(12), fapiao_number: text(20, MUST) }),
  },
});

const SELLER = group(
  {
    name: text(256, MUST),
    taxpayer_id: text(32, MUST),
    address: text(128),
    telephone: text(32),
    bank_name: text(128),
    bank_account: text(32),
  },
  MUST,
);

/** Documentation «将电子发票插入微信用户卡包», partner 4015792579. Which fields must be there is confirmed for the first ones alone. */
export const INSERT_SHAPE: Field = group({
  scene: SCENE,
  buyer_information: BUYER,
  fapiao_card_information: {
    is: 'list',
    must: true,
    of: group({
      fapiao_media_id: text(512, MUST),
      fapiao_number: text(20, MUST),
      fapiao_code: text(12),
      fapiao_time: text(64, { ...MUST, matches: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/ }),
      check_code: text(32),
      password: text(128),
      total_amount: whole(1, MUST),
      tax_amount: whole(0, MUST),
      amount: whole(0, MUST),
      seller_information: SELLER,
      extra_information: group({ payee: text(64), reviewer: text(64), drawer: text(64) }),
      items: { is: 'list', of: ITEM },
      remark: REMARK,
    }),
  },
});

/** The algorithm's field is misspelled in WeChat's pages (4012556605). */
export const FILE_META: Field = group({
  file_type: text(16, { ...MUST, oneOf: ['PDF'] }),
  digest_alogrithm: text(16, { ...MUST, oneOf: ['SM3'] }),
  digest: text(64, { ...MUST, min: 64, matches: /^[0-9a-fA-F]+$/ }),
});

/** Documentation «创建电子发票卡券模板», 2025.09.26. */
export const TEMPLATE_SHAPE: Field = group({
  card_appid: text(32, MUST),
  card_template_information: group(
    {
      payee_name: text(64),
      logo_url: text(1024, { ...MUST, matches: /^https?:\/\// }),
      custom_cell: group({
        words: text(32, MUST),
        description: text(64, MUST),
        jump_url: text(1024),
        miniprogram_user_name: text(128),
        miniprogram_path: text(1024),
      }),
    },
    MUST,
  ),
});

/** Documentation «配置开发选项». */
export const OPTIONS_SHAPE: Field = group({
  callback_url: text(256),
  show_fapiao_cell: { is: 'flag' },
  support_vat_fapiao: { is: 'flag' },
});
