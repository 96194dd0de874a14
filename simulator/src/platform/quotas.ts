/** Counters per account, path, day and minute (official documentation, API call limits). */

export interface Limits {
  daily?: number;
  minute?: number;
}

/** Limits of a new, verified account. A path that is not listed has no published limit. */
const PUBLISHED: Record<string, Limits> = {
  '/cgi-bin/token': { daily: 2000 },
  '/cgi-bin/stable_token': { daily: 500_000, minute: 10_000 },
  '/sns/oauth2/access_token': { minute: 50_000 },
  '/cgi-bin/message/template/send': { daily: 100_000 },
  '/cgi-bin/message/subscribe/send': { daily: 30_000_000 },
  '/cgi-bin/user/info': { daily: 5_000_000 },
  '/cgi-bin/user/info/batchget': { daily: 5_000_000 },
  '/cgi-bin/user/get': { daily: 500 },
};

const RESETS_A_MONTH = 10;
const SHANGHAI_MS = 8 * 3600_000;
const MINUTE_MS = 60_000;

/** The calendar day in Shanghai, 'YYYY-MM-DD': counters start anew at midnight there. */
export const shanghaiDay = (at: number): string => new Date(at + SHANGHAI_MS).toISOString().slice(0, 10);
const shanghaiMonth = (at: number): string => shanghaiDay(at).slice(0, 7);

interface Counter {
  day: string;
  used: number;
  minute: number;
  usedThisMinute: number;
}

export interface Usage {
  daily_limit: number;
  used: number;
  remain: number;
}

export class Quotas {
  private readonly counters = new Map<string, Counter>();
  private readonly overrides = new Map<string, Limits>();
  private readonly resets = new Map<string, number>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Counts one call, or says which limit it would break; a refused call is not counted. */
  count(appid: string, path: string): 'counted' | 'day-limit' | 'minute-limit' {
    const counter = this.counterOf(appid, path);
    const { daily = Infinity, minute = Infinity } = this.limitsOf(appid, path);
    if (counter.used >= daily) return 'day-limit';
    if (counter.usedThisMinute >= minute) return 'minute-limit';
    counter.used += 1;
    counter.usedThisMinute += 1;
    return 'counted';
  }

  limitsOf(appid: string, path: string): Limits {
    return { ...PUBLISHED[path], ...this.overrides.get(`${appid} ${path}`) };
  }

  usageOf(appid: string, path: string): Usage {
    const { daily = 0 } = this.limitsOf(appid, path);
    const { used } = this.counterOf(appid, path);
    return { daily_limit: daily, used, remain: Math.max(0, daily - used) };
  }

  minuteUsageOf(appid: string, path: string): { call_count: number; refresh_second: number } {
    return { call_count: this.limitsOf(appid, path).minute ?? 0, refresh_second: MINUTE_MS / 1000 };
  }

  /** Lever: sets limits and, if wanted, how much of the day is used already. */
  adjust(appid: string, path: string, change: Limits & { used?: number }): void {
    const { used, ...limits } = change;
    this.overrides.set(`${appid} ${path}`, { ...this.overrides.get(`${appid} ${path}`), ...limits });
    if (used !== undefined) this.counterOf(appid, path).used = used;
  }

  /** `clear_quota`: all day counters of an account. False when the ten resets of the month are used. */
  clear(appid: string): boolean {
    const month = `${appid} ${shanghaiMonth(this.now())}`;
    const used = this.resets.get(month) ?? 0;
    if (used >= RESETS_A_MONTH) return false;
    this.resets.set(month, used + 1);
    for (const [key, counter] of this.counters) if (key.startsWith(`${appid} `)) counter.used = 0;
    return true;
  }

  private counterOf(appid: string, path: string): Counter {
    const key = `${appid} ${path}`;
    const day = shanghaiDay(this.now());
    const minute = Math.floor(this.now() / MINUTE_MS);
    const counter = this.counters.get(key) ?? { day, used: 0, minute, usedThisMinute: 0 };
    if (counter.day !== day) Object.assign(counter, { day, used: 0 });
    if (counter.minute !== minute) Object.assign(counter, { minute, usedThisMinute: 0 });
    this.counters.set(key, counter);
    return counter;
  }
}
