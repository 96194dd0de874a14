function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: string | number; driverError?: { code?: string } };
  return String(driverError?.code ?? code ?? '');
}

/** A unique key said no, on either database. */
export const isDuplicate = (error: unknown): boolean =>
  ['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(error));

/**
 * The database threw the whole transaction away for a reason that a second try does not meet: a deadlock, a lock that was
 * not given in time, a certification conflict of a cluster. The work was not done.
 */
export const isWorthAnotherTry = (error: unknown): boolean =>
  ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'].includes(codeOf(error));

/** Embedded database: another process holds the right to write. Nothing was done. */
export const isWriterBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');
