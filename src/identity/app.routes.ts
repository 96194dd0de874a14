import { z } from 'zod';
import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { describeCustomer } from './describe-customer.ts';
import { listDevices } from './list-devices.ts';
import { learnPhoneNumber } from './phone-number.ts';
import { presentCustomer, presentDevice } from './presenter.ts';
import { revokeSession, signOut } from './revoke-session.ts';
import { bySession, customerView, deviceView, phoneBody } from './schema.ts';
import { clearSessionCookie, findSessionCookie } from './session-cookie.ts';

/** A customer's own affairs; behind the login. */
export const identityRoutes = newRoutes();

identityRoutes.get(
  '/me',
  accept({ summary: 'Who is signed in.', answers: { status: 200, data: customerView } }, async (ctx) => {
    const { desk, customer } = ctx.state;
    ctx.body = { data: presentCustomer(await describeCustomer(desk, customer.customerId), customer.appKind) };
  }),
);

identityRoutes.post(
  '/me/phone',
  accept(
    {
      summary: 'Give the phone number with the one-time code of the phone button; mini-program only.',
      body: phoneBody,
      answers: { status: 200, data: customerView },
      refuses: ['phone.mini_program_only', 'phone.code_refused', 'upstream.unavailable', 'upstream.refused'],
    },
    async (ctx, { body }) => {
      const { desk, customer } = ctx.state;
      await learnPhoneNumber(desk, customer, body.code);
      ctx.body = { data: presentCustomer(await describeCustomer(desk, customer.customerId), customer.appKind) };
    },
  ),
);

identityRoutes.get(
  '/sessions',
  accept(
    {
      summary: 'Where the customer is signed in, last used first.',
      answers: { status: 200, data: z.array(deviceView) },
    },
    async (ctx) => {
      const { desk, customer } = ctx.state;
      const devices = await listDevices(desk, customer.customerId);
      ctx.body = { data: devices.map((device) => presentDevice(device, customer)) };
    },
  ),
);

identityRoutes.delete(
  '/sessions/current',
  accept({ summary: 'Sign this device out.', answers: { status: 204 } }, async (ctx) => {
    const { desk, customer } = ctx.state;
    await desk.transaction((work) => signOut(work, customer));
    if (findSessionCookie(ctx)) clearSessionCookie(ctx);
    ctx.status = 204;
  }),
);

identityRoutes.delete(
  '/sessions/:id',
  accept(
    {
      summary: 'Sign another device out.',
      params: bySession,
      answers: { status: 204 },
      refuses: ['session.not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      await desk.transaction((work) => revokeSession(work, customer, params.id));
      ctx.status = 204;
    },
  ),
);
