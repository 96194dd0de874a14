import { ServiceVersion } from '../../entities/service-version.ts';
import { sha256 } from '../platform/crypto.ts';
import { newId } from '../platform/ids.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import type { ServiceDefinition } from './definition.ts';

export interface Publication {
  /** New versions. */
  published: { code: string; version: number }[];
  /** Codes of the services that are sold no more. */
  withdrawn: string[];
}

/**
 * Makes these definitions what is sold from now on: a changed one becomes a new version, one that is not among them is
 * withdrawn. Earlier versions stay for the orders that were placed under them. Several processes may do it at once: whoever
 * comes second meets the first one's versions and finds nothing left to do.
 */
export async function publishServices(desk: Desk, definitions: readonly ServiceDefinition[]): Promise<Publication> {
  const inOrder = definitions.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const publication = await desk.transaction((work) => publish(work, inOrder), { retryDuplicates: true });
  if (publication.published.length + publication.withdrawn.length > 0) desk.log.info(publication, 'services published');
  return publication;
}

/**
 * Everything is decided on one reading: when another process publishes between that reading and the writing, its version
 * takes the number that this one is about to take, the unique key (code, version) refuses, and the whole is begun again.
 */
async function publish(work: Transaction, definitions: readonly ServiceDefinition[]): Promise<Publication> {
  const known = await work.db.find(ServiceVersion, {
    select: { id: true, code: true, version: true, hash: true, withdrawnAt: true },
  });
  const current = known.filter(({ withdrawnAt }) => withdrawnAt === null);
  const hashes = new Map(definitions.map((definition) => [definition.code, hashOf(definition)]));
  const published: Publication['published'] = [];
  for (const definition of definitions) {
    const { code } = definition;
    const hash = hashes.get(code)!;
    if (current.some((version) => version.code === code && version.hash === hash)) continue;
    const version =
      Math.max(0, ...known.filter((earlier) => earlier.code === code).map((earlier) => earlier.version)) + 1;
    await work.db.insert(ServiceVersion, newVersion(work.now(), definition, version, hash));
    published.push({ code, version });
  }
  const outdated = current.filter(({ code, hash }) => hashes.get(code) !== hash);
  for (const { id } of outdated) await work.db.update(ServiceVersion, { id }, { withdrawnAt: work.now() });
  return { published, withdrawn: outdated.map(({ code }) => code).filter((code) => !hashes.has(code)) };
}

const newVersion = (publishedAt: Date, definition: ServiceDefinition, version: number, hash: string) => ({
  id: newId(),
  code: definition.code,
  version,
  hash,
  definition: definition as object,
  publishedAt,
  withdrawnAt: null,
});

/** SHA-256 of the definition with its keys in one order: moving a line in the file makes no new version. */
function hashOf(definition: ServiceDefinition): string {
  return sha256(JSON.stringify(definition, (_, value: unknown) => (isRecord(value) ? sorted(value) : value)));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
