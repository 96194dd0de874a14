import { NOTICE_PATH } from '../payments/index.ts';
import type { Site } from './site.ts';

async function readMetrics({ config, server }: Pick<Site, 'config' | 'server'>): Promise<string[] | null> {
  const token = config.METRICS_TOKEN;
  const answer = await fetch(`${server}/metrics`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  const text = await answer.text();
  return answer.ok ? text.split('\n') : null;
}

/** Notices that the running process has answered, and those of them that took longer than WeChat waits; null when it does not tell. */
export async function readNoticeTimes(site: Site): Promise<{ all: number; late: number } | null> {
  const lines = (await readMetrics(site))?.filter((line) => line.includes(`"${NOTICE_PATH}"`));
  if (!lines) return null;
  const sum = (start: string, part: string) =>
    lines
      .filter((line) => line.startsWith(start) && line.includes(part))
      .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  const all = sum('http_request_seconds_count', '');
  return { all, late: all - sum('http_request_seconds_bucket', 'le="5"') };
}

/** When the running process began; null when it does not tell. */
export async function readStart(site: Site): Promise<Date | null> {
  const line = (await readMetrics(site))?.find((one) => one.startsWith('process_start_time_seconds '));
  return line ? new Date(Number(line.split(' ')[1]) * 1000) : null;
}
