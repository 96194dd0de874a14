import { z } from 'zod';

/** Whole numbers of more than 15 digits need not fit into a double: a message id of 19 would come out as another one. */
const LONG_WHOLE_NUMBER = /^-?\d{16,}$/;
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Reads JSON whose whole numbers may be of 64 bits: the long ones come back as text, digit by digit.
 * @throws {SyntaxError}
 */
export function readJson(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (LONG_WHOLE_NUMBER.test(token) ? `"${token}"` : token)));
}

/** Null for whatever is not one JSON object. */
export function findObject(text: string): Record<string, unknown> | null {
  try {
    const value = readJson(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The same field comes as a number on one page of the documentation and as text on another; so: both. */
export const wholeNumber = z
  .union([z.number(), z.string().regex(/^-?\d{1,15}$/)])
  .transform(Number)
  .pipe(z.int());

/** Digits of any length, never through a float. */
export const digits = z.union([z.int().nonnegative().transform(String), z.string().regex(/^\d{1,20}$/)]);

/** True, false, 1, 0, or one of these as text. */
export const flag = z
  .union([z.boolean(), z.int().min(0).max(1), z.enum(['true', 'false', '0', '1'])])
  .transform((value) => value === true || value === 1 || value === 'true' || value === '1');

/** Text or a number that is meant as text. */
export const textual = z.union([z.string(), z.number().transform(String)]);

/** Text, absent when empty. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
