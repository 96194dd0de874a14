import type { Account, VerificationEntry } from '../../entities/account.ts';
import type { KeptFile } from '../../entities/kept-file.ts';
import {
  accountKinds,
  type AccountView,
  apiRights,
  askFailures,
  type PartView,
  setAsideReasons,
  type SetAsideReason,
  type StaffAccountView,
  verificationEntryStates,
  type VerificationEntryView,
  type VerificationPart,
  verificationParts,
  verificationSources,
  verificationStates,
} from '../contracts/accounts.ts';
import { daysBetween, shanghaiDay } from '../platform/calendar.ts';
import { adviceFor, effectsOf } from './effects.ts';
import { type Folded, type Known, partOf, saidParts, valuesOf } from './standing.ts';
import { wordsOf } from './words.ts';

export function presentAccount(account: Account, { standing }: Folded, now: Date): AccountView {
  const { expiresAt, state, rights } = account;
  const { failure } = standing;
  return {
    id: account.id,
    kind: account.kind,
    kindWords: accountKinds[account.kind],
    name: account.name,
    subject: account.subject,
    state,
    stateWords: verificationStates[state],
    rights,
    rightsWords: apiRights[rights],
    hasTick: account.tick === 'shown',
    expiresAt: expiresAt?.toISOString() ?? null,
    reviewFrom: account.reviewFrom?.toISOString() ?? null,
    daysLeft: expiresAt ? daysBetween(shanghaiDay(now), shanghaiDay(expiresAt)) : null,
    failure: failure && { ...failure, at: failure.at.toISOString() },
    effects: effectsOf(account),
    advice: adviceFor(account),
  };
}

export interface KnownOfAccount {
  folded: Folded;
  customer: { id: string; nickname: string | null } | null;
  contacts: { id: string; nickname: string | null }[];
  consultant: { username: string; name: string } | null;
  waiting: number;
  now: Date;
}

export function presentForStaff(account: Account, known: KnownOfAccount): StaffAccountView {
  const { folded, now, customer, contacts, consultant, waiting } = known;
  return {
    ...presentAccount(account, folded, now),
    appid: account.appid,
    isOwn: account.isOwn,
    customer,
    contacts,
    consultant,
    parts: saidParts.map(partOf).flatMap((part) => {
      const value = folded.standing[part as keyof typeof folded.standing] as Known<unknown> | undefined;
      return value ? [presentPart(part, value)] : [];
    }),
    contradictions: folded.others.map(({ part, known: other }) => ({
      part,
      partWords: verificationParts[part],
      counts: presentPart(part, folded.standing[part as keyof typeof folded.standing] as Known<unknown>),
      other: presentPart(part, other),
    })),
    answeredAt: account.answeredAt?.toISOString() ?? null,
    askedAt: account.askedAt?.toISOString() ?? null,
    askFailure: account.askFailure,
    askFailureWords: account.askFailure && askFailures[account.askFailure],
    waiting,
    createdAt: account.createdAt.toISOString(),
  };
}

const presentPart = (part: VerificationPart, { value, source, at }: Known<unknown>): PartView => ({
  part,
  partWords: verificationParts[part],
  words: wordsOf(part, value),
  source,
  sourceWords: verificationSources[source],
  at: at.toISOString(),
});

export interface KnownOfEntry {
  setAside: SetAsideReason | null;
  proof: KeptFile | null;
  names: ReadonlyMap<string, string>;
}

export function presentEntry(
  entry: VerificationEntry,
  { setAside, proof, names }: KnownOfEntry,
): VerificationEntryView {
  const nameOf = (id: string | null) => (id ? (names.get(id) ?? null) : null);
  return {
    id: entry.id,
    accountId: entry.accountId,
    source: entry.source,
    sourceWords: verificationSources[entry.source],
    event: entry.event,
    said: valuesOf(entry.said).map(([part, value]) => ({
      part,
      partWords: verificationParts[part],
      words: wordsOf(part, value),
    })),
    changes: entry.changes.map(({ part, before, after }) => ({
      part,
      partWords: part === 'state' ? '状态' : verificationParts[part],
      before,
      after,
    })),
    reason: entry.said.reason ?? null,
    state: entry.state,
    stateWords: verificationEntryStates[entry.state],
    setAside,
    setAsideWords: setAside && setAsideReasons[setAside],
    happenedAt: entry.happenedAt.toISOString(),
    recordedAt: entry.recordedAt.toISOString(),
    note: entry.note,
    proof: proof && { id: proof.id, name: proof.name },
    corrects: entry.correctsId,
    enteredBy: nameOf(entry.enteredBy),
    decidedBy: nameOf(entry.decidedBy),
    decidedAt: entry.decidedAt?.toISOString() ?? null,
    decisionNote: entry.decisionNote,
  };
}
