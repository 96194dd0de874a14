import { type FindOptionsWhere, LessThan } from 'typeorm';
import { ApiKey } from '../../entities/api-key.ts';
import type { NewApiKeyBody } from '../contracts/staff.ts';
import { notAllowed, permits, type StaffActor } from '../platform/actor.ts';
import { newToken, sha256 } from '../platform/crypto.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { keyNotFound } from './errors.ts';

/** By this a key is told from a session's token, and found when it was left lying in a file. */
export const KEY_MARK = 'tongban_';
const SHOWN = KEY_MARK.length + 6;
const DAY_MS = 24 * 3600_000;

/** Their own, or everybody's for who manages staff; newest first, one row more than the page holds. */
export function listApiKeys(
  { db }: Work,
  who: StaffActor,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<ApiKey[]> {
  const where: FindOptionsWhere<ApiKey> = permits(who, 'manage-staff') ? {} : { memberId: who.id };
  return db.find(ApiKey, {
    where: { ...where, ...(after ? { id: LessThan(after) } : {}) },
    order: { id: 'DESC' },
    take: limit + 1,
  });
}

/**
 * A key for a machine. It can do what it names and its maker may, for as long as the maker may.
 * @throws {AppError} staff.not_allowed when the maker may not do what the key names
 */
export async function createApiKey(
  work: Transaction,
  who: StaffActor,
  { name, permissions, days }: NewApiKeyBody,
): Promise<{ apiKey: ApiKey; key: string }> {
  if (!permissions.every((permission) => permits(who, permission))) throw notAllowed();
  const key = `${KEY_MARK}${newToken()}`;
  const now = work.now();
  const expiresAt = new Date(now.getTime() + days * DAY_MS);
  const apiKey = Object.assign(new ApiKey(), {
    id: newId(),
    name,
    prefix: key.slice(0, SHOWN),
    keyHash: sha256(key),
    memberId: who.id,
    permissions,
    createdAt: now,
    expiresAt,
  });
  await work.db.insert(ApiKey, apiKey as never);
  const subject = { kind: 'api-key', id: apiKey.id };
  work.audit({ deed: 'api-key-created', subject, after: { name, permissions, expiresAt: expiresAt.toISOString() } });
  return { apiKey, key };
}

/** @throws {AppError} staff.key_not_found when there is none, it is somebody else's, or it was revoked */
export async function revokeApiKey(work: Transaction, who: StaffActor, id: string): Promise<void> {
  const apiKey = await work.db.findOne(ApiKey, { where: { id }, ...locked<ApiKey>(work.db) });
  const isOurs = apiKey?.memberId === who.id || permits(who, 'manage-staff');
  if (!apiKey || !isOurs || apiKey.revokedAt) throw keyNotFound();
  await work.db.update(ApiKey, { id }, { revokedAt: work.now() });
  work.audit({ deed: 'api-key-revoked', subject: { kind: 'api-key', id }, before: { name: apiKey.name } });
}
