import { z } from 'zod';

/** Shapes of what messages are made of. What staff type by hand must fit as it is; names from our own books may be cut. */

const UNFIT = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const LONGEST_TYPED = 20;
const LONGEST_NAME = 128;

const words = (max: number) =>
  z
    .string()
    .trim()
    .min(1, '请填写')
    .refine((text) => [...text].length <= max, `最多 ${max} 个字`)
    .refine((text) => !UNFIT.test(text), '不能换行，也不能含有不可见字符');

/** Typed by a person; shown whole. */
export const typed = words(LONGEST_TYPED);
/** A name from the catalogue, of a company, of an account: shown with an ellipsis when it is long. */
export const name = words(LONGEST_NAME);
export const number = z.string().regex(/^[\x21-\x7e]{1,32}$/, '最多 32 位字母、数字或符号，不能有空格和汉字');
export const orderNumber = z.string().regex(/^TB\d{14}$/, '订单号不正确');
/** Whole fen. */
export const fen = z.int('金额须为整数（单位：分）').min(0, '金额不能为负').max(2_147_483_647, '金额过大');
/** ISO instant. */
export const instant = z.iso.datetime('时间格式不正确，例如 2026-11-25T08:00:00Z');
/** Shanghai day. */
export const day = z.iso.date('日期格式不正确，例如 2026-11-25');
export const verdict = <const Verdicts extends readonly [string, ...string[]]>(verdicts: Verdicts) =>
  z.enum(verdicts, `请选择：${verdicts.join('、')}`);
