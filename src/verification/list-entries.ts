import { In, LessThan } from 'typeorm';
import { Account, VerificationEntry } from '../../entities/account.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { VerificationEntryView } from '../contracts/accounts.ts';
import type { Work } from '../platform/work.ts';
import { accountNotFound, entryNotFound, proofMissing } from './errors.ts';
import { foldOf } from './observe.ts';
import { presentEntry } from './presenter.ts';

/** The history of an account, latest first, one row more than the page holds. @throws {AppError} account.not_found */
export async function listEntries(
  work: Work,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<VerificationEntryView[]> {
  const account = await work.db.findOneBy(Account, { id: accountId });
  if (!account) throw accountNotFound();
  const entries = await work.db.find(VerificationEntry, {
    where: { accountId, ...(after ? { id: LessThan(after) } : {}) },
    order: { id: 'DESC' },
    take: limit + 1,
  });
  return presentEntries(work, account, entries);
}

/** @throws {AppError} account.entry_not_found */
export async function getEntry(work: Work, id: string): Promise<VerificationEntryView> {
  const entry = await work.db.findOneBy(VerificationEntry, { id });
  if (!entry) throw entryNotFound();
  const account = await work.db.findOneByOrFail(Account, { id: entry.accountId });
  return (await presentEntries(work, account, [entry]))[0]!;
}

/** @throws {AppError} account.entry_not_found, account.proof_missing */
export async function getProof({ db }: Work, entryId: string): Promise<KeptFile> {
  const entry = await db.findOneBy(VerificationEntry, { id: entryId });
  if (!entry) throw entryNotFound();
  const proof = entry.proofId && (await db.findOneBy(KeptFile, { id: entry.proofId }));
  if (!proof) throw proofMissing();
  return proof;
}

async function presentEntries(
  work: Work,
  account: Account,
  entries: readonly VerificationEntry[],
): Promise<VerificationEntryView[]> {
  const { setAside } = await foldOf(work, account);
  const proofs = await work.db.findBy(KeptFile, { id: In(entries.flatMap(({ proofId }) => proofId ?? [])) });
  const staffIds = entries.flatMap(({ enteredBy, decidedBy }) => [enteredBy ?? [], decidedBy ?? []].flat());
  const members = await work.db.findBy(StaffMember, { id: In(staffIds) });
  const names = new Map(members.map(({ id, name }) => [id, name]));
  return entries.map((entry) =>
    presentEntry(entry, {
      setAside: setAside.get(entry.id) ?? null,
      proof: proofs.find(({ id }) => id === entry.proofId) ?? null,
      names,
    }),
  );
}
