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
  CustomerListQuery,
  CustomerTagsBody,
  CustomerTeamBody,
  StaffCustomerView,
  UnmaskBody,
  UnmaskedPhoneView,
} from './customers.ts';
import type { BindingBody, CardView, MessageApp, MessageTemplateView, PreviewBody } from './messages.ts';
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
import type { ReachMilestoneBody, StaffOrderListQuery, StaffOrderRowView, StaffOrderView } from './staff-orders.ts';
import { accountCalls } from './staff-account-calls.ts';
import { financeCalls } from './staff-finance-calls.ts';

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

  listOrders: list<{ query?: StaffOrderListQuery }, StaffOrderRowView>('/orders'),
  getOrder: call<By<'number'>, StaffOrderView>('GET', '/orders/:number'),
  reachMilestone: call<By<'number'> & { body: ReachMilestoneBody }, StaffOrderView>(
    'POST',
    '/orders/:number/milestones',
  ),

  ...financeCalls,
  ...accountCalls,

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
