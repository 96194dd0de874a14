import { z } from 'zod';
import {
  type AskRefundBody,
  cardBanks,
  type DisputedDecisionBody,
  disputedDecisions,
  type DisputedListQuery,
  type DisputedMoneyView,
  disputedStates,
  type OwnRefundQuoteView,
  type OwnRefundView,
  type ProposalListQuery,
  proposalStates,
  type ProposeRefundBody,
  type ProposeReroutingBody,
  type RefundProposalView,
  refundObstacles,
  type RefundQuoteView,
  type RefundReroutingView,
  refundStates,
  type RejectRefundBody,
  type ReroutingListQuery,
  reroutingStates,
} from '../contracts/refunds.ts';
import { disputeReasons } from '../contracts/states.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';

const orderNumber = z.string().regex(/^TB\d{14}$/, '订单号不正确');
/** The customer reads it at WeChat, and in our message, which has room for so much. */
const reason = line(20);
const refundableFen = z.int('金额须为整数（单位：分）').min(1, '金额须大于 0').max(2_147_483_647, '金额过大');

export const byId = z.object({ id: z.uuid() });
export const byOrder = z.object({ number: orderNumber });
export const proposeRefundBody = shapeOf<ProposeRefundBody>()(
  z.strictObject({
    amountFen: refundableFen,
    reason,
    changeReason: line(100).optional(),
  }),
);
export const askRefundBody = shapeOf<AskRefundBody>()(z.strictObject({ amountFen: refundableFen, reason }));
export const rejectRefundBody = shapeOf<RejectRefundBody>()(z.strictObject({ note: line(100) }));
export const proposalListQuery = queryOf<ProposalListQuery>()(
  z.object({
    after: after.optional(),
    limit: limit.default(50),
    state: oneOf(proposalStates).optional(),
    orderNumber: orderNumber.optional(),
  }),
);

const fen = z.int().describe('fen');
const instant = z.iso.datetime();
export const quoteView = shapeOf<RefundQuoteView>()(
  z.object({
    orderNumber: z.string(),
    paidFen: fen,
    refundedFen: fen,
    passedOnFen: fen,
    leftFen: fen,
    percent: z.int(),
    milestone: z.string(),
    milestoneName: z.string(),
    ruleFen: fen,
    sentences: z.array(z.string()),
  }),
);
export const proposalView = shapeOf<RefundProposalView>()(
  z.object({
    id: z.uuid(),
    orderNumber: z.string(),
    amountFen: fen,
    ruleFen: fen,
    reason: z.string(),
    changeReason: z.string().nullable(),
    state: oneOf(proposalStates),
    stateWords: z.string(),
    askedBy: z.enum(['customer', 'staff']),
    proposedBy: z.string().nullable(),
    createdAt: instant,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    note: z.string().nullable(),
    refunds: z.array(
      z.object({
        number: z.string(),
        paymentNumber: z.string(),
        amountFen: fen,
        state: oneOf(refundStates),
        stateWords: z.string(),
        failure: z.string().nullable(),
        failureWords: z.string().nullable(),
        receivedBy: z.string().nullable(),
        createdAt: instant,
        acceptedAt: instant.nullable(),
        endedAt: instant.nullable(),
      }),
    ),
  }),
);
export const ownQuoteView = shapeOf<OwnRefundQuoteView>()(
  z.object({
    paidFen: fen,
    refundedFen: fen,
    amountFen: fen,
    percent: z.int(),
    milestoneName: z.string(),
    sentences: z.array(z.string()),
    whyNot: oneOf(refundObstacles).nullable(),
    whyNotWords: z.string().nullable(),
  }),
);
export const ownRefundView = shapeOf<OwnRefundView>()(
  z.object({
    amountFen: fen,
    reason: z.string(),
    state: oneOf(proposalStates),
    stateWords: z.string(),
    note: z.string().nullable(),
    createdAt: instant,
    decidedAt: instant.nullable(),
    refunds: z.array(
      z.object({
        amountFen: fen,
        state: oneOf(refundStates),
        stateWords: z.string(),
        receivedBy: z.string().nullable(),
        acceptedAt: instant.nullable(),
        endedAt: instant.nullable(),
      }),
    ),
  }),
);
const refundNumber = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/, '退款单号不正确');
export const byRefund = z.object({ number: refundNumber });
export const proposeReroutingBody = shapeOf<ProposeReroutingBody>()(
  z.strictObject({
    bank: oneOf(cardBanks),
    cardNumber: z.string().regex(/^\d{12,19}$/, '银行卡号须为 12 至 19 位数字'),
    cardHolder: line(32),
    note: line(100),
  }),
);
export const reroutingListQuery = queryOf<ReroutingListQuery>()(
  z.object({
    after: after.optional(),
    limit: limit.default(50),
    state: oneOf(reroutingStates).optional(),
    refundNumber: refundNumber.optional(),
  }),
);
export const reroutingView = shapeOf<RefundReroutingView>()(
  z.object({
    id: z.uuid(),
    refundNumber: z.string(),
    amountFen: fen,
    bank: oneOf(cardBanks),
    bankWords: z.string(),
    cardMasked: z.string(),
    cardHolderMasked: z.string(),
    note: z.string(),
    state: oneOf(reroutingStates),
    stateWords: z.string(),
    failure: z.string().nullable(),
    proposedBy: z.string(),
    createdAt: instant,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    decisionNote: z.string().nullable(),
  }),
);

export const disputedListQuery = queryOf<DisputedListQuery>()(
  z.object({ after: after.optional(), limit: limit.default(50), state: oneOf(disputedStates).optional() }),
);
export const disputedDecisionBody = shapeOf<DisputedDecisionBody>()(
  z.discriminatedUnion('decision', [
    z.strictObject({ decision: z.literal('refund') }),
    z.strictObject({ decision: z.literal('apply'), orderNumber }),
    z.strictObject({ decision: z.literal('keep'), note: line(100) }),
  ]),
);
export const disputedView = shapeOf<DisputedMoneyView>()(
  z.object({
    id: z.uuid(),
    transactionId: z.string(),
    paymentNumber: z.string(),
    orderNumber: z.string().nullable(),
    reason: oneOf(disputeReasons),
    reasonWords: z.string(),
    amountFen: fen,
    expectedFen: fen.nullable(),
    currency: z.string(),
    paidAt: instant,
    receivedAt: instant,
    state: oneOf(disputedStates),
    stateWords: z.string(),
    decision: oneOf(disputedDecisions).nullable(),
    decisionWords: z.string().nullable(),
    note: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    refundsAt: instant.nullable(),
  }),
);
