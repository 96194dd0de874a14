/**
 * Kinds of template fields with WeChat's limits, counted in characters. Source: official documentation, subscribe messages,
 * parameter kinds; templates of service accounts follow the same table.
 */
const MAX = { thing: 20 } as const;

const ONE_LINE = /[\p{Cc}\u2028\u2029]+/gu;
const DATE = String.raw`\d{4}年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;

const countOf = (text: string) => [...text].length;

/** The kinds that our messages use; stricter than WeChat where its words leave room. */
const ACCEPTS = {
  thing: (value: string) => countOf(value) <= MAX.thing,
  character_string: (value: string) => /^[\x21-\x7e]{1,32}$/.test(value),
  amount: (value: string) => /^¥\d{1,8}\.\d\d$/.test(value),
  time: (value: string) => new RegExp(`^${DATE} ${TIME}$`, 'u').test(value),
  date: (value: string) => new RegExp(`^${DATE}$`, 'u').test(value),
  phrase: (value: string) => /^\p{Script=Han}{1,5}$/u.test(value),
} as const;

export type FieldKind = keyof typeof ACCEPTS;
/** A kind with the number that tells fields of one template apart: `thing1`. */
export type FieldName = `${FieldKind}${number}`;

/** `character_string12` → `character_string` */
export const kindOf = (field: string): string => field.replace(/\d+$/, '');

/** Whether WeChat would deliver this value under this name. */
export function isWithinLimits(field: FieldName, value: string): boolean {
  if (value.trim() === '' || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)) return false;
  return ACCEPTS[kindOf(field) as FieldKind](value);
}

/** Cuts inside the limit with an ellipsis: WeChat refuses what is too long instead of cutting it. Nothing is never empty: WeChat refuses that too. */
export function thing(text: string): string {
  const characters = [...text.replace(ONE_LINE, ' ').trim()];
  if (characters.length === 0) return '-';
  return characters.length <= MAX.thing ? characters.join('') : `${characters.slice(0, MAX.thing - 1).join('')}…`;
}

/** Up to 32 letters, digits and symbols; what is longer cannot be cut without becoming another number. */
export function characterString(text: string): string {
  if (!ACCEPTS.character_string(text)) throw new Error('not a character_string of 1 to 32 letters, digits and symbols');
  return text;
}

/** Fen as `¥199.00`. */
export function amount(fen: number): string {
  const text = `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
  if (!Number.isSafeInteger(fen) || fen < 0 || !ACCEPTS.amount(text))
    throw new Error('not an amount that a message can show');
  return text;
}

/** An ISO instant in Shanghai as `2026年11月22日 15:04`. */
export function time(at: string): string {
  const [day = '', clock = ''] = new Date(Date.parse(at) + 8 * 3600_000).toISOString().split('T');
  return `${date(day)} ${clock.slice(0, 5)}`;
}

/** A Shanghai day `2026-11-22` as `2026年11月22日`. */
export function date(day: string): string {
  const [year, month, ofMonth] = day.split('-').map(Number);
  return `${year}年${month}月${ofMonth}日`;
}
