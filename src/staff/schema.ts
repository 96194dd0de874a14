import { z } from 'zod';
import type { PageQuery } from '../contracts/app.ts';
import {
  type ApiKeyView,
  apiKeyStates,
  auditDeeds,
  type AuditEntryView,
  type AuditQuery,
  type ChangePasswordBody,
  type ChangeStaffMemberBody,
  type CreatedApiKeyView,
  type EnrolmentBody,
  type EnrolmentView,
  type FinishEnrolmentBody,
  type InvitedStaffMemberView,
  type MemberListQuery,
  type NewApiKeyBody,
  type NewStaffMemberBody,
  sessionOnly,
  type StaffMemberView,
  type StaffPermission,
  staffPermissions,
  staffRoles,
  type StaffSessionView,
  type StaffSignInBody,
  staffStates,
  type TeamBody,
  type TeamView,
} from '../contracts/staff.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';

const LONGEST_KEY_DAYS = 366;

const instant = z.iso.datetime();

const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9._-]{2,31}$/, '用户名为 3 至 32 位小写字母、数字、点、横线或下划线，以字母开头');
// The length is bounded so that nobody hashes a novel; what a password must be is said where it is chosen.
const password = z.string().min(1, '请填写密码').max(128, '密码最多 128 个字符');
const code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, '动态验证码为 6 位数字');
const invitation = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '邀请码不正确');
const roles = z
  .array(oneOf(staffRoles))
  .min(1, '请至少选择一个角色')
  .max(Object.keys(staffRoles).length)
  .refine((list) => new Set(list).size === list.length, '角色重复');
const teamId = z.uuid('团队不正确').nullable().optional();

/** A name that nobody can have is refused like one that nobody has. */
export const signInBody = shapeOf<StaffSignInBody>()(
  z.strictObject({ username: z.string().trim().toLowerCase().min(1, '请填写用户名').max(64), password, code }),
);
export const enrolmentBody = shapeOf<EnrolmentBody>()(z.strictObject({ invitation }));
export const finishEnrolmentBody = shapeOf<FinishEnrolmentBody>()(z.strictObject({ invitation, password, code }));
export const changePasswordBody = shapeOf<ChangePasswordBody>()(
  z.strictObject({ password, code, newPassword: password }),
);
export const newMemberBody = shapeOf<NewStaffMemberBody>()(z.strictObject({ username, name: line(30), roles, teamId }));
export const changeMemberBody = shapeOf<ChangeStaffMemberBody>()(
  z.strictObject({
    name: line(30).optional(),
    roles: roles.optional(),
    teamId,
    state: z.enum(['active', 'disabled']).optional(),
  }),
);
export const teamBody = shapeOf<TeamBody>()(z.strictObject({ name: line(30) }));
export const newApiKeyBody = shapeOf<NewApiKeyBody>()(
  z.strictObject({
    name: line(30),
    permissions: z
      .array(oneOf<StaffPermission>(staffPermissions))
      .min(1, '请至少选择一项权限')
      .refine((list) => new Set(list).size === list.length, '权限重复')
      .refine((list) => !list.some((permission) => sessionOnly.includes(permission)), '接口密钥不能拥有此权限'),
    days: z.int().min(1).max(LONGEST_KEY_DAYS),
  }),
);

export const byUsername = z.object({ username });
export const byId = z.object({ id: z.uuid() });
const slice = z.object({ after: after.optional(), limit: limit.default(50) });
export const listQuery = queryOf<PageQuery>()(slice);
export const memberListQuery = queryOf<MemberListQuery>()(slice.extend({ state: oneOf(staffStates).optional() }));
/** `after` is the number of an entry, which is read as one. */
export const auditQuery = queryOf<Omit<AuditQuery, 'after'>>()(
  z.object({
    after: z.coerce.number().int().min(1).optional(),
    limit: limit.default(50),
    deed: oneOf(auditDeeds).optional(),
    actor: username.optional(),
    subjectKind: z.string().min(1).max(32).optional(),
    subjectId: z.string().min(1).max(64).optional(),
  }),
);

const role = oneOf(staffRoles);
const permission = oneOf<StaffPermission>(staffPermissions);
export const teamView = shapeOf<TeamView>()(z.object({ id: z.uuid(), name: z.string() }));
const member = z.object({
  username: z.string(),
  name: z.string(),
  roles: z.array(role),
  team: teamView.nullable(),
  state: oneOf(staffStates),
  permissions: z.array(permission),
  lockedUntil: instant.nullable(),
  signedInAt: instant.nullable(),
  createdAt: instant,
});
export const memberView = shapeOf<StaffMemberView>()(member);
export const invitedMemberView = shapeOf<InvitedStaffMemberView>()(
  member.extend({ invitation: z.string(), invitationEndsAt: instant }),
);
export const staffSessionView = shapeOf<StaffSessionView>()(
  z.object({ token: z.string(), expiresAt: instant, endsAt: instant, member }),
);
export const enrolmentView = shapeOf<EnrolmentView>()(
  z.object({ username: z.string(), name: z.string(), secret: z.string(), uri: z.string(), qrSvg: z.string() }),
);
const apiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  owner: z.string(),
  permissions: z.array(permission),
  state: oneOf(apiKeyStates),
  createdAt: instant,
  expiresAt: instant,
  lastUsedAt: instant.nullable(),
});
export const apiKeyView = shapeOf<ApiKeyView>()(apiKey);
export const createdApiKeyView = shapeOf<CreatedApiKeyView>()(apiKey.extend({ key: z.string() }));
const factsOfEntry = z.record(z.string(), z.unknown()).nullable();
export const auditEntryView = shapeOf<AuditEntryView>()(
  z.object({
    number: z.int(),
    at: instant,
    deed: oneOf(auditDeeds),
    deedWords: z.string(),
    actor: z.object({
      kind: z.enum(['staff', 'operator', 'nobody', 'system', 'customer', 'wechat']),
      name: z.string().nullable(),
    }),
    apiKey: z.string().nullable(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    before: factsOfEntry,
    after: factsOfEntry,
    requestId: z.string().nullable(),
  }),
);
