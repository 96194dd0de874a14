import type { PageQuery } from './app.ts';

/** Roles of staff, with their Chinese words. A person may have several. */
export const staffRoles = {
  administrator: '管理员',
  supervisor: '主管',
  consultant: '客服专员',
  reviewer: '审核',
  quality_inspector: '质检',
  content_editor: '内容编辑',
  finance: '财务',
  auditor: '审计',
} as const;
export type StaffRole = keyof typeof staffRoles;

/** What a role may do, and what an API key can be limited to. */
export const staffPermissions = {
  'manage-staff': '管理员工、团队与接口密钥',
  'read-audit': '查看操作记录',
  'read-customers': '查看客户（信息脱敏）',
  'unmask-customers': '查看客户完整手机号',
  'tag-customers': '给客户打标签',
  'assign-customers': '把客户分配给团队',
  'read-messages': '查看消息与模板',
  'send-messages': '给客户发送服务通知',
  'prepare-campaigns': '准备群发任务',
  'release-campaigns': '复核并发布群发任务',
  'manage-templates': '管理消息模板',
  'read-tasks': '查看任务',
  'work-tasks': '办理任务',
  'assign-tasks': '分派任务',
  'read-orders': '查看订单',
  'work-orders': '推进订单',
  'read-refunds': '查看退款',
  'propose-refunds': '提出退款',
  'approve-refunds': '复核退款',
  'decide-disputed': '处理待定款项',
  'read-books': '查看账簿、账单与对账',
  'keep-books': '上传账单、登记代缴、提出对账处理',
  'confirm-books': '复核对账处理、结账与反结账',
  'read-invoices': '查看发票与开票核对',
  'issue-invoices': '开具、退回与红冲发票',
  'read-shipments': '查看小程序发货信息',
  'work-shipments': '上传与更正小程序发货信息',
  'read-complaints': '查看消费者投诉',
  'handle-complaints': '处理消费者投诉',
  'read-accounts': '查看账号认证状态',
  'work-accounts': '登记账号与认证材料',
  'confirm-accounts': '复核人工录入的认证状态',
} as const;
export type StaffPermission = keyof typeof staffPermissions;

/** Who may do what; everything finer (teams, a second person) is a policy of the feature. */
export const permittedRoles: Record<StaffPermission, readonly StaffRole[]> = {
  'manage-staff': ['administrator'],
  'read-audit': ['administrator', 'auditor'],
  'read-customers': [
    'administrator',
    'supervisor',
    'consultant',
    'reviewer',
    'quality_inspector',
    'finance',
    'auditor',
  ],
  'unmask-customers': ['supervisor', 'consultant', 'reviewer'],
  'tag-customers': ['supervisor', 'consultant'],
  'assign-customers': ['administrator', 'supervisor'],
  'read-messages': [
    'administrator',
    'supervisor',
    'consultant',
    'reviewer',
    'quality_inspector',
    'content_editor',
    'auditor',
  ],
  'send-messages': ['supervisor', 'consultant', 'reviewer'],
  'prepare-campaigns': ['administrator', 'supervisor', 'consultant', 'content_editor'],
  'release-campaigns': ['administrator', 'supervisor'],
  'manage-templates': ['administrator', 'content_editor'],
  'read-tasks': [
    'administrator',
    'supervisor',
    'consultant',
    'reviewer',
    'quality_inspector',
    'content_editor',
    'finance',
    'auditor',
  ],
  'work-tasks': ['administrator', 'supervisor', 'consultant', 'reviewer', 'content_editor', 'finance'],
  'assign-tasks': ['administrator', 'supervisor'],
  'read-orders': ['administrator', 'supervisor', 'consultant', 'reviewer', 'quality_inspector', 'finance', 'auditor'],
  'work-orders': ['supervisor', 'consultant'],
  'read-refunds': ['administrator', 'supervisor', 'consultant', 'finance', 'auditor'],
  'propose-refunds': ['supervisor', 'consultant', 'finance'],
  'approve-refunds': ['supervisor', 'finance'],
  'decide-disputed': ['finance'],
  'read-books': ['administrator', 'finance', 'auditor'],
  'keep-books': ['finance'],
  'confirm-books': ['finance', 'supervisor'],
  'read-invoices': ['administrator', 'supervisor', 'consultant', 'finance', 'auditor'],
  'issue-invoices': ['finance'],
  'read-shipments': ['administrator', 'supervisor', 'consultant', 'finance', 'auditor'],
  'work-shipments': ['supervisor', 'consultant', 'finance'],
  'read-complaints': ['administrator', 'supervisor', 'consultant', 'quality_inspector', 'finance', 'auditor'],
  'handle-complaints': ['supervisor', 'consultant'],
  'read-accounts': [
    'administrator',
    'supervisor',
    'consultant',
    'reviewer',
    'quality_inspector',
    'content_editor',
    'finance',
    'auditor',
  ],
  'work-accounts': ['administrator', 'supervisor', 'consultant'],
  'confirm-accounts': ['supervisor', 'reviewer', 'consultant'],
};

