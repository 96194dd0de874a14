import type { Account } from '../../entities/account.ts';
import { dayAfter, shanghaiDay } from '../platform/calendar.ts';

type Standing = Pick<Account, 'kind' | 'state' | 'rights' | 'tick' | 'expiresAt' | 'reviewFrom'>;

/** Days after the end at which a mini-program loses more, as WeChat's reminder says. */
const SHARING_DAYS = 30;
const PAYMENT_DAYS = 60;

/** What the state gives and takes away, in plain words, with dates. */
export function effectsOf(account: Standing): string[] {
  return account.kind === 'mini_program' ? effectsOnProgram(account) : effectsOnOfficialAccount(account);
}

function effectsOnOfficialAccount({ kind, state, rights, tick }: Standing): string[] {
  if (rights === 'unknown') return [];
  if (rights === 'granted')
    return [
      kind === 'service'
        ? '可使用模板消息、网页授权、带参数二维码、用户信息等高级接口'
        : '可使用客服消息、群发、用户与素材管理等高级接口',
      tick ? '微信中显示认证标识' : '名称认证未通过，微信中不显示认证标识，接口权限不受影响',
    ];
  const lost =
    kind === 'service' ? '模板消息、网页授权、用户信息等高级接口停用' : '客服消息、群发、用户与素材管理等高级接口停用';
  return state === 'expired'
    ? [`${lost}，发送会被微信拒绝`, '认证标识消失']
    : ['尚不能使用高级接口', '微信中不显示认证标识'];
}

function effectsOnProgram({ state, expiresAt, rights, tick }: Standing): string[] {
  if (rights === 'granted') return ['可发布新版本，可被搜索', ...(tick ? ['显示认证标识'] : [])];
  if (state !== 'expired') return rights === 'unknown' ? [] : ['未认证，部分能力不能使用'];
  const day = expiresAt && shanghaiDay(expiresAt);
  const since = (days: number) => (day ? `${dayAfter(day, days)} 起` : `过期 ${days} 天后`);
  return ['不能发布新版本，不再被搜索展示', `${since(SHARING_DAYS)}分享受限`, `${since(PAYMENT_DAYS)}新用户与支付受限`];
}

/** What to do next; null: nothing. */
export function adviceFor({ state, expiresAt, rights }: Standing): string | null {
  const day = expiresAt && shanghaiDay(expiresAt);
  switch (state) {
    case 'unknown':
      return '请授权账号，或由顾问录入认证状态';
    case 'unverified':
      return '请在微信公众平台“设置—微信认证”提交认证，或委托我们办理';
    case 'pending':
      return '审核中，请留意审核机构的来电与对公打款验证';
    case 'failed':
      return '请按原因修改材料后重新提交';
    case 'qualified_no_name':
      return '请按命名规则修改名称并重新提交名称认证';
    case 'renewal_due':
      return day ? `请在 ${day} 前完成年审` : '请尽快完成年审';
    case 'expired':
      return rights === 'granted' ? null : '请尽快重新认证，通过后恢复权限';
    case 'verified':
      return null;
  }
}

const LOSSES: Record<Account['kind'], string> = {
  service: '模板消息、网页授权等接口停用',
  subscription: '客服消息、群发等接口停用',
  mini_program: '不能发布新版本，不再被搜索',
};

/** What stops working, in as few words as a card holds: twenty characters. */
export const lossOf = (kind: Account['kind']): string => LOSSES[kind];

/** What to do about a review that is due, in as few words. */
export function reviewAdviceFor(state: Account['state'], daysLeft: number): string {
  if (state === 'pending') return '年审审核中，请留意审核来电';
  if (state === 'failed') return '年审未通过，请修改后重新提交';
  return daysLeft > 0 ? `还剩 ${daysLeft} 天，请尽快办理年审` : '今天到期，请立即办理年审';
}
