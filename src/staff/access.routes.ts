import { In } from 'typeorm';
import type { ApiKey } from '../../entities/api-key.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import type { Work } from '../platform/work.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { listAudit } from './list-audit.ts';
import { presentApiKey, presentAuditEntry, presentTeam } from './presenter.ts';
import {
  apiKeyView,
  auditEntryView,
  auditQuery,
  byId,
  createdApiKeyView,
  listQuery,
  newApiKeyBody,
  teamBody,
  teamView,
} from './schema.ts';
import { createTeam, listTeams, renameTeam } from './teams.ts';
import { z } from 'zod';

/** Teams, keys for machines, and the trail of what was done. */
export const staffAccessRoutes = newRoutes();

staffAccessRoutes.get(
  '/teams',
  accept(
    { summary: 'Every team, by name', needs: 'staff', answers: { status: 200, data: z.array(teamView) } },
    async (ctx) => {
      ctx.body = { data: (await listTeams(ctx.state.desk)).map(presentTeam) };
    },
  ),
);

staffAccessRoutes.post(
  '/teams',
  accept(
    {
      summary: 'Add a team',
      needs: 'manage-staff',
      body: teamBody,
      answers: { status: 201, data: teamView },
      refuses: ['staff.team_name_taken'],
    },
    async (ctx, { body }) => {
      const team = await ctx.state.desk.transaction((work) => createTeam(work, body.name), { retryDuplicates: true });
      ctx.status = 201;
      ctx.body = { data: presentTeam(team) };
    },
  ),
);

staffAccessRoutes.patch(
  '/teams/:id',
  accept(
    {
      summary: 'Rename a team',
      needs: 'manage-staff',
      params: byId,
      body: teamBody,
      answers: { status: 200, data: teamView },
      refuses: ['staff.team_not_found', 'staff.team_name_taken'],
    },
    async (ctx, { params, body }) => {
      const team = await ctx.state.desk.transaction((work) => renameTeam(work, params.id, body.name), {
        retryDuplicates: true,
      });
      ctx.body = { data: presentTeam(team) };
    },
  ),
);

async function ownersOf({ db }: Work, keys: readonly ApiKey[]): Promise<Map<string, string>> {
  const owners = await db.findBy(StaffMember, { id: In(keys.map(({ memberId }) => memberId)) });
  return new Map(owners.map(({ id, name }) => [id, name]));
}

staffAccessRoutes.get(
  '/api-keys',
  accept(
    {
      summary: 'The own API keys, or everybody’s for who manages staff; newest first',
      needs: 'person',
      query: listQuery,
      answers: { status: 200, data: apiKeyView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk, staff } = ctx.state;
      const keys = await listApiKeys(desk, staff, query);
      const owners = await ownersOf(desk, keys);
      ctx.body = page(keys, query.limit, (key) => presentApiKey(key, owners.get(key.memberId) ?? '', desk.now()));
    },
  ),
);

staffAccessRoutes.post(
  '/api-keys',
  accept(
    {
      summary: 'Make a key for a machine, limited to what it names; the key is shown once',
      needs: 'person',
      body: newApiKeyBody,
      answers: { status: 201, data: createdApiKeyView },
      refuses: ['staff.not_allowed'],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      const { apiKey, key } = await desk.transaction((work) => createApiKey(work, staff, body));
      const owners = await ownersOf(desk, [apiKey]);
      ctx.status = 201;
      ctx.body = { data: { ...presentApiKey(apiKey, owners.get(staff.id) ?? '', desk.now()), key } };
    },
  ),
);

staffAccessRoutes.delete(
  '/api-keys/:id',
  accept(
    {
      summary: 'Revoke a key',
      needs: 'person',
      params: byId,
      answers: { status: 204 },
      refuses: ['staff.key_not_found'],
    },
    async (ctx, { params }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => revokeApiKey(work, staff, params.id));
      ctx.status = 204;
    },
  ),
);

staffAccessRoutes.get(
  '/audit',
  accept(
    {
      summary: 'What was done, by whom; newest first',
      needs: 'read-audit',
      query: auditQuery,
      answers: { status: 200, data: auditEntryView, isPage: true },
    },
    async (ctx, { query }) => {
      const entries = await listAudit(ctx.state.desk, query);
      const rows = entries.map((told) => ({ id: String(told.entry.number), told }));
      ctx.body = page(rows, query.limit, ({ told }) => presentAuditEntry(told));
    },
  ),
);