/** What no machine may do, whoever made its key. */
export const sessionOnly: readonly StaffPermission[] = [
  'manage-staff',
  'unmask-customers',
  'approve-refunds',
  'decide-disputed',
  'confirm-books',
  'confirm-accounts',
];

/** invited: has not chosen a password yet, or must choose a new one. */
export const staffStates = { invited: '待激活', active: '在职', disabled: '已停用' } as const;
export type StaffState = keyof typeof staffStates;

export const apiKeyStates = { usable: '可用', expired: '已过期', revoked: '已吊销' } as const;
export type ApiKeyState = keyof typeof apiKeyStates;

/** Every deed that the audit trail knows. */
export const auditDeeds = {
  'staff-member-created': '新增员工',
  'staff-member-changed': '修改员工',
  'staff-member-reset': '重置员工登录方式',
  'staff-member-enrolled': '员工完成激活',
  'staff-member-locked': '登录失败过多，账号暂时锁定',
  'staff-signed-in': '员工登录',
  'staff-signed-out': '员工退出登录',
  'staff-password-changed': '员工修改密码',
  'team-created': '新增团队',
  'team-renamed': '修改团队名称',
  'api-key-created': '新增接口密钥',
  'api-key-revoked': '吊销接口密钥',
  'customer-unmasked': '查看客户完整信息',
  'customer-tagged': '修改客户标签',
  'customer-assigned': '分配客户',
  'message-sent': '发送服务通知',
  'segment-saved': '保存客户分组',
  'segment-removed': '删除客户分组',
  'list-uploaded': '上传名单',
  'list-removed': '删除名单',
  'campaign-drafted': '新建群发任务',
  'campaign-changed': '修改群发任务',
  'campaign-rehearsed': '预演群发任务',
  'campaign-submitted': '提交群发任务复核',
  'campaign-released': '发布群发任务',
  'campaign-paused': '暂停群发任务',
  'campaign-resumed': '继续群发任务',
  'campaign-stopped': '停止群发任务',
  'message-decided': '处理结果不明的消息',
  'task-created': '新建任务',
  'task-changed': '修改任务',
  'task-finished': '完成任务',
  'task-cancelled': '取消任务',
  'task-reopened': '恢复任务',
  'milestone-reached': '标记里程碑',
  'refund-proposed': '提出退款',
  'refund-approved': '同意退款',
  'refund-rejected': '不同意退款',
  'refund-withdrawn': '撤回退款申请',
  'refund-rerouting-proposed': '提出改退银行卡',
  'refund-rerouting-approved': '同意改退银行卡',
  'refund-rerouting-rejected': '不同意改退银行卡',
  'refund-rerouting-withdrawn': '撤回改退银行卡',
  'disputed-decided': '处理待定款项',
  'invoice-file-kept': '上传发票文件',
  'invoice-issued': '开具发票',
  'invoice-refused': '退回开票申请',
  'invoice-red-lettered': '红冲发票',
  'invoice-applied-at-wechat': '提交微信开票',
  'invoice-reversed-at-wechat': '提交微信冲红',
  'invoice-title-unmasked': '查看发票抬头完整信息',
  'bill-kept': '留存账单',
  'bills-asked-for': '立即获取账单',
  'day-compared': '重新对账',
  'difference-proposed': '提出差异处理',
  'difference-withdrawn': '撤回差异处理',
  'difference-confirmed': '同意差异处理',
  'difference-refused': '不同意差异处理',
  'attachment-kept': '上传附件',
  'account-registered': '登记账号',
  'account-changed': '修改账号',
  'account-contacts-set': '设置账号联系人',
  'authorisation-link-made': '生成账号授权链接',
  'verification-proof-kept': '上传认证证明',
  'verification-entered': '录入认证状态',
  'verification-confirmed': '同意录入的认证状态',
  'verification-refused': '不同意录入的认证状态',
  'government-payment-recorded': '登记代缴政府费用',
  'government-payment-withdrawn': '撤销代缴政府费用',
  'period-closed': '结账',
  'period-reopening-asked': '申请反结账',
  'period-reopened': '反结账',
  'period-reopening-refused': '拒绝反结账',
  'shipment-uploaded': '上传发货信息',
  'shipment-corrected': '更正发货信息',
  'complaint-answered': '回复消费者投诉',
  'complaint-completed': '反馈投诉处理完成',
  'complaint-refund-granted': '同意投诉退款申请',
  'complaint-refund-declined': '拒绝投诉退款申请',
  'complaint-refund-proposed': '为投诉提出退款',
  'complaint-image-uploaded': '上传投诉图片',
  'complaint-unmasked': '查看投诉人完整手机号',
  'template-bound': '绑定消息模板',
  'template-unbound': '解绑消息模板',
  'template-resumed': '恢复消息模板',
  'templates-compared': '核对全部消息模板',
} as const;
export type AuditDeed = keyof typeof auditDeeds;

