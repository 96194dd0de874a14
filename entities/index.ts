import { AccountContact, VerificationReminder } from './account-reminder.ts';
import { Account, VerificationEntry } from './account.ts';
import { ApiKey } from './api-key.ts';
import { AuditEntry, AuditHead } from './audit-entry.ts';
import { AudienceList, ListedPerson, ListFault } from './audience-list.ts';
import { AuthorisationStart } from './authorisation-start.ts';
import { Authorisation } from './authorisation.ts';
import { Campaign } from './campaign.ts';
import { Complaint, ComplaintDeed, ComplaintEntry, ComplaintImage } from './complaint.ts';
import { ConsentEntry } from './consent-entry.ts';
import { Customer } from './customer.ts';
import { CustomerMerge } from './customer-merge.ts';
import { CustomerSession } from './customer-session.ts';
import { CustomerTag } from './customer-tag.ts';
import { DisputedMoney } from './disputed-money.ts';
import { GovernmentPayment } from './government-payment.ts';
import { IdempotencyRecord } from './idempotency-record.ts';
import { InvoiceFapiao } from './invoice-fapiao.ts';
import { Invoice, InvoiceLine, InvoiceNumber, InvoiceRedLetter, InvoiceTitle } from './invoice.ts';
import { Job } from './job.ts';
import { LedgerLine, LedgerMark, LedgerPosting, LedgerTotal } from './ledger.ts';
import { KeptFile, KeptFilePiece } from './kept-file.ts';
import { MessageBinding } from './message-binding.ts';
import { MessageDelivery } from './message-delivery.ts';
import { Order } from './order.ts';
import { Instalment, Milestone, OrderLine } from './order-parts.ts';
import { Payment } from './payment.ts';
import { Bill, Difference, PeriodEvent, ReconciliationDay, ReconciliationRun } from './reconciliation.ts';
import { RefundRerouting } from './refund-rerouting.ts';
import { Refund, RefundProposal } from './refund.ts';
import { ScheduleSlot } from './schedule-slot.ts';
import { Segment } from './segment.ts';
import { SendMeter } from './send-meter.ts';
import { ServiceVersion } from './service-version.ts';
import { Shipment, TradeManagement } from './shipment.ts';
import { StaffMember } from './staff-member.ts';
import { StaffSession } from './staff-session.ts';
import { Task } from './task.ts';
import { Team } from './team.ts';
import { UnionidAnchor } from './unionid-anchor.ts';
import { WebSignIn } from './web-sign-in.ts';
import { WechatIdentity } from './wechat-identity.ts';
import { WechatNotice } from './wechat-notice.ts';
import { WechatPush } from './wechat-push.ts';
import { WechatToken } from './wechat-token.ts';

/** Everything that the database remembers. */
export const entities = [
  Account,
  AccountContact,
  VerificationReminder,
  ApiKey,
  AuditEntry,
  AuditHead,
  AudienceList,
  Authorisation,
  AuthorisationStart,
  Campaign,
  Complaint,
  ComplaintDeed,
  ComplaintEntry,
  ComplaintImage,
  ConsentEntry,
  Customer,
  CustomerMerge,
  CustomerSession,
  CustomerTag,
  DisputedMoney,
  GovernmentPayment,
  IdempotencyRecord,
  Instalment,
  Invoice,
  InvoiceFapiao,
  InvoiceLine,
  InvoiceNumber,
  InvoiceRedLetter,
  InvoiceTitle,
  Job,
  KeptFile,
  KeptFilePiece,
  LedgerLine,
  LedgerMark,
  LedgerPosting,
  LedgerTotal,
  ListedPerson,
  ListFault,
  MessageBinding,
  MessageDelivery,
  Milestone,
  Order,
  OrderLine,
  Payment,
  Bill,
  Difference,
  PeriodEvent,
  ReconciliationDay,
  ReconciliationRun,
  Refund,
  RefundProposal,
  RefundRerouting,
  ScheduleSlot,
  Segment,
  SendMeter,
  ServiceVersion,
  Shipment,
  StaffMember,
  StaffSession,
  Task,
  Team,
  TradeManagement,
  UnionidAnchor,
  VerificationEntry,
  WebSignIn,
  WechatIdentity,
  WechatNotice,
  WechatPush,
  WechatToken,
];
