import { PayError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { openFromMerchant } from '../cryptography.ts';
import { badField, checkField } from '../fields.ts';
import { canonical } from '../place-order.ts';
import type { Buyer, Fapiao, FapiaoApplication, FapiaoItem, Scene } from './fapiao.ts';
import { planIssue } from './life.ts';
import { ISSUE_SHAPE } from './shapes.ts';

/** Of one application (documentation «开具电子发票»); the first and four more after failures (partner 4015792574). */
const MOST_FAPIAO = 5;

interface IssueBody {
  scene: Scene;
  fapiao_apply_id: string;
  buyer_information: Buyer;
  fapiao_information: { fapiao_id: string; total_amount: number; remark?: string; items: FapiaoItem[] }[];
}

/** Accepts; whether they are issued is told later. Codes of refusals are not confirmed but for those of fields. */
export function issueFapiao(world: World, serial: string, body: unknown): void {
  checkField(ISSUE_SHAPE, body, '');
  const asked = body as IssueBody;
  checkOpened(world);
  const buyer = openBuyer(world, serial, asked.buyer_information);
  const application = applicationOf(world, asked.scene, asked.fapiao_apply_id);
  const wanted = asked.fapiao_information.map((one, index) => {
    checkRows(world, one, `/fapiao_information/${index}`);
    return newFapiao(one, buyer);
  });

  const fresh = wanted.filter((fapiao) => !isKnown(world, application, fapiao));
  checkRoom(world, application, fresh);
  world.pay.fapiao.applications.set(application.applyId, application);
  for (const fapiao of fresh) {
    application.fapiaos.push(fapiao);
    planIssue(world, application, fapiao);
  }
}

/** Only who has the product, and has made a template of the card, can do anything with it (documentation «创建电子发票卡券模板»). */
export function checkOpened({ pay }: World): void {
  if (!pay.settings.fapiaoOpened)
    throw new PayError(403, 'NO_AUTH', '商户未开通电子发票产品权限', { internalCode: 268443715 });
  if (!pay.fapiao.cardTemplate) throw refused('请先创建电子发票卡券模板');
}

/** Opens what is encrypted for WeChat with the key that the request names. */
export function openBuyer({ pay }: World, serial: string, sealed: Buyer): Buyer {
  if (sealed.type === 'ORGANIZATION' && !sealed.taxpayer_id)
    throw badField('/buyer_information/taxpayer_id', undefined, '购买方类型为ORGANIZATION时必填');
  const key = pay.keys.forField(pay.settings, serial);
  const opened = { ...sealed };
  for (const name of ['phone', 'email'] as const) {
    const ciphertext = sealed[name];
    if (ciphertext === undefined) continue;
    const plain = key && openFromMerchant(ciphertext, key);
    if (plain === null) throw badField(`/buyer_information/${name}`, undefined, '平台私钥解密失败');
    opened[name] = plain;
  }
  return opened;
}

/** Of a payment of this merchant's, or of a number under which a user filled in a title. */
export function applicationOf({ pay }: World, scene: Scene, applyId: string): FapiaoApplication {
  const known = pay.fapiao.applications.get(applyId);
  const order = [...pay.orders.values()].find(({ payment }) => payment?.transactionId === applyId);
  if (scene === 'WITH_WECHATPAY') {
    if (!order) throw refused('微信支付订单不存在或不属于该商户');
    return known ?? { applyId, order, personId: order.payment!.personId, fapiaos: [] };
  }
  const title = pay.fapiao.titles.get(applyId);
  if (!title?.filled || title.order) throw refused('用户未完成抬头填写');
  return known ?? { applyId, order: null, personId: title.personId, fapiaos: [] };
}

function newFapiao(asked: IssueBody['fapiao_information'][number], buyer: Buyer): Fapiao {
  return {
    id: asked.fapiao_id,
    status: 'ISSUE_ACCEPTED',
    isBrought: false,
    fingerprint: canonical([asked, buyer]),
    totalFen: asked.total_amount,
    items: asked.items,
    buyer,
    remark: asked.remark ?? null,
    blue: null,
    red: null,
    card: null,
    failure: null,
    timer: null,
  };
}

/** The same number is the same fapiao, of this application alone. */
function isKnown({ pay }: World, application: FapiaoApplication, wanted: Fapiao): boolean {
  const all = [...pay.fapiao.applications.values()].flatMap(({ fapiaos }) => fapiaos);
  const known = all.find(({ id }) => id === wanted.id);
  if (!known) return false;
  const isSame = application.fapiaos.includes(known) && known.fingerprint === wanted.fingerprint;
  if (!isSame || pay.settings.repeatedFapiao === 'INVALID_REQUEST') throw refused('商户发票单号已存在');
  return true;
}

function checkRoom({ pay }: World, { order, fapiaos }: FapiaoApplication, fresh: readonly Fapiao[]): void {
  if (fapiaos.length + fresh.length > MOST_FAPIAO) throw refused(`同一个开票申请单最多申请${MOST_FAPIAO}张发票`);
  if (!order || !pay.settings.fapiaoWithinPayment) return;
  const counted = [...fapiaos.filter(({ status }) => status !== 'ISSUE_FAILED' && status !== 'REVERSED'), ...fresh];
  const totalFen = counted.reduce((sum, fapiao) => sum + fapiao.totalFen, 0);
  if (totalFen > order.payment!.total) throw refused('开票金额超过订单金额');
}

/** A row with a discount takes away from those before it. */
function checkRows({ pay }: World, asked: IssueBody['fapiao_information'][number], path: string): void {
  const sum = asked.items.reduce((fen, item) => fen + (item.discount ? -1 : 1) * item.total_amount, 0);
  if (pay.settings.fapiaoRowsAddUp && sum !== asked.total_amount)
    throw badField(`${path}/total_amount`, asked.total_amount, '总价税合计与发票行合计不一致');
}

export const refused = (message: string) => new PayError(400, 'INVALID_REQUEST', message);
