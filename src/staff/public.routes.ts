import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { beginEnrolment, finishEnrolment } from './enrolment.ts';
import { presentMember, presentStaffSession } from './presenter.ts';
import {
  enrolmentBody,
  enrolmentView,
  finishEnrolmentBody,
  memberView,
  signInBody,
  staffSessionView,
} from './schema.ts';
import { signInStaff } from './sign-in.ts';
import { findTeams } from './teams.ts';

/** What may be asked before a member of staff is signed in. */
export const publicStaffRoutes = newRoutes();

publicStaffRoutes.post(
  '/sessions',
  accept(
    {
      summary: 'Sign in with password and the code of the authenticator app',
      body: signInBody,
      answers: { status: 201, data: staffSessionView },
      refuses: ['staff.sign_in_refused'],
    },
    async (ctx, { body }) => {
      const { desk } = ctx.state;
      const opened = await signInStaff(desk, body);
      const teams = await findTeams(desk, [opened.member.teamId]);
      ctx.status = 201;
      ctx.body = { data: presentStaffSession(opened, presentMember(opened.member, teams, desk.now())) };
    },
  ),
);

publicStaffRoutes.post(
  '/enrolments',
  accept(
    {
      summary: 'The invited person begins: gets a secret for the authenticator app',
      body: enrolmentBody,
      answers: { status: 201, data: enrolmentView },
      refuses: ['staff.invitation_refused'],
    },
    async (ctx, { body }) => {
      const { desk } = ctx.state;
      const issuer = desk.config.OFFICIAL_ACCOUNT_NAME;
      ctx.status = 201;
      ctx.body = { data: await desk.transaction((work) => beginEnrolment(work, body.invitation, issuer)) };
    },
  ),
);

publicStaffRoutes.put(
  '/enrolments',
  accept(
    {
      summary: 'The invited person chooses a password and shows that the authenticator app works',
      body: finishEnrolmentBody,
      answers: { status: 200, data: memberView },
      refuses: ['staff.invitation_refused', 'staff.code_refused'],
    },
    async (ctx, { body }) => {
      const { desk } = ctx.state;
      const member = await desk.transaction((work) => finishEnrolment(work, body));
      ctx.body = { data: presentMember(member, await findTeams(desk, [member.teamId]), desk.now()) };
    },
  ),
);
