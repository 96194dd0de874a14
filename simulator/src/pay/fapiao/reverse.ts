import type { World } from '../../world.ts';
import { badField, checkField } from '../fields.ts';
import type { Fapiao } from './fapiao.ts';
import { refused } from './issue.ts';
import { planReverse } from './life.ts';
import { getApplication } from './query.ts';
import { REVERSE_SHAPE } from './shapes.ts';

/** Of digital ones; the third is spelled in two ways on one page (partner documentation 4015792575). */
const REASONS = ['ISSUE_ERROR', 'SALES_RETURN', 'SERVICE_SUSPENTION', 'SERVICE_SUSPENSION', 'SALES_DISCOUNT'];
/** Between a reversal that failed and the next try. */
const RETRY_MS = 5 * 60_000;

interface ReverseBody {
  reverse_reason: string;
  fapiao_information?: { fapiao_id: string; fapiao_code?: string; fapiao_number: string }[];
}

/** Accepts; a red one follows later. Without a list all of the application are meant. */
export function reverseFapiao(world: World, applyId: string, body: unknown): void {
  checkField(REVERSE_SHAPE, body, '');
  const asked = body as ReverseBody;
  const { settings } = world.pay;
  if (settings.fapiaoKind === 'digital' && !REASONS.includes(asked.reverse_reason))
    throw badField('/reverse_reason', asked.reverse_reason, `取值只能为${REASONS.join('、')}`);

  const application = getApplication(world, applyId);
  const meant = asked.fapiao_information?.map((one) => named(application.fapiaos, one)) ?? application.fapiaos;
  const due = meant.filter((fapiao) => isDue(world, fapiao));
  for (const fapiao of due) {
    fapiao.status = 'REVERSE_ACCEPTED';
    planReverse(world, application, fapiao);
  }
}

/** What was issued elsewhere is reversed elsewhere (documentation «冲红电子发票»). */
function isDue({ clock, pay }: World, { status, isBrought, failure }: Fapiao): boolean {
  if (isBrought) throw refused('仅在微信支付侧开具的电子发票才允许发起冲红');
  if (failure && status === 'ISSUED' && clock.now() < failure.at + RETRY_MS) throw refused('冲红失败后5分钟内不能重试');
  if (status === 'ISSUED') return true;
  const isUnderWay = status === 'REVERSE_ACCEPTED' || status === 'REVERSED';
  if (isUnderWay && pay.settings.repeatedReverse === 'accepted') return false;
  throw refused('当前发票状态不支持冲红');
}

function named(
  fapiaos: readonly Fapiao[],
  asked: { fapiao_id: string; fapiao_code?: string; fapiao_number: string },
): Fapiao {
  const fapiao = fapiaos.find(({ id }) => id === asked.fapiao_id);
  if (!fapiao) throw refused('商户发票单号不存在');
  const { code = null, number = null } = fapiao.blue ?? {};
  if (number !== asked.fapiao_number || code !== (asked.fapiao_code ?? null)) throw refused('发票代码或号码不一致');
  return fapiao;
}
