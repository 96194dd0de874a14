import { PayError } from '../errors.ts';

/** The rule for one field of a body. Lengths count characters. */
export type Field = { must?: boolean } & (
  | { is: 'text'; max: number; min?: number; matches?: RegExp; oneOf?: readonly string[] }
  | { is: 'whole'; from: number; to?: number }
  | { is: 'flag' }
  | { is: 'group'; fields: Record<string, Field>; maxBytes?: number }
  | { is: 'list'; of: Field }
);

const INTERNAL = { parameter: 268435461, range: 268435464, extra: 270924358, openidMissing: 268501013 };

/**
 * Holds a value against its rule: nothing missing, nothing unknown, no null, no blank text, no number in quotes.
 * @throws PayError 400 PARAM_ERROR that names the field (WeChat Pay documentation 4012791877)
 */
export function checkField(field: Field, value: unknown, path: string): void {
  if (value === undefined) {
    if (field.must) throw badField(path, undefined, '必填字段缺失', missingCode(path));
    return;
  }
  if (field.is === 'text') checkText(field, value, path);
  if (field.is === 'whole') checkWhole(field, value, path);
  if (field.is === 'flag' && typeof value !== 'boolean') throw badField(path, value, '类型应为布尔值');
  if (field.is === 'group') checkGroup(field, value, path);
  if (field.is === 'list') checkList(field.of, value, path);
}

export function badField(
  path: string,
  value: unknown,
  issue: string,
  internalCode = INTERNAL.parameter,
  location: 'body' | 'query' | 'header' = 'body',
): PayError {
  return new PayError(400, 'PARAM_ERROR', `输入源“/${location}${path}”规则校验失败：${issue}`, {
    detail: { field: path, ...(value === undefined ? {} : { value }), issue, location },
    internalCode,
  });
}

const missingCode = (path: string): number => (path === '/payer/openid' ? INTERNAL.openidMissing : INTERNAL.parameter);

function checkText(field: Extract<Field, { is: 'text' }>, value: unknown, path: string): void {
  if (typeof value !== 'string') throw badField(path, value, '类型应为字符串');
  if (value.trim() === '') throw badField(path, value, '不能为空字符串，无值时请勿传入该字段');
  const length = Array.from(value).length;
  if (length > field.max) throw badField(path, value, `长度${length}大于最大值${field.max}`);
  if (length < (field.min ?? 1)) throw badField(path, value, `长度${length}小于最小值${field.min}`);
  if (field.matches && !field.matches.test(value)) throw badField(path, value, '格式不符合要求');
  if (field.oneOf && !field.oneOf.includes(value)) throw badField(path, value, `取值只能为${field.oneOf.join('、')}`);
}

function checkWhole(field: Extract<Field, { is: 'whole' }>, value: unknown, path: string): void {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw badField(path, value, '类型应为整数');
  if (value < field.from) throw badField(path, value, `小于最小值${field.from}`);
  if (field.to !== undefined && value > field.to) throw badField(path, value, `大于最大值${field.to}`, INTERNAL.range);
}

function checkGroup(field: Extract<Field, { is: 'group' }>, value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badField(path, value, '类型应为对象');
  const group = value as Record<string, unknown>;
  for (const name of Object.keys(group)) {
    if (!Object.hasOwn(field.fields, name)) {
      throw badField(`${path}/${name}`, group[name], '存在多余的参数', INTERNAL.extra);
    }
  }
  for (const [name, rule] of Object.entries(field.fields)) checkField(rule, group[name], `${path}/${name}`);
  const bytes = field.maxBytes === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
  if (bytes > (field.maxBytes ?? 0)) throw badField(path, undefined, `字节数${bytes}大于最大值${field.maxBytes}`);
}

function checkList(of: Field, value: unknown, path: string): void {
  if (!Array.isArray(value)) throw badField(path, value, '类型应为数组');
  if (value.length === 0) throw badField(path, value, '至少包含一项');
  value.forEach((item, index) => checkField({ ...of, must: true }, item, `${path}/${index}`));
}
