import type { Observation, VerificationEntry } from '../../entities/account.ts';
import type { SetAsideReason, VerificationPart, VerificationSource } from '../contracts/accounts.ts';

/** What is known of one part, and by whom. */
export interface Known<T> {
  value: T;
  source: VerificationSource;
  /** Since when it is so, or was last confirmed. */
  at: Date;
}

/** What counts of each part; a part that nobody spoke of is absent. */
export interface Standing {
  qualification?: Known<boolean>;
  naming?: Known<boolean>;
  attempt?: Known<NonNullable<Observation['attempt']>>;
  real_name?: Known<NonNullable<Observation['realName']>>;
  expiry?: Known<Date | null>;
  review?: Known<Date | null>;
  subject?: Known<string>;
  kind?: Known<NonNullable<Observation['kind']>>;
  name?: Known<string>;
  /** It was qualified once: then a qualification that is gone is a lapse. */
  wasQualified: boolean;
  failure: { part: 'qualification' | 'naming'; reason: string | null; at: Date } | null;
}

export type Said = Pick<VerificationEntry, 'id' | 'source' | 'said' | 'happenedAt' | 'recordedAt'> &
  Partial<Pick<VerificationEntry, 'correctsId'>>;
/** One whose place in time is settled. */
type Placed = Said & { at: Date };

/** What a source said last of a part, and since when it has been saying so. */
interface Last {
  part: VerificationPart;
  known: Known<unknown>;
  since: Date;
}

export interface Folded {
  standing: Standing;
  /** What another source has said of a part while the one that counts was saying something else. */
  others: { part: VerificationPart; known: Known<unknown> }[];
  /** Entries that do not count, by id. */
  setAside: Map<string, SetAsideReason>;
}

/** Two clocks need not agree better. */
const CLOCKS_APART_MS = 10 * 60_000;
/** Events are dated in whole seconds by WeChat's clock, questions by ours; an event is on its way for as long. */
const ON_THE_WAY_MS = 60_000;
/** Of two things said at the same time, the one that WeChat answers counts. */
const WEIGHT: Record<VerificationSource, number> = { clock: 0, staff: 1, event: 2, query: 3 };

const PARTS = {
  isQualified: 'qualification',
  isNamed: 'naming',
  attempt: 'attempt',
  realName: 'real_name',
  expiresAt: 'expiry',
  reviewFrom: 'review',
  subject: 'subject',
  kind: 'kind',
  name: 'name',
} as const satisfies Partial<Record<keyof Observation, VerificationPart>>;

export type SaidPart = keyof typeof PARTS;
export const saidParts = Object.keys(PARTS) as SaidPart[];
export const partOf = (name: SaidPart): VerificationPart => PARTS[name];

/**
 * What follows from everything that was said, in whatever order it came: of each part the latest counts, by the time at which
 * it was so, not at which it was heard.
 */
export function standingOf(entries: readonly Said[], now: Date): Folded {
  const events = entries.filter(({ source }) => source === 'event');
  const placed = entries.map((entry): Placed => ({ ...entry, at: placeOf(entry, events) }));
  const inOrder = placed.toSorted(
    (one, other) =>
      one.at.getTime() - other.at.getTime() ||
      WEIGHT[one.source] - WEIGHT[other.source] ||
      (one.id < other.id ? -1 : 1),
  );
  const standing: Standing = { wasQualified: false, failure: null };
  const setAside: Folded['setAside'] = new Map();
  const last = new Map<string, Last>();
  const corrected = new Set(entries.map(({ correctsId }) => correctsId));
  for (const entry of inOrder) {
    const fault = corrected.has(entry.id) ? 'corrected' : faultOf(entry, standing, now);
    if (fault) setAside.set(entry.id, fault);
    else add(standing, entry, last);
  }
  const others = [...last.values()].filter((one) => contradicts(last, standing[one.part as keyof Standing], one));
  return { standing, others, setAside };
}

