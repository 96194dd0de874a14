import Libsql from 'libsql';

type Bound = null | number | bigint | string | Buffer;

/**
 * What the native side can take. It aborts the process on anything else, and it takes every JavaScript number for a
 * fraction (335 / 2 would become 167.5), so whole numbers travel as bigint.
 */
function bindable(value: unknown): Bound {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  // It would cut the text there without a word.
  if (typeof value === 'string' && value.includes('\0')) throw new TypeError('cannot bind text with a NUL in it');
  if (typeof value === 'bigint' || typeof value === 'string' || Buffer.isBuffer(value)) return value;
  throw new TypeError(`cannot bind ${Object.prototype.toString.call(value)}`);
}

function withBuffers(row: Record<string, unknown>): Record<string, unknown> {
  for (const name in row) if (row[name] instanceof ArrayBuffer) row[name] = Buffer.from(row[name]);
  return row;
}

/** libsql in the shape that TypeORM's better-sqlite3 driver expects, with safe binding and Buffers back. */
export class EmbeddedDriver extends Libsql {
  constructor(path: string, options?: { timeout?: number }) {
    super(path, { timeout: options?.timeout ?? 5000 } as never);
    this.pragma('synchronous = NORMAL');
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the base type is generic over bindings; TypeORM, the only caller, takes any
  override prepare(sql: string): any {
    // A transaction that first reads and then writes fails at once when another process wrote in between; one that takes the
    // right to write at its beginning waits for its turn.
    const statement = super.prepare(sql === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE TRANSACTION' : sql);
    const all = statement.all.bind(statement);
    const run = statement.run.bind(statement);
    const rows = (...values: unknown[]) =>
      all(values.map(bindable)).map((row) => withBuffers(row as Record<string, unknown>));
    return Object.assign(statement, {
      all: rows,
      get: (...values: unknown[]) => rows(...values)[0],
      run: (...values: unknown[]) => run(values.map(bindable)),
    });
  }
}
