import { randomBytes } from 'node:crypto';
import type { SimulatorContext } from '../../routing.ts';
import type { World } from '../../world.ts';
import { badField, checkField } from '../fields.ts';
import { jsonPart, partOf } from '../multipart.ts';
import { canonical } from '../place-order.ts';
import type { Buyer, Fapiao, FapiaoApplication, Scene } from './fapiao.ts';
import { sm3 } from './file.ts';
import { applicationOf, checkOpened, openBuyer, refused } from './issue.ts';
import { giveCard } from './life.ts';
import { FILE_META, INSERT_SHAPE, TEMPLATE_SHAPE } from './shapes.ts';

const FILE_MS = 3 * 86_400_000;
const MOST_CARDS = 5;

/** Takes the place of the one before (documentation «创建电子发票卡券模板», 2025.09.26). */
export function createTemplate(world: World, body: unknown): Record<string, unknown> {
  checkField(TEMPLATE_SHAPE, body, '');
  const { card_appid: appid, card_template_information: shown } = body as {
    card_appid: string;
    card_template_information: { payee_name?: string };
  };
  // Cards lie in the card pack of the service account's user.
  if (appid !== world.kit.officialAccount.appid) throw badField('/card_appid', appid, 'AppID与商户号不匹配');
  const cardId = `p${randomBytes(20).toString('base64url')}`;
  world.pay.fapiao.cardTemplate = { appid, cardId, payeeName: shown.payee_name ?? null };
  return { card_appid: appid, card_id: cardId };
}

/** A PDF for the card pack, kept for three days (documentation 4012556605). */
export function uploadFile(world: World, ctx: SimulatorContext): Record<string, unknown> {
  const meta = jsonPart(ctx, 'meta');
  checkField(FILE_META, meta, '/meta');
  const bytes = partOf(ctx, 'file');
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw badField('/file', undefined, '只支持PDF格式');
  const { digest } = meta as { digest: string };
  if (sm3(bytes) !== digest.toLowerCase()) throw badField('/meta/digest', digest, '文件摘要与文件不一致');
  const mediaId = randomBytes(16).toString('base64');
  world.pay.fapiao.files.set(mediaId, { bytes, expiresAt: world.clock.now() + FILE_MS });
  return { fapiao_media_id: mediaId };
}

interface InsertBody {
  scene: Scene;
  buyer_information: Buyer;
  fapiao_card_information: {
    fapiao_media_id: string;
    fapiao_number: string;
    fapiao_code?: string;
    fapiao_time: string;
    check_code?: string;
    total_amount: number;
    items?: Fapiao['items'];
    remark?: string;
  }[];
}

/** Once a payment; the same again has no further effect (documentation «将电子发票插入微信用户卡包», 2025.09.26). */
export function insertCards(world: World, applyId: string, serial: string, body: unknown): void {
  checkField(INSERT_SHAPE, body, '');
  const asked = body as InsertBody;
  checkOpened(world);
  const buyer = openBuyer(world, serial, asked.buyer_information);
  const application = applicationOf(world, asked.scene, applyId);
  if (asked.fapiao_card_information.length > MOST_CARDS)
    throw badField('/fapiao_card_information', undefined, `最多${MOST_CARDS}条`);
  const brought = asked.fapiao_card_information.map((card) => bring(world, card, buyer));
  if (application.fapiaos.length > 0) return checkSame(application, brought);
  world.pay.fapiao.applications.set(applyId, application);
  application.fapiaos.push(...brought);
  for (const fapiao of brought) giveCard(world, application, fapiao);
}

function bring({ pay, clock }: World, card: InsertBody['fapiao_card_information'][number], buyer: Buyer): Fapiao {
  const file = pay.fapiao.files.get(card.fapiao_media_id);
  if (!file || clock.now() > file.expiresAt) throw refused('文件ID不存在或已过期');
  const { fapiao_code: code = null, fapiao_number: number, check_code: checkCode = null } = card;
  return {
    // Which number the query shows of it is not confirmed.
    id: number,
    status: 'ISSUED',
    isBrought: true,
    fingerprint: canonical([card, buyer]),
    totalFen: card.total_amount,
    items: card.items ?? [],
    buyer,
    remark: card.remark ?? null,
    blue: { code, number, checkCode, at: Date.parse(card.fapiao_time) },
    red: null,
    card: null,
    failure: null,
    timer: null,
  };
}

function checkSame({ fapiaos }: FapiaoApplication, brought: readonly Fapiao[]): void {
  const isSame = brought.every(({ fingerprint }) => fapiaos.some((known) => known.fingerprint === fingerprint));
  if (!isSame) throw refused('该订单已插卡');
}
