import type { FindOneOptions } from 'typeorm';
import { LedgerMark } from '../../entities/ledger.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction, Work } from '../platform/work.ts';

type Name = LedgerMark['name'];

/** `closed_through`: the last Shanghai day that is closed; empty while none is. */
export const readMark = ({ db }: Pick<Work, 'db'>, name: Name): Promise<string> =>
  read(db.findOneBy(LedgerMark, of(name)));

/** The last closed day, and no day is closed or opened before this transaction ends. Many may hold it at once. */
export function holdClosedThrough({ db }: Transaction): Promise<string> {
  const shared: Pick<FindOneOptions<LedgerMark>, 'lock'> = db.connection.options.type === 'mysql'
    ? { lock: { mode: 'pessimistic_read' } }
    : {};
  return read(db.findOne(LedgerMark, { where: of('closed_through'), ...shared }));
}

/** Alone: whoever books waits until this transaction ends. */
export const lockMark = ({ db }: Transaction, name: Name): Promise<string> =>
  read(db.findOne(LedgerMark, { where: of(name), ...locked<LedgerMark>(db) }));

export const moveMark = async ({ db }: Transaction, name: Name, value: string): Promise<void> =>
  void (await db.update(LedgerMark, of(name), { value }));

const of = (name: Name) => ({ name });

/** The rows are there since the tables are. */
const read = async (found: Promise<LedgerMark | null>): Promise<string> => (await found)!.value;
