import { isFieldAcceptable } from './field-kinds.ts';

export interface Template {
  templateId: string;
  title: string;
  /** Text with placeholders, one row a line: `订单编号：{{character_string1.DATA}}`. */
  content: string;
  /** 2: one consent, one message; 3: one consent, many. Only subscribe messages have it. */
  type?: 2 | 3;
  /** Values that an enumeration or constant field may take, by key. */
  enumValues?: Record<string, readonly string[]>;
}

export interface Row {
  label: string;
  value: string;
}

/** Filtered out on delivery since 2023-05-04; sending them does no harm. */
const FILTERED = new Set(['first', 'remark']);
const PLACEHOLDER = /\{\{\s*([A-Za-z_]+\d*)\.DATA\s*\}\}/g;

export const keysOf = (template: Template): string[] =>
  [...template.content.matchAll(PLACEHOLDER)].map((match) => match[1]!);

export interface FieldFault {
  /** In the form of WeChat's errmsg: `data.thing1.value`. */
  field: string;
  isEmpty: boolean;
}

/** The first field that WeChat would refuse, or null when all is well. */
export function findFieldFault(template: Template, fields: unknown): FieldFault | null {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return { field: 'data', isEmpty: false };
  const given = fields as Record<string, { value?: unknown } | null>;
  const wanted = keysOf(template).filter((key) => !FILTERED.has(key));
  for (const key of wanted) {
    const value = given[key]?.value;
    if (typeof value !== 'string' || !isFieldAcceptable(key, value, template.enumValues?.[key])) {
      return { field: `data.${key}.value`, isEmpty: typeof value === 'string' && value.trim() === '' };
    }
  }
  const extra = Object.keys(given).find((key) => !wanted.includes(key) && !FILTERED.has(key));
  return extra === undefined ? null : { field: `data.${extra}`, isEmpty: false };
}

/** What the person sees: one row a line of the template. */
export function renderRows(template: Template, fields: Record<string, { value: string }>): Row[] {
  return template.content
    .split('\n')
    .filter((line) => keysOf({ ...template, content: line }).some((key) => !FILTERED.has(key)))
    .map((line) => ({
      label: line.replace(PLACEHOLDER, '').replace(/[：:]\s*$/, ''),
      value: keysOf({ ...template, content: line })
        .map((key) => fields[key]?.value ?? '')
        .join(' '),
    }));
}

/** The content with its places filled, as the lists of templates show it. */
export const exampleOf = (template: Template): string => template.content.replace(PLACEHOLDER, '示例');
