import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { switchBadgeOff, switchBadgeOn } from './badge.ts';
import { listAccountsOf, showAccountOf } from './customer-accounts.ts';
import { presentBadgeLink } from './customer-presenter.ts';
import { badgeLinkView, changeView, customerAccountView } from './customer-schema.ts';
import { listChanges } from './list-changes.ts';
import { byId, entryListQuery } from './schema.ts';

/** Customers see how their accounts stand, and may show it. */
export const customerAccountRoutes = newRoutes();

customerAccountRoutes.get(
  '/accounts',
  accept(
    {
      summary: 'The customer’s accounts, newest first, as they stand now',
      query: entryListQuery,
      answers: { status: 200, data: customerAccountView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk, customer } = ctx.state;
      ctx.body = page(await listAccountsOf(desk, customer.customerId, query), query.limit, (view) => view);
    },
  ),
);

customerAccountRoutes.get(
  '/accounts/:id',
  accept(
    {
      summary: 'One account: its state, what that gives and takes away, and what to do next',
      params: byId,
      answers: { status: 200, data: customerAccountView },
      refuses: ['account.not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      ctx.body = { data: await showAccountOf(desk, customer.customerId, params.id) };
    },
  ),
);

customerAccountRoutes.get(
  '/accounts/:id/history',
  accept(
    {
      summary: 'What has changed of an account, latest first: when, by which source, and why WeChat refused',
      params: byId,
      query: entryListQuery,
      answers: { status: 200, data: changeView, isPage: true },
      refuses: ['account.not_found'],
    },
    async (ctx, { params, query }) => {
      const { desk, customer } = ctx.state;
      const whose = { customerId: customer.customerId, accountId: params.id };
      ctx.body = page(await listChanges(desk, whose, query), query.limit, (view) => view);
    },
  ),
);

customerAccountRoutes.put(
  '/accounts/:id/badge',
  accept(
    {
      summary: 'Switch the public page of the account on; it keeps its code until it is switched off',
      params: byId,
      answers: { status: 200, data: badgeLinkView },
      refuses: ['account.not_found', 'account.badge_unfit'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      const code = await desk.transaction((work) => switchBadgeOn(work, customer.customerId, params.id));
      ctx.body = { data: presentBadgeLink(desk, code) };
    },
  ),
);

customerAccountRoutes.delete(
  '/accounts/:id/badge',
  accept(
    {
      summary: 'Switch the public page off; its code never works again',
      params: byId,
      answers: { status: 204 },
      refuses: ['account.not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      await desk.transaction((work) => switchBadgeOff(work, customer.customerId, params.id));
      ctx.status = 204;
    },
  ),
);
