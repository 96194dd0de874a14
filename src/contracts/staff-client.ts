import type { Page, PageQuery } from './app.ts';
import type {
  AudienceListQuery,
  AudienceListView,
  FaultExportQuery,
  ListFaultView,
  SampleListQuery,
  SegmentBody,
  SegmentPeopleView,
  SegmentView,
  UploadListQuery,
} from './audiences.ts';
import type {
  CampaignBody,
  CampaignListQuery,
  CampaignProgressView,
  CampaignView,
  ChangeCampaignBody,
  DeliveryListQuery,
  DeliveryView,
  ExportQuery,
  MessageListQuery,
  StaffMessageBody,
  UnknownDecisionBody,
} from './campaigns.ts';
import type {
  AnswerComplaintBody,
  ComplaintDeedView,
  ComplaintExportQuery,
  ComplaintImageView,
  ComplaintListQuery,
  ComplaintRowView,
  ComplaintView,
  DecideComplaintRefundBody,
} from './complaints.ts';
import type {
  CustomerListQuery,
  CustomerTagsBody,
  CustomerTeamBody,
  StaffCustomerView,
  UnmaskBody,
  UnmaskedPhoneView,
} from './customers.ts';
import type { BindingBody, CardView, MessageApp, MessageTemplateView, PreviewBody } from './messages.ts';
import type {
  DisputedDecisionBody,
  DisputedListQuery,
  DisputedMoneyView,
  ProposalListQuery,
  ProposeRefundBody,
  ProposeReroutingBody,
  RefundProposalView,
  RefundQuoteView,
  RefundReroutingView,
  RejectRefundBody,
  ReroutingListQuery,
} from './refunds.ts';
import type {
  CustomerInvoicingView,
  InvoiceExportQuery,
  InvoiceListQuery,
  InvoicingExportQuery,
  InvoicingQuery,
  InvoicingTotalsView,
  IssueInvoiceBody,
  OrderReceiptsQuery,
  OrderReceiptsView,
  RefuseInvoiceBody,
  StaffInvoiceView,
  TitleOnInvoice,
  WriteRedLetterBody,
} from './invoices.ts';
import type {
  GovernmentFeesView,
  GovernmentPaymentBody,
  GovernmentPaymentView,
  GovernmentWithdrawalBody,
} from './government-payments.ts';
import type { PostingView, StatementFileQuery, StatementLineView, StatementQuery, TrialBalanceView } from './ledger.ts';
import type {
  AttachmentView,
  BillListQuery,
  BillView,
  ClosePeriodBody,
  DayListQuery,
  DecideResolutionBody,
  DifferenceExportQuery,
  DifferenceListQuery,
  DifferenceView,
  PeriodView,
  ProposeResolutionBody,
  ReconciliationDayView,
  ReopenBody,
  ReopenDecisionBody,
  RunView,
  UploadBillQuery,
} from './reconciliation.ts';
import type {
  CorrectShipmentBody,
  ShipmentExportQuery,
  ShipmentListQuery,
  ShipmentView,
  ShippingAccountView,
} from './shipping.ts';
import type {
  ReportFileQuery,
  ReportLinesFileQuery,
  ReportLinesQuery,
  ReportLineView,
  ReportQuery,
  ReportView,
} from './reports.ts';
import {
  type By,
  call,
  done,
  type FileBytes,
  jsonOf,
  list,
  type Nothing,
  raw,
  Refused,
  type Send,
} from './staff-call.ts';
import type {
  ApiKeyView,
  AuditEntryView,
  AuditQuery,
  ChangePasswordBody,
  ChangeStaffMemberBody,
  CreatedApiKeyView,
  EnrolmentBody,
  EnrolmentView,
  FinishEnrolmentBody,
  InvitedStaffMemberView,
  MemberListQuery,
  NewApiKeyBody,
  NewStaffMemberBody,
  StaffMemberView,
  StaffSessionView,
  StaffSignInBody,
  TeamBody,
  TeamView,
} from './staff.ts';
import type {
  CancelTaskBody,
  ChangeTaskBody,
  NewTaskBody,
  TaskExportQuery,
  TaskListQuery,
  TaskOutcomeBody,
  TaskView,
  WorkloadView,
} from './tasks.ts';

