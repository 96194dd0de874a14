import { z } from 'zod';

/** Ties a shape to its contract both ways, so that drift does not compile. */
export const shapeOf =
  <T>() =>
  <S extends z.ZodType<T>>(schema: S & (T extends z.input<S> ? unknown : never)): S =>
    schema;

/** The same for a query: its values arrive as text, so what they are read as counts. A name that we do not read does not compile. */
export const queryOf =
  <T>() =>
  <S extends z.ZodType<T>>(
    schema: S & ([keyof T, T] extends [keyof z.output<S>, Partial<z.output<S>>] ? unknown : never),
  ): S =>
    schema;

/**
 * What does not belong in a name or a note: control characters, halves of surrogates, characters that turn the direction of
 * writing (they make a text read otherwise than it is stored), right-to-left scripts, pictures.
 */
const UNFIT =
  /[\p{Cc}\p{Cs}\p{Co}\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\p{Script=Arabic}\p{Script=Hebrew}]|\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}]|\uFE0F/u;
const UNFIT_LINES = new RegExp(UNFIT.source.replace('\\p{Cc}', '\\u0000-\\u0009\\u000B-\\u001F\\u007F-\\u009F'), 'u');

const countOf = (text: string) => [...text].length;

function fitText(max: number, unfit: RegExp) {
  return z
    .string()
    .trim()
    .refine((text) => countOf(text) <= max, `最多 ${max} 个字`)
    .refine((text) => !unfit.test(text), '含有不支持的字符（如表情符号或不可见字符）');
}

/** One line that a person typed, counted in characters. */
export const line = (max: number) => fitText(max, UNFIT).refine((text) => text.length > 0, '请填写');

/** Several lines; may be empty. */
export const lines = (max: number) => fitText(max, UNFIT_LINES);

/** A mobile or a landline number of the mainland. */
export const phone = z
  .string()
  .trim()
  .regex(/^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$/, '请填写正确的手机号或固定电话');

/** One of the names of a table of words. */
export const oneOf = <Name extends string>(table: Record<Name, string>) => z.enum(Object.keys(table) as [Name]);

/** A code of ours in an address or a body. */
export const code = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, '格式不正确');

/** Where the last page ended; made by us, opaque to others. */
export const after = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, '翻页标识不正确');

/** How many rows a page holds. */
export const limit = z.coerce.number().int().min(1).max(100);
