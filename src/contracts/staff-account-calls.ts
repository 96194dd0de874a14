import type {
  AccountContactsBody,
  AccountExportQuery,
  AccountListQuery,
  AccountSummaryView,
  AuthorisationLinkView,
  ChangeAccountBody,
  EntryDecisionBody,
  NewAccountBody,
  NewEntryBody,
  ProofView,
  StaffAccountView,
  VerificationEntryView,
} from './accounts.ts';
import type { PageQuery } from './app.ts';
import { type By, call, type FileBytes, list, type Nothing, raw } from './staff-call.ts';

/** Accounts and their verification, at the staff door. */
export const accountCalls = {
  listAccounts: list<{ query?: AccountListQuery }, StaffAccountView>('/accounts'),
  registerAccount: call<{ body: NewAccountBody }, StaffAccountView>('POST', '/accounts'),
  summariseAccounts: call<Nothing, AccountSummaryView[]>('GET', '/accounts/summary'),
  exportAccounts: raw<{ query?: AccountExportQuery }>('/accounts/export'),
  getAccount: call<By, StaffAccountView>('GET', '/accounts/:id'),
  changeAccount: call<By & { body: ChangeAccountBody }, StaffAccountView>('PATCH', '/accounts/:id'),
  setAccountContacts: call<By & { body: AccountContactsBody }, StaffAccountView>('PUT', '/accounts/:id/contacts'),
  makeAuthorisationLink: call<By, AuthorisationLinkView>('POST', '/customers/:id/authorisation-links'),
  askAboutAccount: call<By, StaffAccountView>('POST', '/accounts/:id/look'),
  listVerificationEntries: list<By & { query?: PageQuery }, VerificationEntryView>('/accounts/:id/entries'),
  enterVerification: call<By & { body: NewEntryBody }, VerificationEntryView>('POST', '/accounts/:id/entries'),
  keepVerificationProof: call<{ query: { name: string }; file: FileBytes }, ProofView>('POST', '/verification-proofs'),
  getVerificationProof: raw<By>('/verification-entries/:id/proof'),
  decideVerificationEntry: call<By & { body: EntryDecisionBody }, VerificationEntryView>(
    'POST',
    '/verification-entries/:id/decision',
  ),
};