// ---- sign in ---------------------------------------------------------------

/** POST /staff/sessions */
export interface StaffSignInBody {
  username: string;
  password: string;
  /** Six digits of the authenticator app. */
  code: string;
}

export interface StaffSessionView {
  /** Sent as `Authorization: Bearer …`; shown once. */
  token: string;
  /** ISO instant: without use until then it ends. */
  expiresAt: string;
  /** ISO instant: however much it is used, it ends then. */
  endsAt: string;
  member: StaffMemberView;
}

/** POST /staff/enrolments: the invited person begins. */
export interface EnrolmentBody {
  /** From the invitation. */
  invitation: string;
}

export interface EnrolmentView {
  username: string;
  name: string;
  /** Base32, for typing into the authenticator app. */
  secret: string;
  /** otpauth://… */
  uri: string;
  /** The same as a picture, for scanning. */
  qrSvg: string;
}

/** PUT /staff/enrolments: the invited person chooses a password and shows that the authenticator app works. */
export interface FinishEnrolmentBody {
  invitation: string;
  password: string;
  code: string;
}

/** POST /staff/me/password */
export interface ChangePasswordBody {
  password: string;
  /** Six digits of the authenticator app, not used before. */
  code: string;
  newPassword: string;
}

// ---- members, teams, keys --------------------------------------------------

export interface StaffMemberView {
  username: string;
  name: string;
  roles: StaffRole[];
  team: TeamView | null;
  state: StaffState;
  permissions: StaffPermission[];
  /** ISO instant while failed sign-ins lock the account. */
  lockedUntil: string | null;
  signedInAt: string | null;
  createdAt: string;
}

/** GET /staff/members */
export interface MemberListQuery extends PageQuery {
  state?: StaffState | undefined;
}

/** POST /staff/members */
export interface NewStaffMemberBody {
  username: string;
  name: string;
  roles: StaffRole[];
  teamId?: string | null | undefined;
}

/** PATCH /staff/members/:username; what is left out stays. */
export interface ChangeStaffMemberBody {
  name?: string | undefined;
  roles?: StaffRole[] | undefined;
  teamId?: string | null | undefined;
  /** Disabling ends all sessions and keys. */
  state?: 'active' | 'disabled' | undefined;
}

export interface InvitedStaffMemberView extends StaffMemberView {
  /** For the new member alone; shown once. */
  invitation: string;
  invitationEndsAt: string;
}

export interface TeamView {
  id: string;
  name: string;
}

/** POST /staff/teams, PATCH /staff/teams/:id */
export interface TeamBody {
  name: string;
}

/** POST /staff/api-keys */
export interface NewApiKeyBody {
  /** What it is for. */
  name: string;
  permissions: StaffPermission[];
  /** Days until it expires. */
  days: number;
}

export interface ApiKeyView {
  id: string;
  name: string;
  /** The first characters, to recognise it by. */
  prefix: string;
  owner: string;
  permissions: StaffPermission[];
  state: ApiKeyState;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

export interface CreatedApiKeyView extends ApiKeyView {
  /** Sent as `Authorization: Bearer …`; shown once. */
  key: string;
}

// ---- audit -----------------------------------------------------------------

/** GET /staff/audit */
export interface AuditQuery extends PageQuery {
  deed?: AuditDeed | undefined;
  /** User name of who did it. */
  actor?: string | undefined;
  /** For example `campaign`. */
  subjectKind?: string | undefined;
  subjectId?: string | undefined;
}

/** One row of GET /staff/audit */
export interface AuditEntryView {
  number: number;
  at: string;
  deed: AuditDeed;
  deedWords: string;
  /** staff: `name` says who · operator: somebody with a shell on the machine. */
  actor: { kind: 'staff' | 'operator' | 'nobody' | 'system' | 'customer' | 'wechat'; name: string | null };
  /** Name of the API key that was used, if it was one. */
  apiKey: string | null;
  subject: { kind: string; id: string };
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  requestId: string | null;
}
