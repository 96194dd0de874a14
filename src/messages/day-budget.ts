import type { AppKind } from '../../entities/wechat-identity.ts';
import { UpstreamError } from '../platform/errors.ts';
import type { Desk } from '../platform/work.ts';
import { dayLimit, usedToday } from './meter.ts';

/** Messages that an app may send this Beijing day, and how many it has sent. */
export interface DayBudget {
  limit: number;
  used: number;
  /** Whose count it is: WeChat's knows also of what others send for the same account. */
  countedBy: 'wechat' | 'us';
}

/** What WeChat and our own settings leave of the day: the smaller limit, the greater use; our own count alone while WeChat does not say. */
export async function dayBudget(desk: Desk, app: AppKind): Promise<DayBudget> {
  const ours = { limit: dayLimit(desk, app), used: await usedToday(desk, app) };
  const theirs = await askWechat(desk, app);
  if (!theirs) return { ...ours, countedBy: 'us' };
  return {
    limit: Math.min(ours.limit, theirs.limit),
    used: Math.max(ours.used, theirs.used),
    countedBy: 'wechat',
  };
}

async function askWechat(desk: Desk, app: AppKind): Promise<{ limit: number; used: number } | null> {
  try {
    return await (app === 'official-account' ? desk.officialAccount : desk.miniProgram).sendQuota();
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    desk.log.warn({ app, code: error.code }, 'WeChat does not say how many messages are left today');
    return null;
  }
}
