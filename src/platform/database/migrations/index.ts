import { FirstTables1763798400000 } from './1763798400000-first-tables.ts';
import { StaffAndAudit1764028800000 } from './1764028800000-staff-and-audit.ts';
import { MessageBindings1764032400000 } from './1764032400000-message-bindings.ts';
import { CustomersForStaff1764036000000 } from './1764036000000-customers-for-staff.ts';
import { Campaigns1764039600000 } from './1764039600000-campaigns.ts';
import { Tasks1764043200000 } from './1764043200000-tasks.ts';
import { Audiences1764046800000 } from './1764046800000-audiences.ts';
import { Refunds1764050400000 } from './1764050400000-refunds.ts';
import { Books1764054000000 } from './1764054000000-books.ts';
import { Reconciliation1764057600000 } from './1764057600000-reconciliation.ts';
import { Complaints1764061200000 } from './1764061200000-complaints.ts';
import { Shipments1764064800000 } from './1764064800000-shipments.ts';
import { Invoices1764068400000 } from './1764068400000-invoices.ts';
import { GovernmentPayments1764072000000 } from './1764072000000-government-payments.ts';
import { Fapiao1764075600000 } from './1764075600000-fapiao.ts';
import { RefundReroutings1764079200000 } from './1764079200000-refund-reroutings.ts';
import { Accounts1764082800000 } from './1764082800000-accounts.ts';
import { AccountBadges1764086400000 } from './1764086400000-account-badges.ts';
import { Authorisations1764090000000 } from './1764090000000-authorisations.ts';
import { AuthorisationStarts1764093600000 } from './1764093600000-authorisation-starts.ts';
import { AccountReminders1764097200000 } from './1764097200000-account-reminders.ts';
import { EntryCorrections1764100800000 } from './1764100800000-entry-corrections.ts';

/** In the order they are applied. */
export const migrations = [
  FirstTables1763798400000,
  StaffAndAudit1764028800000,
  MessageBindings1764032400000,
  CustomersForStaff1764036000000,
  Campaigns1764039600000,
  Tasks1764043200000,
  Audiences1764046800000,
  Refunds1764050400000,
  Books1764054000000,
  Reconciliation1764057600000,
  Complaints1764061200000,
  Shipments1764064800000,
  Invoices1764068400000,
  GovernmentPayments1764072000000,
  Fapiao1764075600000,
  RefundReroutings1764079200000,
  Accounts1764082800000,
  AccountBadges1764086400000,
  Authorisations1764090000000,
  AuthorisationStarts1764093600000,
  AccountReminders1764097200000,
  EntryCorrections1764100800000,
];
