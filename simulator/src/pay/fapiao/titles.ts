import { randomBytes } from 'node:crypto';
import { LeverError, PayError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { sealForMerchant } from '../cryptography.ts';
import { badField } from '../fields.ts';
import { announceFapiao } from '../notice-sending.ts';
import { beijingTime } from '../numbers.ts';
import type { Order } from '../order.ts';
import { type Buyer, SELLER, type Scene } from './fapiao.ts';

type Query = Readonly<Record<string, unknown>>;

/** Of a link; another can be had under the same number (documentation «获取抬头填写链接»). */
const LINK_MS = 30 * 60_000;
/** Where a user fills in a title inside WeChat: not a real program. */
const TITLE_PROGRAM = { appid: 'wxb1170446a4c0a5a2', userName: 'gh_86a091e50ad4@app' };

/** What a user is asked to fill in for one application. */
export interface TitleLink {
  applyId: string;
  order: Order | null;
  personId: string;
  totalFen: number;
  /** Of what was handed out last; null: the entry on the bill of a payment. */
  expiresAt: number | null;
  filled: { title: Buyer; at: number } | null;
}

const FLAGS = ['show_phone_cell', 'must_input_phone', 'show_email_cell', 'must_input_email'];

/** For what was not paid here: the user fills in a title first, and allows the card with it. */
export function titleUrl(world: World, query: Query): Record<string, unknown> {
  const { kit, people, clock, pay } = world;
  const applyId = textOf(query, 'fapiao_apply_id', 32);
  const source = textOf(query, 'source', 16);
  if (!['WEB', 'MINIPROGRAM'].includes(source)) throw badQuery('source', source, '取值只能为WEB、MINIPROGRAM');
  const totalFen = Number(textOf(query, 'total_amount', 12));
  if (!Number.isInteger(totalFen) || totalFen < 1) throw badQuery('total_amount', query.total_amount, '应为正整数');
  const appid = textOf(query, 'appid', 32);
  if (![kit.officialAccount.appid, kit.miniProgram.appid].includes(appid))
    throw badQuery('appid', appid, 'AppID与商户号不匹配');
  const person = people.findByOpenid(appid, textOf(query, 'openid', 128));
  if (!person) throw badQuery('openid', query.openid, 'openid与AppID不匹配');
  for (const name of FLAGS)
    if (![undefined, 'true', 'false'].includes(query[name] as string | undefined))
      throw badQuery(name, query[name], '应为布尔值');

  const known = pay.fapiao.titles.get(applyId);
  const link = { applyId, order: null, personId: person.id, totalFen, filled: known?.filled ?? null };
  pay.fapiao.titles.set(applyId, { ...link, expiresAt: clock.now() + LINK_MS });
  const token = randomBytes(16).toString('hex');
  return source === 'WEB'
    ? { title_url: `https://pay.weixin.qq.com/invoicing/title?token=${token}` }
    : {
        miniprogram_appid: TITLE_PROGRAM.appid,
        miniprogram_path: `pages/title/title?token=${token}`,
        miniprogram_user_name: TITLE_PROGRAM.userName,
      };
}

/** Documentation «获取用户填写的抬头»; code and status when there is none are not confirmed. */
export function userTitle({ pay }: World, query: Query): Record<string, unknown> {
  const applyId = textOf(query, 'fapiao_apply_id', 32);
  const scene = textOf(query, 'scene', 32) as Scene;
  if (!['WITH_WECHATPAY', 'WITHOUT_WECHATPAY'].includes(scene))
    throw badQuery('scene', scene, '取值只能为WITH_WECHATPAY、WITHOUT_WECHATPAY');
  const link = pay.fapiao.titles.get(applyId);
  if (!link?.filled || (link.order !== null) !== (scene === 'WITH_WECHATPAY'))
    throw new PayError(404, 'RESOURCE_NOT_EXISTS', '用户未填写抬头');
  const { phone, email, ...plain } = link.filled.title;
  return {
    ...plain,
    ...(phone ? { phone: sealForMerchant(phone, pay.keys.merchantKey) } : {}),
    ...(email ? { email: sealForMerchant(email, pay.keys.merchantKey) } : {}),
    amount: link.totalFen,
    ...(link.order ? { out_trade_no: link.order.outTradeNo } : {}),
  };
}

/** Lever: the user fills in a title, through a link or on the bill of a payment. */
export function fillTitle(world: World, link: TitleLink, title: Buyer, notify: boolean): void {
  const at = world.clock.now();
  if (link.expiresAt !== null && at > link.expiresAt) throw new LeverError(409, 'the link is thirty minutes old');
  link.filled = { title, at };
  if (notify) announceFapiao(world, link, 'FAPIAO.USER_APPLIED', { apply_time: beijingTime(at) });
}

/** Lever: the entry on the bill of a payment, which the order or the merchant's options must show. */
export function linkOnBill({ pay }: World, order: Order): TitleLink {
  if (!order.asked.support_fapiao && !pay.fapiao.showsCell)
    throw new LeverError(409, 'the bill of this order shows no fapiao entry');
  const { transactionId: applyId, personId, total: totalFen } = order.payment!;
  const link = pay.fapiao.titles.get(applyId) ?? {
    applyId,
    order,
    personId,
    totalFen,
    expiresAt: null,
    filled: null,
  };
  pay.fapiao.titles.set(applyId, link);
  return link;
}

/** A title like those of WeChat's samples. */
export const sampleTitle = (): Buyer => ({ type: 'ORGANIZATION', name: SELLER.name, taxpayer_id: SELLER.taxpayer_id });

export function textOf(query: Query, name: string, max: number): string {
  const value = query[name];
  if (typeof value !== 'string' || value === '') throw badQuery(name, undefined, '必填字段缺失');
  if (value.length > max) throw badQuery(name, value, `长度大于最大值${max}`);
  return value;
}

const badQuery = (name: string, value: unknown, issue: string) =>
  badField(`/${name}`, value, issue, undefined, 'query');
