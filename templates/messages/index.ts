import type { z } from 'zod';
import { annualReportDue } from './annual-report-due.ts';
import { appealDecided } from './appeal-decided.ts';
import { appointment } from './appointment.ts';
import { followUp } from './follow-up.ts';
import { incidentNotice } from './incident-notice.ts';
import { invoiceIssued } from './invoice-issued.ts';
import { licenceExpiring } from './licence-expiring.ts';
import { materialRejected } from './material-rejected.ts';
import { materialsWanted } from './materials-wanted.ts';
import type { MessageTemplate } from './message.ts';
import { orderPaid } from './order-paid.ts';
import { recoveryChanged } from './recovery-changed.ts';
import { rectifyBy } from './rectify-by.ts';
import { refundArrived } from './refund-arrived.ts';
import { resultAnnounced } from './result-announced.ts';
import { stageReached } from './stage-reached.ts';
import { verificationDue } from './verification-due.ts';
import { verificationExpired } from './verification-expired.ts';

export { type FactColumn, factColumns } from './fact-columns.ts';
export { type FieldName, isWithinLimits, kindOf } from './fields.ts';
export type { MessageTemplate } from './message.ts';

/** Every message that the product can say. */
export const messageTemplates = {
  'order-paid': orderPaid,
  'refund-arrived': refundArrived,
  'materials-wanted': materialsWanted,
  'material-rejected': materialRejected,
  'stage-reached': stageReached,
  'result-announced': resultAnnounced,
  'rectify-by': rectifyBy,
  'appeal-decided': appealDecided,
  'incident-notice': incidentNotice,
  'recovery-changed': recoveryChanged,
  'licence-expiring': licenceExpiring,
  'annual-report-due': annualReportDue,
  'verification-due': verificationDue,
  'verification-expired': verificationExpired,
  'invoice-issued': invoiceIssued,
  'follow-up': followUp,
  appointment: appointment,
};

export type MessageName = keyof typeof messageTemplates;

/** Facts by message name. */
export type MessageFacts = { [Name in MessageName]: z.output<(typeof messageTemplates)[Name]['facts']> };

/** Messages whose consent the mini-program asks for when the customer pays: WeChat takes five at most in one question. */
export const askedWhenPaying: readonly MessageName[] = [
  'order-paid',
  'materials-wanted',
  'stage-reached',
  'result-announced',
  'rectify-by',
];

/** Null for a name that no message has. */
export const findTemplate = (name: string): MessageTemplate | null =>
  Object.hasOwn(messageTemplates, name) ? (messageTemplates[name as MessageName] as unknown as MessageTemplate) : null;

/** The fields of a message, filled. */
export const fieldsOf = (template: MessageTemplate, facts: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(template.fields).map(([field, [, value]]) => [field, value(facts)]));
