import type { TemplateFault } from '../contracts/messages.ts';
import { kindOf, type MessageTemplate } from '../../templates/messages/index.ts';

/** A template as WeChat has it. */
export interface WechatTemplate {
  templateId: string;
  /** Text with `{{thing1.DATA}}` in it. */
  content: string;
  /** Values that a field is limited to, by field name. */
  enumValues?: Record<string, readonly string[]>;
}

/** Filtered out by WeChat since 2023-05-04: sending them does no harm, and leaving them out neither. */
const IGNORED = new Set(['first', 'remark']);
const PLACE = /\{\{\s*([A-Za-z_]+\d*)\.DATA\s*\}\}/g;

export const fieldsIn = (content: string): string[] =>
  [...content.matchAll(PLACE)].map((match) => match[1]!).filter((field) => !IGNORED.has(field));

const numberOf = (field: string): string => /\d+$/.exec(field)?.[0] ?? '';

/** What is wrong between a message of ours and the template that shall serve it. Empty: they fit. */
export function compareTemplate(template: MessageTemplate, theirs: WechatTemplate | undefined): TemplateFault[] {
  if (!theirs) return [{ code: 'template_absent', field: null }];
  const wanted = fieldsIn(theirs.content);
  const filled = Object.keys(template.fields);
  const surplus = filled.filter((field) => !wanted.includes(field));
  const unfilled = wanted.filter((field) => !filled.includes(field));
  const faults: TemplateFault[] = [];
  for (const field of surplus) {
    const rival = unfilled.find((other) => numberOf(other) === numberOf(field) && kindOf(other) !== kindOf(field));
    if (rival) faults.push({ code: 'kind_differs', field, theirs: rival });
    else faults.push({ code: 'field_absent', field });
  }
  const told = new Set(faults.map((fault) => fault.theirs));
  for (const field of unfilled) if (!told.has(field)) faults.push({ code: 'field_unfilled', field });
  return [...faults, ...limitFaults(template, theirs)];
}

/** WeChat limits a field to a list that lacks something we may say. */
function limitFaults(template: MessageTemplate, { enumValues = {} }: WechatTemplate): TemplateFault[] {
  return Object.entries(enumValues).flatMap(([field, values]): TemplateFault[] => {
    if (!(field in template.fields)) return [];
    const ours = valuesOf(template, field);
    const isCovered = ours !== null && ours.every((value) => values.includes(value));
    return isCovered ? [] : [{ code: 'values_differ', field, theirs: values.join('、').slice(0, 200) }];
  });
}

/** What a field can say when it says one of a list; null when it can say anything. */
function valuesOf(template: MessageTemplate, field: string): string[] | null {
  const [, value] = template.fields[field as keyof typeof template.fields]!;
  for (const [fact, shape] of Object.entries(template.facts.shape)) {
    const { options } = shape as { options?: unknown };
    if (!Array.isArray(options)) continue;
    const said = options.map((option) => sayOf(() => value({ [fact]: option })));
    if (said.every((text, at) => text === options[at])) return said as string[];
  }
  return null;
}

/** A field that needs other facts than this one says nothing. */
function sayOf(value: () => string): string | null {
  try {
    return value();
  } catch {
    return null;
  }
}
