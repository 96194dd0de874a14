import { Readable } from 'node:stream';
import { Account, type Observation, VerificationEntry } from '../../entities/account.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import { type EntryDecisionBody, type NewEntryBody, setAsideReasons } from '../contracts/accounts.ts';
import type { StaffActor } from '../platform/actor.ts';
import { dayAfter, startOfDay } from '../platform/calendar.ts';
import { locked } from '../platform/database/index.ts';
import { imageKindOf, imageKinds } from '../platform/files/image-kind.ts';
import { keepFile } from '../platform/files/keep-file.ts';
import { isPdf, PDF } from '../platform/files/pdf.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';
import { mendTask, openTasks } from '../tasks/index.ts';
import {
  accountNotFound,
  entryNotFound,
  entryStrange,
  proofMissing,
  proofUnfit,
  secondPersonNeeded,
} from './errors.ts';
import { follow, foldOf, lockAccount, rawPlace } from './observe.ts';
import { standingOf } from './standing.ts';

export const MOST_PROOF_BYTES = 10 * 1024 * 1024;
const WITHIN_MS = 24 * 3600_000;

/** Keeps a screenshot or a letter. @throws {AppError} account.proof_unfit */
export async function keepProof(work: Transaction, name: string, bytes: Buffer): Promise<KeptFile> {
  const image = imageKindOf(bytes);
  if (!image && !isPdf(bytes)) throw proofUnfit();
  const contentType = image ? imageKinds[image] : PDF;
  const kept = await keepFile(work, { name, contentType }, Readable.from([bytes]));
  work.audit({
    deed: 'verification-proof-kept',
    subject: { kind: 'file', id: kept.id },
    after: { sha256: kept.sha256 },
  });
  return kept;
}

/**
 * Writes down what staff have seen, with its proof; it counts once a second person agrees. So does what takes back or corrects
 * an earlier entry of theirs.
 * @throws {AppError} account.not_found, account.proof_missing, account.entry_not_found, account.entry_strange
 */
export async function enterState(
  work: Transaction,
  who: StaffActor,
  accountId: string,
  body: NewEntryBody,
): Promise<VerificationEntry> {
  if (!(await work.db.existsBy(Account, { id: accountId }))) throw accountNotFound();
  if (!(await work.db.existsBy(KeptFile, { id: body.proofId }))) throw proofMissing();
  if (body.corrects && !(await canBeCorrected(work, accountId, body.corrects))) throw entryNotFound();
  const account = await lockAccount(work, accountId);
  const id = newId();
  const entry = Object.assign(new VerificationEntry(), {
    id,
    accountId,
    mark: `staff:${id}`,
    source: 'staff' as const,
    said: saidBy(body),
    state: 'waiting' as const,
    happenedAt: new Date(body.happenedAt),
    recordedAt: work.now(),
    rawSealed: work.vault.seal(JSON.stringify(body), rawPlace(id)),
    note: body.note,
    proofId: body.proofId,
    correctsId: body.corrects ?? null,
    enteredBy: who.id,
  });
  await refuseStrange(work, account, entry);
  await work.db.insert(VerificationEntry, entry as never);
  await openTasks(work, [
    {
      kind: 'attention',
      about: `verification-entry:${id}`,
      title: `复核认证状态：${account.name}`,
      note: `有人录入了认证状态并附有证明，请由另一人核对后采信。`,
      customerId: account.customerId,
      createdBy: who.id,
      dueAt: new Date(work.now().getTime() + WITHIN_MS),
    },
  ]);
  work.audit({
    deed: 'verification-entered',
    subject: { kind: 'account', id: accountId },
    after: { entryId: id, said: entry.said, proofId: body.proofId, corrects: entry.correctsId },
  });
  return entry;
}

/** Only what staff have entered: what WeChat says is corrected by WeChat. */
const canBeCorrected = ({ db }: Transaction, accountId: string, id: string): Promise<boolean> =>
  db.existsBy(VerificationEntry, { id, accountId, source: 'staff', state: 'counted' });

/** The last day on which it holds ends in Shanghai. */
function saidBy({ attempt, isQualified, isNamed, expiryDay, reason, subject }: NewEntryBody): Observation {
  return {
    ...(attempt === undefined ? {} : { attempt }),
    ...(isQualified === undefined ? {} : { isQualified }),
    ...(isNamed === undefined ? {} : { isNamed }),
    ...(reason === undefined ? {} : { reason }),
    ...(subject === undefined ? {} : { subject }),
    ...(expiryDay === undefined ? {} : { expiresAt: new Date(+startOfDay(dayAfter(expiryDay)) - 1000).toISOString() }),
  };
}

/** What would not count is refused at once, with the reason. @throws {AppError} account.entry_strange */
async function refuseStrange(work: Transaction, account: Account, entry: VerificationEntry): Promise<void> {
  const { db } = work;
  const counted = await db.findBy(VerificationEntry, { accountId: account.id, state: 'counted' });
  const reason = standingOf([...counted, entry], work.now()).setAside.get(entry.id);
  if (reason) throw entryStrange(setAsideReasons[reason]);
}

/**
 * The second person's word on what somebody else has entered.
 * @throws {AppError} account.entry_not_found, account.second_person, account.entry_strange, account.entry_decided
 */
export async function decideEntry(
  work: Transaction,
  who: StaffActor,
  entryId: string,
  { agree, note }: EntryDecisionBody,
): Promise<VerificationEntry> {
  const found = await work.db.findOneBy(VerificationEntry, { id: entryId, source: 'staff' });
  if (!found) throw entryNotFound();
  const account = await lockAccount(work, found.accountId);
  const entry = await work.db.findOneOrFail(VerificationEntry, {
    where: { id: entryId },
    ...locked<VerificationEntry>(work.db),
  });
  if (entry.enteredBy === who.id) throw secondPersonNeeded();
  const before = await foldOf(work, account);
  entry.decide(agree ? 'counted' : 'refused', who.id, work.now(), note ?? null);
  if (agree) await refuseStrange(work, account, entry);
  await work.db.save(VerificationEntry, entry);
  if (agree) await follow(work, account, { entry, before });
  await mendTask(work, who, `verification-entry:${entryId}`);
  work.audit({
    deed: agree ? 'verification-confirmed' : 'verification-refused',
    subject: { kind: 'account', id: account.id },
    after: { entryId, note },
  });
  return entry;
}
