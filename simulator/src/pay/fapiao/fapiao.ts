import type { Timer } from '../../clock.ts';
import { sealForMerchant } from '../cryptography.ts';
import type { KeyRing } from '../key-ring.ts';
import { beijingTime } from '../numbers.ts';
import type { Order } from '../order.ts';
import type { FapiaoSettings } from './settings.ts';

/** Typings of `…/{fapiao_apply_id}/fapiao-files` for the first four; failures are not confirmed. */
export type FapiaoStatus = 'ISSUE_ACCEPTED' | 'ISSUED' | 'ISSUE_FAILED' | 'REVERSE_ACCEPTED' | 'REVERSED';
/** WeChat Pay partner documentation 4012489258 as corrected by the query's page (community post 000004d461c5e0). */
export type CardStatus = 'INSERT_ACCEPTED' | 'INSERTED' | 'DISCARD_ACCEPTED' | 'DISCARDED';

export type Scene = 'WITH_WECHATPAY' | 'WITHOUT_WECHATPAY';

/** Who buys, as it is printed; phone and email are plain here. */
export interface Buyer {
  type: 'INDIVIDUAL' | 'ORGANIZATION';
  name: string;
  phone?: string;
  email?: string;
  [more: string]: unknown;
}

/** A row. Prices with tax, in fen; a quantity of 100000000 is one; a rate of 600 is 6 %. */
export interface FapiaoItem {
  tax_code: string;
  goods_name?: string;
  quantity: number;
  total_amount: number;
  tax_rate?: number;
  discount: boolean;
  [more: string]: unknown;
}

/** Of a blue or a red one. */
export interface FapiaoNumbers {
  code: string | null;
  number: string;
  checkCode: string | null;
  at: number;
}

export interface Card {
  appid: string;
  openid: string;
  cardId: string;
  code: string | null;
  status: CardStatus;
  timer: Timer | null;
}

export interface Fapiao {
  /** The merchant's own number of it; of one that came as a file, the fapiao's number. */
  id: string;
  status: FapiaoStatus;
  /** Issued elsewhere, and brought here as a file for the card pack. */
  isBrought: boolean;
  /** All that was asked for; a repetition must have the same. */
  fingerprint: string;
  totalFen: number;
  items: FapiaoItem[];
  buyer: Buyer;
  remark: string | null;
  blue: FapiaoNumbers | null;
  red: FapiaoNumbers | null;
  card: Card | null;
  failure: { code: string; message: string; at: number } | null;
  timer: Timer | null;
}

/** One occasion of issuing: a payment, or a number of the merchant's own. */
export interface FapiaoApplication {
  applyId: string;
  order: Order | null;
  /** Whose card pack it is. */
  personId: string;
  fapiaos: Fapiao[];
}

/** What the merchant set up for its fapiao; nobody's real data. */
export const SELLER = {
  name: '示例企业服务有限公司',
  taxpayer_id: '91000000MA00000000',
  address: '示例市示例路1号',
  telephone: '000-00000000',
  bank_name: '示例银行',
  bank_account: '0000000000000000',
};
export const STAFF = { payee: '收款员', reviewer: '复核员', drawer: '开票员' };

const taxOf = ({ total_amount: total, tax_rate: rate = 0 }: FapiaoItem): number =>
  Math.round((total * rate) / (10_000 + rate));

/** A fapiao as the query shows it (documentation «查询电子发票», 2025.09.26, partner 4015792567). */
export function describeFapiao(fapiao: Fapiao, keys: KeyRing, { fapiaoFailureStatus }: FapiaoSettings) {
  const { buyer, blue, red, card, failure, items, remark } = fapiao;
  const taxFen = items.reduce((sum, item) => sum + (item.discount ? -1 : 1) * Math.abs(taxOf(item)), 0);
  return {
    fapiao_id: fapiao.id,
    status: statusShown(fapiao, fapiaoFailureStatus),
    ...(blue ? { blue_fapiao: describeNumbers(blue) } : {}),
    ...(red ? { red_fapiao: describeNumbers(red) } : {}),
    ...(card ? { card_information: describeCard(card) } : {}),
    total_amount: fapiao.totalFen,
    tax_amount: taxFen,
    amount: fapiao.totalFen - taxFen,
    seller_information: SELLER,
    buyer_information: {
      ...buyer,
      ...(buyer.phone ? { phone: sealForMerchant(buyer.phone, keys.merchantKey) } : {}),
      ...(buyer.email ? { email: sealForMerchant(buyer.email, keys.merchantKey) } : {}),
    },
    extra_information: STAFF,
    items: items.map((item) => ({ ...item, tax_amount: taxOf(item), amount: item.total_amount - taxOf(item) })),
    ...(remark === null ? {} : { remark }),
    ...(failure ? { fapiao_error_code: failure.code, fapiao_error_message: failure.message } : {}),
  };
}

/** A reversal that failed leaves an issued fapiao. */
function statusShown({ status, failure }: Fapiao, how: FapiaoSettings['fapiaoFailureStatus']): string {
  if (status === 'ISSUE_FAILED') return how === 'own' ? 'ISSUE_FAILED' : 'ISSUE_ACCEPTED';
  return status === 'ISSUED' && failure && how === 'own' ? 'REVERSE_FAILED' : status;
}

const describeNumbers = ({ code, number, checkCode, at }: FapiaoNumbers) => ({
  ...(code === null ? {} : { fapiao_code: code }),
  fapiao_number: number,
  ...(checkCode === null ? {} : { check_code: checkCode }),
  fapiao_time: beijingTime(at),
});

const describeCard = ({ appid, openid, cardId, code, status }: Card) => ({
  card_appid: appid,
  card_openid: openid,
  card_id: cardId,
  ...(code === null ? {} : { card_code: code }),
  card_status: status,
});
