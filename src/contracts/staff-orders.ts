import type { OrderSummaryView, OrderView, PageQuery } from './app.ts';
import type { OrderState } from './states.ts';

/** One row of GET /staff/orders */
export interface StaffOrderRowView extends OrderSummaryView {
  customerId: string;
}

/** GET /staff/orders/:number */
export interface StaffOrderView extends OrderView {
  customerId: string;
}

/** GET /staff/orders */
export interface StaffOrderListQuery extends PageQuery {
  state?: OrderState | undefined;
  customerId?: string | undefined;
  serviceCode?: string | undefined;
  /** Shanghai days on which they were placed. */
  from?: string | undefined;
  to?: string | undefined;
}

/** POST /staff/orders/:number/milestones */
export interface ReachMilestoneBody {
  code: string;
}
