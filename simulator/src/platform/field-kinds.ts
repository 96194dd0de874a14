/**
 * Kinds of template fields and what each may hold (official documentation, subscribe message parameter kinds;
 * service-category templates of service accounts follow the same table). Lengths count Unicode characters, never bytes.
 */

const DATE = String.raw`\d{4}(?:年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日|([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01]))`;
const TIME = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;
const ONE_DATE = new RegExp(`^${DATE}(?:\\s?${TIME})?$`, 'u');
const ONE_TIME = new RegExp(`^(?:${DATE}\\s?)?${TIME}$`, 'u');

const length = (text: string): number => [...text].length;

/** One moment, or a range of two joined with `~`. */
const isMomentOrRange = (value: string, one: RegExp): boolean => {
  const ends = value.split('~').map((end) => end.trim());
  return ends.length <= 2 && ends.every((end) => one.test(end));
};

const digitsIn = (text: string): number => text.replace(/\D/g, '').length;

const ACCEPTS: Record<string, (value: string) => boolean> = {
  thing: (value) => length(value) <= 20,
  // The limit of short_thing is not published; thing's is taken for it.
  short_thing: (value) => length(value) <= 20,
  number: (value) => /^\d+(\.\d+)?$/.test(value) && digitsIn(value) <= 32,
  letter: (value) => /^[A-Za-z]{1,32}$/.test(value),
  symbol: (value) => /^[^\p{L}\p{N}\s]{1,5}$/u.test(value),
  character_string: (value) => length(value) <= 32 && !/[^\P{L}A-Za-z]/u.test(value),
  time: (value) => isMomentOrRange(value, ONE_TIME),
  date: (value) => isMomentOrRange(value, ONE_DATE),
  // "At most ten digits, decimals allowed": all digits are counted, the stricter reading.
  amount: (value) => /^\p{Sc}?\d+(\.\d+)?元?$/u.test(value) && digitsIn(value) <= 10,
  phone_number: (value) => /^[^\p{L}\s]{1,17}$/u.test(value) && /\d/.test(value),
  car_number: (value) =>
    length(value) <= 8 && /^[\p{Script=Han}A-Za-z0-9]?[A-Za-z0-9]+[\p{Script=Han}A-Za-z0-9]?$/u.test(value),
  name: (value) =>
    /\p{Script=Han}/u.test(value) ? length(value) <= 10 && !/\d/.test(value) : /^[^\p{N}]{1,20}$/u.test(value),
  phrase: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
};

/** `thing1` → `thing`, `enum_string1` → `enum_string`; keys of historical templates (`keyword1`, `first`) have kinds without limits. */
export const kindOf = (key: string): string => key.replace(/\d+$/, '');

/** Whether WeChat would deliver this value under this key. `allowed` lists the values of an enumeration, where the template has one. */
export function isFieldAcceptable(key: string, value: string, allowed?: readonly string[]): boolean {
  if (value.trim() === '' || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)) return false;
  if (allowed) return allowed.includes(value);
  return ACCEPTS[kindOf(key)]?.(value) ?? true;
}
