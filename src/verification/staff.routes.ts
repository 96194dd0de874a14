import { z } from 'zod';
import { Account } from '../../entities/account.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendFile } from '../platform/http/send-file.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import { askAbout } from './ask.ts';
import { setContacts } from './contacts.ts';
import { decideEntry, enterState, keepProof, MOST_PROOF_BYTES } from './enter-state.ts';
import { exportAccounts } from './export.ts';
import { getAccount, listAccounts, summarise } from './list-accounts.ts';
import { getEntry, getProof, listEntries } from './list-entries.ts';
import { changeAccount, memberIdOf, registerAccount } from './register-account.ts';
import {
  accountContactsBody,
  accountExportQuery,
  accountListQuery,
  authorisationLinkView,
  byId,
  changeAccountBody,
  entryDecisionBody,
  entryListQuery,
  entryView,
  newAccountBody,
  newEntryBody,
  proofQuery,
  proofView,
  staffAccountView,
  summaryView,
} from './schema.ts';
import { startAuthorisation } from './start-authorisation.ts';

/** The board of all accounts, what is known of each, and what staff enter with a proof. */
export const accountRoutes = newRoutes();

accountRoutes.get(
  '/accounts',
  accept(
    {
      summary:
        'Accounts, newest or first to end first; by state, kind, owner, consultant, days left; by a part of the name or subject',
      needs: 'read-accounts',
      query: accountListQuery,
      answers: { status: 200, data: staffAccountView, isPage: true },
      refuses: ['staff.member_not_found'],
    },
    async (ctx, { query }) => {
      const { desk, staff } = ctx.state;
      ctx.body = page(await listAccounts(desk, staff, query), query.limit, ({ view }) => view);
    },
  ),
);

accountRoutes.post(
  '/accounts',
  accept(
    {
      summary: 'Put a customer’s account on the list',
      needs: 'work-accounts',
      body: newAccountBody,
      answers: { status: 201, data: staffAccountView },
      refuses: ['customer.not_found', 'staff.member_not_found', 'account.appid_taken'],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      const { id } = await desk.transaction((work) => registerAccount(work, staff, body));
      ctx.status = 201;
      ctx.body = { data: await getAccount(desk, id) };
    },
  ),
);

accountRoutes.get(
  '/accounts/summary',
  accept(
    {
      summary: 'How many accounts there are in each state',
      needs: 'read-accounts',
      answers: { status: 200, data: z.array(summaryView) },
    },
    async (ctx) => {
      ctx.body = { data: await summarise(ctx.state.desk) };
    },
  ),
);

accountRoutes.get(
  '/accounts/export',
  accept(
    {
      summary: 'The board as a table',
      needs: 'read-accounts',
      query: accountExportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['staff.member_not_found'],
    },
    async (ctx, { query: { format, ...query } }) => {
      const { desk, staff } = ctx.state;
      // Once a table is begun, nothing can be refused any more.
      if (query.consultant && !['me', 'none'].includes(query.consultant)) await memberIdOf(desk, query.consultant);
      sendSheet(ctx, format, exportAccounts(desk, staff, query));
    },
  ),
);

