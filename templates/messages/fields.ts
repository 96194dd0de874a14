/** Kinds of template fields with WeChat's limits, counted in characters. Source: official documentation, subscribe messages, parameter kinds. */
const MAX = { thing: 20, character_string: 32, name: 10 } as const;

const ONE_LINE = /[\p{Cc}\u2028\u2029]+/gu;

/** Cuts inside the limit with an ellipsis: WeChat refuses what is too long instead of cutting it. Nothing is never empty: WeChat refuses that too. */
function fitted(text: string, max: number): string {
  const characters = [...text.replace(ONE_LINE, ' ').trim()];
  if (characters.length === 0) return '-';
  return characters.length <= max ? characters.join('') : `${characters.slice(0, max - 1).join('')}…`;
}

/** Up to 20 characters of any kind. */
export const thing = (text: string): string => fitted(text, MAX.thing);

/** Up to 32 letters, digits and symbols; what is longer cannot be cut without becoming another number. */
export function characterString(text: string): string {
  if (!/^[\x21-\x7e]{1,32}$/.test(text))
    throw new Error('not a character_string of 1 to 32 letters, digits and symbols');
  return text;
}

/** Fen as `¥199.00`. */
export function amount(fen: number): string {
  const yuan = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
  if (!Number.isSafeInteger(fen) || fen < 0 || yuan.length > 11)
    throw new Error('not an amount that a message can show');
  return `¥${yuan}`;
}

/** Shanghai time as `2026年11月22日 15:04`. */
export function time(at: Date): string {
  const [day = '', clock = ''] = new Date(at.getTime() + 8 * 3600_000).toISOString().split('T');
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日 ${clock.slice(0, 5)}`;
}