export { Refused } from './staff-call.ts';

// ---- every call of the staff door ------------------------------------------

/** One entry a route. */
export const staffCalls = {
  signIn: call<{ body: StaffSignInBody }, StaffSessionView>('POST', '/sessions'),
  signOut: done<Nothing>('DELETE', '/sessions/current'),
  beginEnrolment: call<{ body: EnrolmentBody }, EnrolmentView>('POST', '/enrolments'),
  finishEnrolment: call<{ body: FinishEnrolmentBody }, StaffMemberView>('PUT', '/enrolments'),
  getMe: call<Nothing, StaffMemberView>('GET', '/me'),
  changePassword: done<{ body: ChangePasswordBody }>('POST', '/me/password'),

  listMembers: list<{ query?: MemberListQuery }, StaffMemberView>('/members'),
  createMember: call<{ body: NewStaffMemberBody }, InvitedStaffMemberView>('POST', '/members'),
  getMember: call<By<'username'>, StaffMemberView>('GET', '/members/:username'),
  changeMember: call<By<'username'> & { body: ChangeStaffMemberBody }, StaffMemberView>('PATCH', '/members/:username'),
  resetMember: call<By<'username'>, InvitedStaffMemberView>('POST', '/members/:username/reset'),

  listTeams: call<Nothing, TeamView[]>('GET', '/teams'),
  createTeam: call<{ body: TeamBody }, TeamView>('POST', '/teams'),
  renameTeam: call<By & { body: TeamBody }, TeamView>('PATCH', '/teams/:id'),

  listApiKeys: list<{ query?: PageQuery }, ApiKeyView>('/api-keys'),
  createApiKey: call<{ body: NewApiKeyBody }, CreatedApiKeyView>('POST', '/api-keys'),
  revokeApiKey: done<By>('DELETE', '/api-keys/:id'),

  listAudit: list<{ query?: AuditQuery }, AuditEntryView>('/audit'),

  listCustomers: list<{ query?: CustomerListQuery }, StaffCustomerView>('/customers'),
  getCustomer: call<By, StaffCustomerView>('GET', '/customers/:id'),
  unmaskPhone: call<By & { body: UnmaskBody }, UnmaskedPhoneView>('POST', '/customers/:id/phone'),
  tagCustomer: call<By & { body: CustomerTagsBody }, StaffCustomerView>('PUT', '/customers/:id/tags'),
  assignCustomer: call<By & { body: CustomerTeamBody }, StaffCustomerView>('PUT', '/customers/:id/team'),

  listTemplates: call<Nothing, MessageTemplateView[]>('GET', '/message-templates'),
  compareTemplates: done<Nothing>('POST', '/message-templates/sync'),
  previewMessage: call<By<'message'> & { body: PreviewBody }, CardView>('POST', '/message-templates/:message/preview'),
  bindTemplate: call<Binding & { body: BindingBody }, MessageTemplateView>(
    'PUT',
    '/message-templates/:message/bindings/:app',
  ),
  unbindTemplate: done<Binding>('DELETE', '/message-templates/:message/bindings/:app'),
  resumeTemplate: call<Binding, MessageTemplateView>('POST', '/message-templates/:message/bindings/:app/resume'),

  sendMessage: call<{ body: StaffMessageBody }, DeliveryView>('POST', '/messages'),
  listMessages: list<{ query?: MessageListQuery }, DeliveryView>('/messages'),
  getMessage: call<By, DeliveryView>('GET', '/messages/:id'),
  decideUnknown: call<By & { body: UnknownDecisionBody }, DeliveryView>('POST', '/messages/:id/decision'),

  listSegments: list<{ query?: PageQuery }, SegmentView>('/segments'),
  saveSegment: call<{ body: SegmentBody }, SegmentView>('POST', '/segments'),
  changeSegment: call<By & { body: Partial<SegmentBody> }, SegmentView>('PATCH', '/segments/:id'),
  removeSegment: done<By>('DELETE', '/segments/:id'),
  countSegment: call<By, SegmentPeopleView>('GET', '/segments/:id/people'),
  listAudienceLists: list<{ query?: AudienceListQuery }, AudienceListView>('/audience-lists'),
  uploadList: call<{ query: UploadListQuery; file: FileBytes }, AudienceListView>('POST', '/audience-lists'),
  getSampleList: raw<{ query: SampleListQuery }>('/audience-lists/sample'),
  getAudienceList: call<By, AudienceListView>('GET', '/audience-lists/:id'),
  listFaults: list<By & { query?: PageQuery }, ListFaultView>('/audience-lists/:id/faults'),
  exportFaults: raw<By & { query?: FaultExportQuery }>('/audience-lists/:id/faults/export'),
  removeList: done<By>('DELETE', '/audience-lists/:id'),

  listCampaigns: list<{ query?: CampaignListQuery }, CampaignView>('/campaigns'),
  draftCampaign: call<{ body: CampaignBody }, CampaignView>('POST', '/campaigns'),
  getCampaign: call<By, CampaignView>('GET', '/campaigns/:id'),
  changeCampaign: call<By & { body: ChangeCampaignBody }, CampaignView>('PATCH', '/campaigns/:id'),
  rehearseCampaign: call<By, CampaignView>('POST', '/campaigns/:id/rehearsal'),
  submitCampaign: call<By, CampaignView>('POST', '/campaigns/:id/submission'),
  releaseCampaign: call<By, CampaignView>('POST', '/campaigns/:id/release'),
  pauseCampaign: call<By, CampaignView>('POST', '/campaigns/:id/pause'),
  resumeCampaign: call<By, CampaignView>('POST', '/campaigns/:id/resume'),
  stopCampaign: call<By, CampaignView>('POST', '/campaigns/:id/stop'),
  getProgress: call<By, CampaignProgressView>('GET', '/campaigns/:id/progress'),
  /** Server-sent events, until the campaign has ended or the body is cancelled. */
  watchProgress: raw<By>('/campaigns/:id/events'),
  listDeliveries: list<By & { query?: DeliveryListQuery }, DeliveryView>('/campaigns/:id/deliveries'),
  exportDeliveries: raw<By & { query?: ExportQuery }>('/campaigns/:id/export'),

  quoteRefund: call<By<'number'>, RefundQuoteView>('GET', '/orders/:number/refund-quote'),
  proposeRefund: call<By<'number'> & { body: ProposeRefundBody }, RefundProposalView>(
    'POST',
    '/orders/:number/refund-proposals',
  ),
  listRefundProposals: list<{ query?: ProposalListQuery }, RefundProposalView>('/refund-proposals'),
  getRefundProposal: call<By, RefundProposalView>('GET', '/refund-proposals/:id'),
  approveRefund: call<By, RefundProposalView>('POST', '/refund-proposals/:id/approval'),
  rejectRefund: call<By & { body: RejectRefundBody }, RefundProposalView>('POST', '/refund-proposals/:id/rejection'),
  withdrawRefund: call<By, RefundProposalView>('POST', '/refund-proposals/:id/withdrawal'),
  proposeRerouting: call<By<'number'> & { body: ProposeReroutingBody }, RefundReroutingView>(
    'POST',
    '/refunds/:number/reroutings',
  ),
  listReroutings: list<{ query?: ReroutingListQuery }, RefundReroutingView>('/refund-reroutings'),
  getRerouting: call<By, RefundReroutingView>('GET', '/refund-reroutings/:id'),
  approveRerouting: call<By, RefundReroutingView>('POST', '/refund-reroutings/:id/approval'),
  rejectRerouting: call<By & { body: RejectRefundBody }, RefundReroutingView>(
    'POST',
    '/refund-reroutings/:id/rejection',
  ),
  withdrawRerouting: call<By, RefundReroutingView>('POST', '/refund-reroutings/:id/withdrawal'),

  listDisputed: list<{ query?: DisputedListQuery }, DisputedMoneyView>('/disputed-money'),
  decideDisputed: call<By & { body: DisputedDecisionBody }, DisputedMoneyView>('POST', '/disputed-money/:id/decision'),

  listInvoices: list<{ query?: InvoiceListQuery }, StaffInvoiceView>('/invoices'),
  exportInvoices: raw<{ query?: InvoiceExportQuery }>('/invoices/export'),
  listInvoicing: list<{ query?: InvoicingQuery }, CustomerInvoicingView>('/invoices/reconciliation'),
  sumInvoicing: call<Nothing, InvoicingTotalsView>('GET', '/invoices/reconciliation/totals'),
  exportInvoicing: raw<{ query?: InvoicingExportQuery }>('/invoices/reconciliation/export'),
  listOrderReceipts: list<{ query: OrderReceiptsQuery }, OrderReceiptsView>('/invoices/reconciliation/orders'),
  getInvoice: call<By, StaffInvoiceView>('GET', '/invoices/:id'),
  unmaskInvoiceTitle: call<By, TitleOnInvoice>('POST', '/invoices/:id/title'),
  putInvoiceFile: call<By & { file: FileBytes }, StaffInvoiceView>('PUT', '/invoices/:id/file'),
  getInvoiceFile: raw<By>('/invoices/:id/file'),
  issueInvoice: call<By & { body: IssueInvoiceBody }, StaffInvoiceView>('POST', '/invoices/:id/issue'),
  issueInvoiceAtWechat: call<By, StaffInvoiceView>('POST', '/invoices/:id/issue-at-wechat'),
  reverseInvoiceAtWechat: call<By, StaffInvoiceView>('POST', '/invoices/:id/reverse-at-wechat'),
  refuseInvoice: call<By & { body: RefuseInvoiceBody }, StaffInvoiceView>('POST', '/invoices/:id/refusal'),
  writeRedLetter: call<By & { body: WriteRedLetterBody }, StaffInvoiceView>('POST', '/invoices/:id/red-letters'),
  putRedLetterFile: call<By<'id' | 'redLetterId'> & { file: FileBytes }, StaffInvoiceView>(
    'PUT',
    '/invoices/:id/red-letters/:redLetterId/file',
  ),
  getRedLetterFile: raw<By<'id' | 'redLetterId'>>('/invoices/:id/red-letters/:redLetterId/file'),

  getTrialBalance: call<{ query?: { day?: string | undefined } }, TrialBalanceView>('GET', '/books/trial-balance'),
  readStatement: list<{ query: StatementQuery }, StatementLineView>('/books/statement'),
  exportStatement: raw<{ query: StatementFileQuery }>('/books/statement/file'),
  listPostings: call<By<'number'>, PostingView[]>('GET', '/orders/:number/postings'),

  showGovernmentFees: call<By<'number'>, GovernmentFeesView>('GET', '/orders/:number/government-payments'),
  recordGovernmentPayment: call<By<'number'> & { body: GovernmentPaymentBody }, GovernmentPaymentView>(
    'POST',
    '/orders/:number/government-payments',
  ),
  withdrawGovernmentPayment: call<By<'number' | 'id'> & { body: GovernmentWithdrawalBody }, GovernmentPaymentView>(
    'POST',
    '/orders/:number/government-payments/:id/withdrawal',
  ),
  getGovernmentReceipt: raw<By<'number' | 'id'>>('/orders/:number/government-payments/:id/attachment'),

  listBills: list<{ query?: BillListQuery }, BillView>('/bills'),
  uploadBill: call<{ query: UploadBillQuery; file: FileBytes }, BillView>('POST', '/bills'),
  getBill: call<By, BillView>('GET', '/bills/:id'),
  getBillFile: raw<By>('/bills/:id/file'),
  listDays: list<{ query?: DayListQuery }, ReconciliationDayView>('/reconciliation/days'),
  getDay: call<By<'day'>, ReconciliationDayView>('GET', '/reconciliation/days/:day'),
  listRuns: call<By<'day'>, RunView[]>('GET', '/reconciliation/days/:day/runs'),
  fetchBills: call<By<'day'>, ReconciliationDayView>('POST', '/reconciliation/days/:day/fetch'),
  compareDay: call<By<'day'>, ReconciliationDayView>('POST', '/reconciliation/days/:day/runs'),
  listDifferences: list<{ query?: DifferenceListQuery }, DifferenceView>('/reconciliation/differences'),
  exportDifferences: raw<{ query: DifferenceExportQuery }>('/reconciliation/differences/export'),
  getDifference: call<By, DifferenceView>('GET', '/reconciliation/differences/:id'),
  proposeResolution: call<By & { body: ProposeResolutionBody }, DifferenceView>(
    'POST',
    '/reconciliation/differences/:id/proposal',
  ),
  withdrawResolution: call<By, DifferenceView>('POST', '/reconciliation/differences/:id/withdrawal'),
  decideResolution: call<By & { body: DecideResolutionBody }, DifferenceView>(
    'POST',
    '/reconciliation/differences/:id/decision',
  ),
  keepAttachment: call<{ query: { name: string }; file: FileBytes }, AttachmentView>(
    'POST',
    '/reconciliation/attachments',
  ),
  getAttachment: raw<By>('/reconciliation/differences/:id/attachment'),
  showPeriods: call<{ query?: { month?: string | undefined } }, PeriodView>('GET', '/periods'),
  closePeriod: call<{ body: ClosePeriodBody }, PeriodView>('POST', '/periods'),
  askToReopen: call<{ body: ReopenBody }, PeriodView>('POST', '/periods/reopening'),
  decideReopening: call<{ body: ReopenDecisionBody }, PeriodView>('POST', '/periods/reopening/decision'),

  getReport: call<By<'name'> & { query: ReportQuery }, ReportView>('GET', '/reports/:name'),
  exportReport: raw<By<'name'> & { query: ReportFileQuery }>('/reports/:name/file'),
  listReportLines: list<By<'name'> & { query: ReportLinesQuery }, ReportLineView>('/reports/:name/lines'),
  exportReportLines: raw<By<'name'> & { query: ReportLinesFileQuery }>('/reports/:name/lines/file'),

  listComplaints: list<{ query?: ComplaintListQuery }, ComplaintRowView>('/complaints'),
  exportComplaints: raw<{ query?: ComplaintExportQuery }>('/complaints/export'),
  getComplaint: call<By, ComplaintView>('GET', '/complaints/:id'),
  lookAtComplaint: call<By, ComplaintView>('POST', '/complaints/:id/look'),
  unmaskComplainant: call<By & { body: UnmaskBody }, UnmaskedPhoneView>('POST', '/complaints/:id/phone'),
  getComplaintImage: raw<By<'id' | 'name'>>('/complaints/:id/images/:name'),
  uploadComplaintImage: call<By & { file: FileBytes }, ComplaintImageView>('POST', '/complaints/:id/images'),
  answerComplaint: call<By & { body: AnswerComplaintBody }, ComplaintDeedView>('POST', '/complaints/:id/answers'),
  proposeComplaintRefund: call<By & { body: ProposeRefundBody }, RefundProposalView>(
    'POST',
    '/complaints/:id/refund-proposals',
  ),
  decideComplaintRefund: call<By & { body: DecideComplaintRefundBody }, ComplaintDeedView>(
    'POST',
    '/complaints/:id/refund-decision',
  ),
  completeComplaint: call<By, ComplaintDeedView>('POST', '/complaints/:id/completion'),

  listShipments: list<{ query?: ShipmentListQuery }, ShipmentView>('/shipments'),
  exportShipments: raw<{ query?: ShipmentExportQuery }>('/shipments/export'),
  getShipment: call<By, ShipmentView>('GET', '/shipments/:id'),
  uploadShipment: call<By, ShipmentView>('POST', '/shipments/:id/upload'),
  correctShipment: call<By & { body: CorrectShipmentBody }, ShipmentView>('POST', '/shipments/:id/correction'),
  getShippingAccount: call<Nothing, ShippingAccountView>('GET', '/shipping-account'),

  listTasks: list<{ query?: TaskListQuery }, TaskView>('/tasks'),
  planTask: call<{ body: NewTaskBody }, TaskView>('POST', '/tasks'),
  countWorkload: call<Nothing, WorkloadView[]>('GET', '/tasks/workload'),
  exportTasks: raw<{ query?: TaskExportQuery }>('/tasks/export'),
  getTask: call<By, TaskView>('GET', '/tasks/:id'),
  changeTask: call<By & { body: ChangeTaskBody }, TaskView>('PATCH', '/tasks/:id'),
  finishTask: call<By & { body: TaskOutcomeBody }, TaskView>('POST', '/tasks/:id/outcome'),
  cancelTask: call<By & { body: CancelTaskBody }, TaskView>('POST', '/tasks/:id/cancel'),
  reopenTask: call<By, TaskView>('POST', '/tasks/:id/reopen'),
};

