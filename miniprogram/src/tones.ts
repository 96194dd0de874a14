import type {
  InstalmentState,
  InvoiceState,
  OrderState,
  PreCheckVerdict,
  VerificationState,
} from '../../src/contracts/index.ts';

/** past: over, or not begun · calm: going on · good · mind: something to do · bad */
export type Tone = 'past' | 'calm' | 'good' | 'mind' | 'bad';

/** Of a step on a way. done: behind us · now: going on · stopped: not as hoped · open: not reached */
export type StepIs = 'done' | 'now' | 'stopped' | 'open';

const ofOrder: Record<OrderState, Tone> = {
  awaiting_payment: 'mind',
  paid: 'good',
  in_service: 'calm',
  completed: 'good',
  cancelled: 'past',
  refunded: 'past',
};
const ofInstalment: Record<InstalmentState, Tone> = { not_due: 'past', due: 'mind', paid: 'good', void: 'past' };
const ofInvoice: Record<InvoiceState, Tone> = {
  asked: 'mind',
  issued: 'good',
  refused: 'bad',
  withdrawn: 'past',
  red_lettered: 'past',
};
const ofVerification: Record<VerificationState, Tone> = {
  unknown: 'past',
  unverified: 'mind',
  pending: 'calm',
  failed: 'bad',
  qualified_no_name: 'mind',
  verified: 'good',
  renewal_due: 'mind',
  expired: 'bad',
};
const ofVerdict: Record<PreCheckVerdict, Tone> = { pass: 'good', fail: 'bad', unknown: 'mind' };

/** A state that this version has never heard of is shown calmly. */
export const toneOfOrder = (state: OrderState): Tone => ofOrder[state] ?? 'calm';
export const toneOfInstalment = (state: InstalmentState): Tone => ofInstalment[state] ?? 'calm';
export const toneOfInvoice = (state: InvoiceState): Tone => ofInvoice[state] ?? 'calm';
export const toneOfVerification = (state: VerificationState): Tone => ofVerification[state] ?? 'calm';
export const toneOfVerdict = (verdict: PreCheckVerdict): Tone => ofVerdict[verdict] ?? 'calm';
