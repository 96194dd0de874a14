import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const KINDS: Partial<Record<string, string>> = {
  string: '文本（纯数字请加引号）',
  number: '数字',
  int: '整数（金额以分为单位）',
  boolean: ' true 或 false',
  array: '列表',
  object: '一组键和值',
};

const UNITS: Partial<Record<string, string>> = { array: '项', string: '个字' };

/** What is wrong with one value, in Chinese, for the administrator who writes the file. */
export function sentenceFor(issue: Issue, raw: unknown): string {
  if (issue.code === 'invalid_type') return wrongKind(issue.expected, valueAt(raw, issue.path));
  if (issue.code === 'too_small') return `不能少于 ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `不能多于 ${issue.maximum}${unitOf(issue.origin)}`;
  return issue.message;
}

function wrongKind(expected: string, value: unknown): string {
  if (value === undefined) return '缺少这一项';
  if (value === null) return '这一项是空的';
  return `应为${KINDS[expected] ?? expected}`;
}

const unitOf = (origin: string): string => (UNITS[origin] ? ` ${UNITS[origin]}` : '');

const valueAt = (raw: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], raw);
