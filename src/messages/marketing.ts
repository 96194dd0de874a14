import type { FieldFault } from '../contracts/errors.ts';

/**
 * Words of advertising. WeChat punishes the account for marketing by template message (official documentation, template messages,
 * rules of operation), so what reads like it is refused before anything is sent.
 */
const WORDS = [
  '优惠',
  '促销',
  '折扣',
  '特价',
  '限时',
  '秒杀',
  '抢购',
  '抽奖',
  '中奖',
  '红包',
  '返现',
  '返利',
  '代金券',
  '满减',
  '免费领',
  '立减',
  '拼团',
  '砍价',
  '推广',
  '广告',
];

/** Where a text that a person typed reads like advertising; empty when it does not. */
export function marketingIn(facts: Record<string, unknown>): FieldFault[] {
  return Object.entries(facts).flatMap(([field, value]) => {
    const word = typeof value === 'string' ? WORDS.find((one) => value.includes(one)) : undefined;
    return word ? [{ field, message: `含有营销用语“${word}”，服务通知只能告知与客户事项有关的内容` }] : [];
  });
}
