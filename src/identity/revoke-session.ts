import { type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import { CustomerSession } from '../../entities/customer-session.ts';
import { sha256 } from '../platform/crypto.ts';
import type { SignedIn } from '../platform/http/routes.ts';
import type { Transaction } from '../platform/work.ts';
import { sessionNotFound } from './errors.ts';

/** Signs the device out that asks for it. */
export const signOut = (work: Transaction, { sessionId }: SignedIn): Promise<void> => revoke(work, { id: sessionId });

/**
 * Signs one of the customer's devices out.
 * @throws {AppError} session.not_found when it is somebody else's, unknown, or over
 */
export const revokeSession = (work: Transaction, { customerId }: SignedIn, sessionId: string): Promise<void> =>
  revoke(work, { id: sessionId, customerId });

/** Ends the session of a token that its browser is about to forget, if it is one. */
export async function dropSession(work: Transaction, token: string): Promise<void> {
  await work.db.update(CustomerSession, { tokenHash: sha256(token), revokedAt: IsNull() }, { revokedAt: work.now() });
}

async function revoke(work: Transaction, which: FindOptionsWhere<CustomerSession>): Promise<void> {
  const { affected } = await work.db.update(
    CustomerSession,
    { ...which, revokedAt: IsNull(), expiresAt: MoreThan(work.now()) },
    { revokedAt: work.now() },
  );
  if (affected !== 1) throw sessionNotFound();
}
