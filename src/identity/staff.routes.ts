import { z } from 'zod';
import {
  type CustomerListQuery,
  type CustomerTagsBody,
  type CustomerTeamBody,
  followStates,
  type StaffCustomerView,
  type UnmaskBody,
  type UnmaskedPhoneView,
} from '../contracts/customers.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';
import { presentForStaff } from './presenter.ts';
import { getCustomer, listCustomers, setTags, setTeam, unmaskPhone } from './staff-customers.ts';

const MOST_TAGS = 20;

const byId = z.object({ id: z.uuid() });
const listQuery = queryOf<CustomerListQuery>()(
  z.object({
    after: after.optional(),
    limit: limit.default(50),
    nickname: z.string().min(1).max(32).optional(),
    tag: line(16).optional(),
    team: z.union([z.uuid(), z.literal('none')]).optional(),
  }),
);
const unmaskBody = shapeOf<UnmaskBody>()(z.strictObject({ reason: line(100) }));
const tagsBody = shapeOf<CustomerTagsBody>()(
  z.strictObject({
    tags: z
      .array(line(16))
      .max(MOST_TAGS)
      .refine((tags) => new Set(tags).size === tags.length, '标签重复'),
  }),
);
const teamBody = shapeOf<CustomerTeamBody>()(z.strictObject({ teamId: z.uuid().nullable() }));
const customerView = shapeOf<StaffCustomerView>()(
  z.object({
    id: z.uuid(),
    nickname: z.string().nullable(),
    phoneMasked: z.string().nullable(),
    follow: oneOf(followStates),
    teamId: z.uuid().nullable(),
    tags: z.array(z.string()),
    createdAt: z.iso.datetime(),
  }),
);
const phoneView = shapeOf<UnmaskedPhoneView>()(z.object({ phone: z.string().nullable() }));

/** Customers, as staff see them: masked, unless somebody says why not. */
export const staffCustomerRoutes = newRoutes();

staffCustomerRoutes.get(
  '/customers',
  accept(
    {
      summary: 'Customers, newest first; by part of the nickname, tag or team',
      needs: 'read-customers',
      query: listQuery,
      answers: { status: 200, data: customerView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      const rows = (await listCustomers(desk, query)).map((known) => ({ id: known.customer.id, known }));
      ctx.body = page(rows, query.limit, ({ known }) => presentForStaff(desk, known));
    },
  ),
);

staffCustomerRoutes.get(
  '/customers/:id',
  accept(
    {
      summary: 'One customer',
      needs: 'read-customers',
      params: byId,
      answers: { status: 200, data: customerView },
      refuses: ['customer.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      ctx.body = { data: presentForStaff(desk, await getCustomer(desk, params.id)) };
    },
  ),
);

staffCustomerRoutes.post(
  '/customers/:id/phone',
  accept(
    {
      summary: 'The phone number in full; who asked, and why, is recorded',
      needs: 'unmask-customers',
      params: byId,
      body: unmaskBody,
      answers: { status: 200, data: phoneView },
      refuses: ['customer.not_found'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      ctx.body = {
        data: { phone: await desk.transaction((work) => unmaskPhone(work, staff, params.id, body.reason)) },
      };
    },
  ),
);

staffCustomerRoutes.put(
  '/customers/:id/tags',
  accept(
    {
      summary: 'Put these tags on a customer, and no others',
      needs: 'tag-customers',
      params: byId,
      body: tagsBody,
      answers: { status: 200, data: customerView },
      refuses: ['customer.not_found'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => setTags(work, staff, params.id, body.tags));
      ctx.body = { data: presentForStaff(desk, await getCustomer(desk, params.id)) };
    },
  ),
);

staffCustomerRoutes.put(
  '/customers/:id/team',
  accept(
    {
      summary: 'Say which team looks after a customer',
      needs: 'assign-customers',
      params: byId,
      body: teamBody,
      answers: { status: 200, data: customerView },
      refuses: ['customer.not_found', 'staff.team_not_found'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => setTeam(work, staff, params.id, body.teamId));
      ctx.body = { data: presentForStaff(desk, await getCustomer(desk, params.id)) };
    },
  ),
);
