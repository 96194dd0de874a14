import type { Refund, RefundProposal } from '../../entities/refund.ts';
import {
  type OwnRefundView,
  proposalStates,
  refundFailures,
  type RefundProposalView,
  refundStates,
  type RefundView,
} from '../contracts/refunds.ts';

/** What proposals refer to, by id. */
interface Known {
  orderNumbers: ReadonlyMap<string, string>;
  paymentNumbers: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
}

const failureWords = (code: string): string => (refundFailures as Record<string, string>)[code] ?? code;

const presentRefund = (refund: Refund, { paymentNumbers }: Known): RefundView => ({
  number: refund.number,
  paymentNumber: paymentNumbers.get(refund.paymentId ?? '') ?? '',
  amountFen: refund.amountFen,
  state: refund.state,
  stateWords: refundStates[refund.state],
  failure: refund.failure,
  failureWords: refund.failure && failureWords(refund.failure),
  receivedBy: refund.receivedBy,
  createdAt: refund.createdAt.toISOString(),
  acceptedAt: refund.acceptedAt?.toISOString() ?? null,
  endedAt: refund.endedAt?.toISOString() ?? null,
});

export const presentProposal = (
  proposal: RefundProposal,
  refunds: readonly Refund[],
  known: Known,
): RefundProposalView => ({
  id: proposal.id,
  orderNumber: known.orderNumbers.get(proposal.orderId) ?? '',
  amountFen: proposal.amountFen,
  ruleFen: proposal.ruleFen,
  reason: proposal.reason,
  changeReason: proposal.changeReason,
  state: proposal.state,
  stateWords: proposalStates[proposal.state],
  askedBy: proposal.proposedBy ? 'staff' : 'customer',
  proposedBy: proposal.proposedBy ? (known.names.get(proposal.proposedBy) ?? '') : null,
  createdAt: proposal.createdAt.toISOString(),
  decidedBy: proposal.decidedBy ? (known.names.get(proposal.decidedBy) ?? '') : null,
  decidedAt: proposal.decidedAt?.toISOString() ?? null,
  note: proposal.note,
  refunds: refunds.map((refund) => presentRefund(refund, known)),
});

export const presentOwn = (proposal: RefundProposal, refunds: readonly Refund[]): OwnRefundView => ({
  amountFen: proposal.amountFen,
  reason: proposal.reason,
  state: proposal.state,
  stateWords: proposalStates[proposal.state],
  note: proposal.note,
  createdAt: proposal.createdAt.toISOString(),
  decidedAt: proposal.decidedAt?.toISOString() ?? null,
  refunds: refunds.map(({ amountFen, state, receivedBy, acceptedAt, endedAt }) => ({
    amountFen,
    state,
    stateWords: refundStates[state],
    receivedBy,
    acceptedAt: acceptedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  })),
});