accountRoutes.get(
  '/accounts/:id',
  accept(
    {
      summary: 'One account: every part with its source, and where sources contradict each other',
      needs: 'read-accounts',
      params: byId,
      answers: { status: 200, data: staffAccountView },
      refuses: ['account.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await getAccount(ctx.state.desk, params.id) };
    },
  ),
);

accountRoutes.patch(
  '/accounts/:id',
  accept(
    {
      summary: 'Rename an account, give it its appid once it is opened, hand it to a consultant',
      needs: 'work-accounts',
      params: byId,
      body: changeAccountBody,
      answers: { status: 200, data: staffAccountView },
      refuses: ['account.not_found', 'account.appid_fixed', 'account.appid_taken', 'staff.member_not_found'],
    },
    async (ctx, { params, body }) => {
      const { desk } = ctx.state;
      await desk.transaction((work) => changeAccount(work, ctx.state.staff, params.id, body));
      ctx.body = { data: await getAccount(desk, params.id) };
    },
  ),
);

accountRoutes.put(
  '/accounts/:id/contacts',
  accept(
    {
      summary: 'Who is told of an account besides the customer whose it is',
      needs: 'work-accounts',
      params: byId,
      body: accountContactsBody,
      answers: { status: 200, data: staffAccountView },
      refuses: ['account.not_found', 'customer.not_found'],
    },
    async (ctx, { params, body }) => {
      const { desk } = ctx.state;
      await desk.transaction((work) => setContacts(work, params.id, body.customerIds));
      ctx.body = { data: await getAccount(desk, params.id) };
    },
  ),
);

accountRoutes.post(
  '/accounts/:id/look',
  accept(
    {
      summary: 'Ask WeChat now',
      needs: 'work-accounts',
      params: byId,
      answers: { status: 200, data: staffAccountView },
      refuses: ['account.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      if (await desk.db.existsBy(Account, { id: params.id })) await askAbout(desk, { accountId: params.id });
      ctx.body = { data: await getAccount(desk, params.id) };
    },
  ),
);

accountRoutes.get(
  '/accounts/:id/entries',
  accept(
    {
      summary:
        'All that was said of an account, latest first: by whom, when, what it changed, what did not count and why',
      needs: 'read-accounts',
      params: byId,
      query: entryListQuery,
      answers: { status: 200, data: entryView, isPage: true },
      refuses: ['account.not_found'],
    },
    async (ctx, { params, query }) => {
      ctx.body = page(await listEntries(ctx.state.desk, params.id, query), query.limit, (view) => view);
    },
  ),
);

accountRoutes.post(
  '/accounts/:id/entries',
  accept(
    {
      summary: 'Enter what a screenshot or a letter says; it counts once a second person agrees',
      needs: 'work-accounts',
      params: byId,
      body: newEntryBody,
      answers: { status: 201, data: entryView },
      refuses: ['account.not_found', 'account.proof_missing', 'account.entry_not_found', 'account.entry_strange'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      const { id } = await desk.transaction((work) => enterState(work, staff, params.id, body));
      ctx.status = 201;
      ctx.body = { data: await getEntry(desk, id) };
    },
  ),
);

accountRoutes.post(
  '/customers/:id/authorisation-links',
  accept(
    {
      summary: 'A link for a customer, by which whoever manages an account lets us see how it stands',
      needs: 'work-accounts',
      params: byId,
      answers: { status: 201, data: authorisationLinkView },
      refuses: ['customer.not_found', 'account.authorisation_unavailable'],
    },
    async (ctx, { params }) => {
      const { desk, staff } = ctx.state;
      ctx.status = 201;
      ctx.body = { data: await startAuthorisation(desk, params.id, staff.id) };
    },
  ),
);

accountRoutes.post(
  '/verification-proofs',
  accept(
    {
      summary: 'Keep a screenshot or a letter: jpg, png, bmp or pdf, at most 10 MB',
      needs: 'work-accounts',
      query: proofQuery,
      takes: { contentTypes: ['application/octet-stream'], about: 'The file itself' },
      answers: { status: 201, data: proofView },
      refuses: ['account.proof_unfit'],
    },
    async (ctx, { query }) => {
      const bytes = await readRawBody(ctx, MOST_PROOF_BYTES);
      const kept = await ctx.state.desk.transaction((work) => keepProof(work, query.name, bytes));
      ctx.status = 201;
      ctx.body = { data: { id: kept.id, name: kept.name, bytes: kept.bytes } };
    },
  ),
);

accountRoutes.get(
  '/verification-entries/:id/proof',
  accept(
    {
      summary: 'The proof of what staff entered',
      needs: 'read-accounts',
      params: byId,
      answers: { status: 200, contentType: 'application/octet-stream' },
      refuses: ['account.entry_not_found', 'account.proof_missing'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const proof = await getProof(desk, params.id);
      sendFile(ctx, desk, proof, proof.name);
    },
  ),
);

accountRoutes.post(
  '/verification-entries/:id/decision',
  accept(
    {
      summary: 'A second person agrees to what was entered, or does not',
      needs: 'confirm-accounts',
      params: byId,
      body: entryDecisionBody,
      answers: { status: 200, data: entryView },
      refuses: ['account.entry_not_found', 'account.second_person', 'account.entry_decided', 'account.entry_strange'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => decideEntry(work, staff, params.id, body));
      ctx.body = { data: await getEntry(desk, params.id) };
    },
  ),
);
