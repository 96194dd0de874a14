import type { ApiKey } from '../../entities/api-key.ts';
import type { StaffMember } from '../../entities/staff-member.ts';
import type { Team } from '../../entities/team.ts';
import {
  type ApiKeyState,
  type ApiKeyView,
  auditDeeds,
  type AuditEntryView,
  permittedRoles,
  type StaffMemberView,
  type StaffPermission,
  type StaffSessionView,
  type TeamView,
} from '../contracts/staff.ts';
import type { ToldEntry } from './list-audit.ts';
import type { OpenedStaffSession } from './open-staff-session.ts';
import { isLocked } from './sign-in.ts';

export const presentTeam = ({ id, name }: Team): TeamView => ({ id, name });

export function presentMember(member: StaffMember, teams: readonly Team[], at: Date): StaffMemberView {
  const { username, name, roles, state, lockedUntil, signedInAt, createdAt } = member;
  const team = teams.find(({ id }) => id === member.teamId);
  return {
    username,
    name,
    roles,
    team: team ? presentTeam(team) : null,
    state,
    permissions: (Object.keys(permittedRoles) as StaffPermission[]).filter((permission) =>
      permittedRoles[permission].some((role) => roles.includes(role)),
    ),
    lockedUntil: isLocked(member, at) ? lockedUntil!.toISOString() : null,
    signedInAt: signedInAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

export const presentStaffSession = (
  { token, session }: OpenedStaffSession,
  member: StaffMemberView,
): StaffSessionView => ({
  token,
  expiresAt: session.expiresAt.toISOString(),
  endsAt: session.endsAt.toISOString(),
  member,
});

const stateOf = ({ revokedAt, expiresAt }: ApiKey, at: Date): ApiKeyState => {
  if (revokedAt) return 'revoked';
  return expiresAt <= at ? 'expired' : 'usable';
};

export const presentApiKey = (apiKey: ApiKey, owner: string, at: Date): ApiKeyView => ({
  id: apiKey.id,
  name: apiKey.name,
  prefix: apiKey.prefix,
  owner,
  permissions: apiKey.permissions,
  state: stateOf(apiKey, at),
  createdAt: apiKey.createdAt.toISOString(),
  expiresAt: apiKey.expiresAt.toISOString(),
  lastUsedAt: apiKey.lastUsedAt?.toISOString() ?? null,
});

const facts = (json: string | null) => (json === null ? null : (JSON.parse(json) as Record<string, unknown>));

export const presentAuditEntry = ({ entry, actorName, apiKeyName }: ToldEntry): AuditEntryView => ({
  number: entry.number,
  at: entry.at.toISOString(),
  deed: entry.deed,
  deedWords: auditDeeds[entry.deed],
  actor: { kind: entry.actorKind, name: actorName },
  apiKey: apiKeyName,
  subject: { kind: entry.subjectKind, id: entry.subjectId },
  before: facts(entry.before),
  after: facts(entry.after),
  requestId: entry.requestId,
});
