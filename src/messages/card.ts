import { type FieldName, fieldsOf, isWithinLimits, type MessageTemplate } from '../../templates/messages/index.ts';
import type { FieldFault } from '../contracts/errors.ts';
import type { CardView } from '../contracts/messages.ts';
import { check, invalid } from '../platform/http/accept.ts';

/**
 * Facts that came from outside, checked against the message's own shape.
 * @returns what is missing, too much, or does not fit, each by its name; empty when they are right
 */
export function faultsOfFacts(template: MessageTemplate, facts: unknown): FieldFault[] {
  const faults: FieldFault[] = [];
  const read = check(template.facts, facts, faults) as Record<string, unknown> | undefined;
  if (!read) return faults;
  // The shapes promise it; a template of ours that breaks its promise must not cost a message.
  return Object.entries(fieldsOf(template, read))
    .filter(([field, value]) => !isWithinLimits(field as FieldName, value))
    .map(([field]) => ({ field, message: '内容超出微信模板字段的限制' }));
}

/** @throws {AppError} request.invalid, naming every fact as `facts.…` */
export function assertFacts(template: MessageTemplate, facts: unknown): Record<string, unknown> {
  const faults = faultsOfFacts(template, facts);
  if (faults.length > 0) throw invalid(faults.map(({ field, message }) => ({ field: `facts.${field}`, message })));
  return template.facts.parse(facts);
}

/** The card as the person would see it. */
export function cardOf(template: MessageTemplate, facts: Record<string, unknown>): CardView {
  const fields = fieldsOf(template, facts);
  return {
    title: template.title,
    rows: Object.entries(template.fields).map(([field, [label]]) => ({ label, value: fields[field]! })),
    page: template.page(facts),
  };
}
