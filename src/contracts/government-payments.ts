/** POST /staff/orders/:number/government-payments: a fee that was collected is with the authority now. */
export interface GovernmentPaymentBody {
  amountFen: number;
  /** Shanghai day. */
  paidOn: string;
  authority: string;
  receiptNumber: string;
  /** A kept file: POST /staff/reconciliation/attachments. */
  attachmentId?: string | undefined;
}

/** POST /staff/orders/:number/government-payments/:id/withdrawal */
export interface GovernmentWithdrawalBody {
  /** The day of the reversing entry. */
  day: string;
  reason: string;
}

export interface GovernmentPaymentView {
  id: string;
  orderNumber: string;
  amountFen: number;
  paidOn: string;
  authority: string;
  receiptNumber: string;
  /** Name of the kept file. */
  attachment: string | null;
  recordedBy: string;
  recordedAt: string;
  /** All null until it is withdrawn. */
  withdrawnOn: string | null;
  withdrawnReason: string | null;
  withdrawnBy: string | null;
  withdrawnAt: string | null;
}

/** GET /staff/orders/:number/government-payments */
export interface GovernmentFeesView {
  orderNumber: string;
  collectedFen: number;
  refundedFen: number;
  passedOnFen: number;
  /** With us, fen: owed to an authority, or to the customer. */
  leftFen: number;
  /** Oldest first, the withdrawn ones too. */
  payments: GovernmentPaymentView[];
}
