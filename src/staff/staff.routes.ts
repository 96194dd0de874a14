import { LessThan } from 'typeorm';
import { StaffMember } from '../../entities/staff-member.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { memberNotFound } from './errors.ts';
import { changeMember, createMember, type Invited, resetMember } from './members.ts';
import { changePassword, signOutStaff } from './own-account.ts';
import { presentMember } from './presenter.ts';
import {
  byUsername,
  changeMemberBody,
  changePasswordBody,
  invitedMemberView,
  memberListQuery,
  memberView,
  newMemberBody,
} from './schema.ts';
import { findTeams } from './teams.ts';
import type { Work } from '../platform/work.ts';

/** Who works here, and everybody's own account. */
export const staffRoutes = newRoutes();

const present = async (work: Work, member: StaffMember) =>
  presentMember(member, await findTeams(work, [member.teamId]), work.now());

const presentInvited = async (work: Work, { member, invitation }: Invited) => ({
  ...(await present(work, member)),
  invitation,
  invitationEndsAt: member.invitationEndsAt!.toISOString(),
});

staffRoutes.get(
  '/me',
  accept(
    { summary: 'Who is signed in, and what they may do', needs: 'staff', answers: { status: 200, data: memberView } },
    async (ctx) => {
      const { desk, staff } = ctx.state;
      ctx.body = { data: await present(desk, await desk.db.findOneByOrFail(StaffMember, { id: staff.id })) };
    },
  ),
);

staffRoutes.delete(
  '/sessions/current',
  accept({ summary: 'Sign out', needs: 'person', answers: { status: 204 } }, async (ctx) => {
    await signOutStaff(ctx.state.desk, ctx.state.staff);
    ctx.status = 204;
  }),
);

staffRoutes.post(
  '/me/password',
  accept(
    {
      summary: 'Change the own password; every other session ends',
      needs: 'person',
      body: changePasswordBody,
      answers: { status: 204 },
      refuses: ['staff.sign_in_refused'],
    },
    async (ctx, { body }) => {
      await changePassword(ctx.state.desk, ctx.state.staff, body);
      ctx.status = 204;
    },
  ),
);

staffRoutes.get(
  '/members',
  accept(
    {
      summary: 'Everybody who works here, newest first',
      needs: 'manage-staff',
      query: memberListQuery,
      answers: { status: 200, data: memberView, isPage: true },
    },
    async (ctx, { query: { after, limit, state } }) => {
      const { desk } = ctx.state;
      const members = await desk.db.find(StaffMember, {
        where: { ...(after ? { id: LessThan(after) } : {}), ...(state ? { state } : {}) },
        order: { id: 'DESC' },
        take: limit + 1,
      });
      const teams = await findTeams(
        desk,
        members.map(({ teamId }) => teamId),
      );
      ctx.body = page(members, limit, (member) => presentMember(member, teams, desk.now()));
    },
  ),
);

staffRoutes.post(
  '/members',
  accept(
    {
      summary: 'Add a member; the invitation is shown once, for the member alone',
      needs: 'manage-staff',
      body: newMemberBody,
      answers: { status: 201, data: invitedMemberView },
      refuses: ['staff.username_taken', 'staff.team_not_found'],
    },
    async (ctx, { body }) => {
      const { desk } = ctx.state;
      const invited = await desk.transaction((work) => createMember(work, body), { retryDuplicates: true });
      ctx.status = 201;
      ctx.body = { data: await presentInvited(desk, invited) };
    },
  ),
);

staffRoutes.get(
  '/members/:username',
  accept(
    {
      summary: 'One member',
      needs: 'manage-staff',
      params: byUsername,
      answers: { status: 200, data: memberView },
      refuses: ['staff.member_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const member = await desk.db.findOneBy(StaffMember, params);
      if (!member) throw memberNotFound();
      ctx.body = { data: await present(desk, member) };
    },
  ),
);

staffRoutes.patch(
  '/members/:username',
  accept(
    {
      summary: 'Change name, roles, team or state; disabling ends all sessions and keys',
      needs: 'manage-staff',
      params: byUsername,
      body: changeMemberBody,
      answers: { status: 200, data: memberView },
      refuses: [
        'staff.member_not_found',
        'staff.team_not_found',
        'staff.own_account',
        'staff.last_administrator',
        'staff.illegal_move',
      ],
    },
    async (ctx, { params, body }) => {
      const { desk } = ctx.state;
      const member = await desk.transaction((work) => changeMember(work, params.username, body));
      ctx.body = { data: await present(desk, member) };
    },
  ),
);

staffRoutes.post(
  '/members/:username/reset',
  accept(
    {
      summary: 'A lost phone or a forgotten password: ends the old way in and makes a new invitation',
      needs: 'manage-staff',
      params: byUsername,
      answers: { status: 201, data: invitedMemberView },
      refuses: ['staff.member_not_found', 'staff.own_account'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const invited = await desk.transaction((work) => resetMember(work, params.username));
      ctx.status = 201;
      ctx.body = { data: await presentInvited(desk, invited) };
    },
  ),
);