function faultOf(
  { said, source, happenedAt, correctsId }: Said,
  { expiry }: Standing,
  now: Date,
): SetAsideReason | null {
  if (happenedAt.getTime() > now.getTime() + CLOCKS_APART_MS) return 'from_the_future';
  if (!correctsId && saidParts.every((name) => said[name] === undefined)) return 'nothing_said';
  const until = instantOf(said.expiresAt);
  const from = instantOf(said.reviewFrom);
  if (until && from && until <= from) return 'dates_backwards';
  // WeChat's own answer is its record, whatever was said before.
  if (!until || source === 'query') return null;
  if (said.isQualified !== false && until <= happenedAt) return 'over_already';
  return expiry?.value && until < expiry.value ? 'dates_backwards' : null;
}

/** An answer that was asked for before an event came is older than its news, whatever the two clocks say. */
function placeOf({ source, happenedAt }: Said, events: readonly Said[]): Date {
  if (source !== 'query') return happenedAt;
  const news = events
    .filter((event) => event.recordedAt > happenedAt && event.happenedAt <= happenedAt)
    .map((event) => event.happenedAt.getTime())
    .filter((toldMs) => happenedAt.getTime() - toldMs <= ON_THE_WAY_MS);
  return news.length === 0 ? happenedAt : new Date(Math.min(...news) - 1);
}

function add(standing: Standing, { said, source, happenedAt, at }: Placed, last: Map<string, Last>): void {
  noteAttempt(standing, said, source, at);
  const isRegained = said.isQualified === true && hasLapsed(standing, at);
  for (const [part, value] of valuesOf(said)) {
    const known: Known<unknown> = { value, source, at };
    Object.assign(standing, { [part]: known });
    const before = last.get(`${part} ${source}`);
    const since = before && isSame(before.known.value, value) ? before.since : happenedAt;
    last.set(`${part} ${source}`, { part, known, since });
  }
  // After a lapse the name is decided anew.
  if (isRegained && said.isNamed === undefined) standing.naming = { value: false, source, at };
  if (said.isQualified) standing.wasQualified = true;
}

const hasLapsed = ({ wasQualified, qualification, expiry }: Standing, at: Date): boolean =>
  wasQualified && (!qualification?.value || (!!expiry?.value && expiry.value < at));

/** Part by part, instants as such. */
export function valuesOf(said: Observation): [VerificationPart, unknown][] {
  return saidParts.flatMap((name): [VerificationPart, unknown][] => {
    const value = said[name];
    if (value === undefined) return [];
    const isInstant = name === 'expiresAt' || name === 'reviewFrom';
    return [[partOf(name), isInstant ? instantOf(value as string | null) : value]];
  });
}

/** Whether what counts is all that was said. */
export const agrees = (standing: Standing, said: Observation): boolean =>
  valuesOf(said).every(([part, value]) =>
    isSame((standing[part as keyof Standing] as Known<unknown> | undefined)?.value, value),
  );

/** A qualification that is new, or lasts longer than before, is an application that passed, though nobody told of it. */
function noteAttempt(standing: Standing, said: Observation, source: VerificationSource, at: Date): void {
  const { qualification, expiry, failure } = standing;
  const until = instantOf(said.expiresAt);
  const isNew = said.isQualified === true && qualification?.value !== true;
  const isLonger = said.isQualified === true && !!until && !!expiry?.value && until > expiry.value;
  const hasPassed = said.attempt === 'passed' || isNew || isLonger;
  if (hasPassed) standing.attempt = { value: 'passed', source, at };
  if (said.attempt === 'failed') standing.failure = { part: 'qualification', reason: said.reason ?? null, at };
  else if (said.isNamed === false && said.reason !== undefined)
    standing.failure = { part: 'naming', reason: said.reason, at };
  else if (failure && (failure.part === 'naming' ? said.isNamed : hasPassed || said.attempt === 'pending'))
    standing.failure = null;
}

function contradicts(last: ReadonlyMap<string, Last>, counts: unknown, { part, known }: Last): boolean {
  const { value, source } = counts as Known<unknown>;
  const since = last.get(`${part} ${source}`)?.since;
  return source !== known.source && !isSame(value, known.value) && (!since || known.at > since);
}

const isSame = (one: unknown, other: unknown): boolean => comparable(one) === comparable(other);

const DAY_MS = 24 * 3600_000;
/** Sources round instants: of one calendar day they say the same. */
const comparable = (value: unknown): unknown =>
  value instanceof Date ? Math.floor((value.getTime() + 8 * 3600_000) / DAY_MS) : value;

const instantOf = (text: string | null | undefined): Date | null => (text ? new Date(text) : null);