interface Binding {
  params: { message: string; app: MessageApp };
}

// ---- the client ------------------------------------------------------------

export interface StaffClientOptions {
  /** Where the server is, for example `https://desk.example.com`. */
  origin: string;
  /** Of a session, or an API key; only signing in and enrolling go without. */
  token?: string | undefined;
  /** Instead of the global one: for a proxy, a time limit, a log. */
  fetch?: typeof globalThis.fetch | undefined;
}

export type StaffClient = {
  [Name in keyof typeof staffCalls]: ReturnType<(typeof staffCalls)[Name]['over']>;
};

/** One function for every call, which throws {@link Refused} when the server refuses. */
export function createStaffClient({ origin, token, fetch = globalThis.fetch }: StaffClientOptions): StaffClient {
  const send: Send = async (method, path, { params, query, body, file } = {}) => {
    const address = new URL(`/staff${filled(path, params)}`, origin);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) address.searchParams.append(name, String(value));
    }
    const answer = await fetch(address, {
      method,
      // Followed, it would turn a POST into a GET, and might carry the token over plain HTTP.
      redirect: 'manual',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(file ? { 'content-type': 'application/octet-stream' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(file ? { body: file } : {}),
    });
    if (!answer.ok) throw new Refused(answer, await jsonOf(answer));
    return answer;
  };
  return Object.fromEntries(
    Object.entries(staffCalls).map(([name, { over }]) => [name, over(send)]),
  ) as unknown as StaffClient;
}

/** Every row of a list, read page by page. */
export async function* eachRow<Given extends [asked?: { query?: PageQuery | undefined }], Row>(
  list: (...asked: Given) => Promise<Page<Row>>,
  ...[asked]: NoInfer<Given>
): AsyncGenerator<Row, void, undefined> {
  let after = asked?.query?.after;
  do {
    const page: Page<Row> = await list(...([{ ...asked, query: { ...asked?.query, after } }] as unknown[] as Given));
    yield* page.data;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** Empty or only dots, a parameter would name another address than the one that is meant. */
function filled(path: string, params: object = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = String((params as Record<string, string | undefined>)[name] ?? '');
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`“${value}” cannot be the ${name} of ${path}`);
    return encodeURIComponent(value);
  });
}
