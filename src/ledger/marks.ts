import { LedgerMark } from '../../entities/ledger.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction, Work } from '../platform/work.ts';

type Name = LedgerMark['name'];

/** `closed_through`: the last Shanghai day that is closed; empty while none is. */
export const readMark = ({ db }: Pick<Work, 'db'>, name: Name): Promise<string> =>
  read(db.findOneBy(LedgerMark, of(name)));

/** The last closed day, and no day is closed or opened before this transaction ends. Many may hold it at once. */
export async function holdClosedThrough(work: Transaction): Promise<string> {
  if (work.db.connection.options.type !== 'mysql') return readMark(work, 'closed_through');
  // TypeORM says FOR SHARE, which MariaDB does not know.
  const [{ value }] = await work.db.query<[{ value: string }]>(
    "SELECT value FROM ledger_marks WHERE name = 'closed_through' LOCK IN SHARE MODE",
  );
  return value;
}

/** Alone: whoever books waits until this transaction ends. */
export const lockMark = ({ db }: Transaction, name: Name): Promise<string> =>
  read(db.findOne(LedgerMark, { where: of(name), ...locked<LedgerMark>(db) }));

export const moveMark = async ({ db }: Transaction, name: Name, value: string): Promise<void> =>
  void (await db.update(LedgerMark, of(name), { value }));

const of = (name: Name) => ({ name });

/** The rows are there since the tables are. */
const read = async (found: Promise<LedgerMark | null>): Promise<string> => (await found)!.value;
