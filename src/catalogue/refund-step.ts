import { PLACED, type RefundStepDefinition, type ServiceDefinition } from './definition.ts';

/** The step of a service's refund rule that holds once these milestones were reached. */
export const stepInForce = (
  { refund }: ServiceDefinition,
  milestones: readonly { code: string; reachedAt: Date | null }[],
): RefundStepDefinition => refund.steps.findLast(({ from }) => from === PLACED || milestones.some(isReached(from)))!;

const isReached = (code: string) => (milestone: { code: string; reachedAt: Date | null }) =>
  milestone.code === code && milestone.reachedAt !== null;
