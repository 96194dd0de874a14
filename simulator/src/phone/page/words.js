const SHANGHAI = 'Asia/Shanghai';
const clock = new Intl.DateTimeFormat('zh-CN', {
  timeZone: SHANGHAI,
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const clockWithSeconds = new Intl.DateTimeFormat('zh-CN', {
  timeZone: SHANGHAI,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const monthAndDay = new Intl.DateTimeFormat('zh-CN', { timeZone: SHANGHAI, month: 'long', day: 'numeric' });
const calendarDay = new Intl.DateTimeFormat('sv-SE', { timeZone: SHANGHAI });

const DAY_MS = 86_400_000;

export const timeOf = (at) => clock.format(at);
export const exactTimeOf = (at) => clockWithSeconds.format(at);
export const dayOf = (at) => calendarDay.format(at);

/** As the chat list has it: a time today, 昨天, else the day. */
export function shortTimeOf(at, now) {
  if (dayOf(at) === dayOf(now)) return timeOf(at);
  return dayOf(at) === dayOf(now - DAY_MS) ? '昨天' : monthAndDay.format(at);
}

/** As a chat has it above a message. */
export function longTimeOf(at, now) {
  if (dayOf(at) === dayOf(now)) return timeOf(at);
  return `${dayOf(at) === dayOf(now - DAY_MS) ? '昨天' : monthAndDay.format(at)} ${timeOf(at)}`;
}

/** '199.00' */
export const yuan = (fen) => `${Math.trunc(fen / 100)}.${String(Math.abs(fen % 100)).padStart(2, '0')}`;

/** '2 小时 5 分' */
export function lengthOf(ms) {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), '天'],
    [Math.floor(seconds / 3600) % 24, '小时'],
    [Math.floor(seconds / 60) % 60, '分'],
    [seconds % 60, '秒'],
  ].filter(([count]) => count > 0);
  return parts.length === 0
    ? '0 秒'
    : parts
        .slice(0, 2)
        .map(([count, unit]) => `${count} ${unit}`)
        .join(' ');
}

export const firstSign = (name) => [...name][0] ?? '?';
