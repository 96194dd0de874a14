import type { EntityManager, FindOneOptions } from 'typeorm';

/**
 * Find options that lock the rows until the transaction ends. The embedded database has one writer at a time and knows no
 * row locks, so there it adds nothing.
 */
export function locked<Entity>(db: EntityManager): Pick<FindOneOptions<Entity>, 'lock'> {
  return db.connection.options.type === 'mysql' ? { lock: { mode: 'pessimistic_write' } } : {};
}

/** The same, without waiting: what another worker holds at this moment is left to it. */
export function skipLocked<Entity>(db: EntityManager): Pick<FindOneOptions<Entity>, 'lock'> {
  return db.connection.options.type === 'mysql' ? { lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } } : {};
}
