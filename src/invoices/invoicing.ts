import type { OrderInvoicingView } from '../contracts/invoices.ts';
import { notInvoiceable, type NotInvoiceable } from '../contracts/states.ts';
import type { Standing } from './standing.ts';

export function presentInvoicing(standing: Standing): OrderInvoicingView {
  const whyNot = whyNotOf(standing);
  return {
    orderNumber: standing.number,
    serviceName: standing.serviceName,
    paidFen: standing.paidFen,
    refundedFen: standing.refundedFen + standing.refundingFen,
    passedThroughFen: standing.passedThroughFen - standing.refundingGovernmentFen,
    invoicedFen: standing.issuedFen - standing.redFen + standing.waitingFen,
    invoiceableFen: standing.invoiceableFen,
    whyNot,
    whyNotWords: whyNot && notInvoiceable[whyNot],
  };
}

/** null when something can be invoiced */
export function whyNotOf(standing: Standing): NotInvoiceable | null {
  if (standing.invoiceableFen > 0) return null;
  if (standing.paidFen === 0) return 'not_paid';
  if (standing.refundedFen >= standing.paidFen) return 'refunded';
  if (standing.receivedFen <= 0) return 'only_government_fees';
  const leftFen = standing.receivedFen - (standing.issuedFen - standing.redFen) - standing.waitingFen;
  return leftFen > 0 ? 'refund_under_way' : 'all_invoiced';
}
