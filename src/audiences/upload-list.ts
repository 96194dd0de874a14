import { AudienceList, ListedPerson, ListFault } from '../../entities/audience-list.ts';
import type { MessageTemplate } from '../../templates/messages/index.ts';
import { getTemplate } from '../messages/index.ts';
import type { StaffActor } from '../platform/actor.ts';
import { sha256 } from '../platform/crypto.ts';
import { insertAll } from '../platform/database/index.ts';
import { readTable, type TableRow, UnreadableTable } from '../platform/files/read-table.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { type Column, readTitles } from './columns.ts';
import { listEmpty, listTooLong, listUnreadable } from './errors.ts';
import { type FaultyRow, type KeptRow, readRows } from './list-rows.ts';
import { removeParts } from './lists.ts';

const MOST_ROWS = 100_000;
const SLICE = 1000;

/**
 * Reads a csv or xlsx file into a list for one message: good rows are kept, each bad one is reported with its line. A file that
 * cannot be read to its end leaves nothing.
 * @throws {AppError} message.not_found, audience.list_unreadable, audience.list_too_long, audience.list_empty; request.invalid
 * naming columns that the message does not have
 */
export async function uploadList(
  desk: Desk,
  who: StaffActor,
  { name, message, bytes }: { name: string; message: string; bytes: Buffer },
): Promise<AudienceList> {
  const template = getTemplate(message);
  const rows = readTable(bytes);
  try {
    const columns = await readHead(rows, template);
    const facts = columns.flatMap((column) => ('fact' in column ? column.fact : []));
    const list = Object.assign(new AudienceList(), {
      id: newId(),
      name,
      message,
      sha256: sha256(bytes),
      facts,
      createdBy: who.id,
      createdAt: desk.now(),
    });
    return await readBody(desk, list, { template, columns, rows });
  } catch (error) {
    throw error instanceof UnreadableTable ? listUnreadable(error.fault, error.line) : error;
  }
}

async function readHead(rows: AsyncGenerator<TableRow>, template: MessageTemplate): Promise<Column[]> {
  const head = await rows.next();
  if (head.done) throw listEmpty();
  const { columns, faults } = readTitles(template, head.value.cells);
  if (faults.length > 0) throw invalid(faults);
  return columns;
}

/** Written slice by slice, so that nobody waits for the database meanwhile; not to be used before it is whole. */
async function readBody(
  desk: Desk,
  list: AudienceList,
  { template, columns, rows }: { template: MessageTemplate; columns: Column[]; rows: AsyncIterable<TableRow> },
): Promise<AudienceList> {
  await desk.transaction(async (work) => {
    await work.db.insert(AudienceList, list as never);
    work.unchanged();
  });
  try {
    const seen = new Map<string, number>();
    for await (const slice of inSlices(rows)) {
      const { kept, faulty } = await readRows(desk, template, columns, slice, seen);
      list.kept += kept.length;
      list.faulty += faulty.length;
      if (list.kept + list.faulty > MOST_ROWS) throw listTooLong(MOST_ROWS);
      await desk.transaction((work) => keep(work, list.id, kept, faulty));
    }
    if (list.kept + list.faulty === 0) throw listEmpty();
  } catch (error) {
    await removeParts(desk, list.id);
    throw error;
  }
  return desk.transaction((work) => finish(work, list));
}

async function* inSlices(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow[]> {
  let slice: TableRow[] = [];
  for await (const row of rows) {
    slice.push(row);
    if (slice.length < SLICE) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

async function keep(work: Transaction, listId: string, kept: readonly KeptRow[], faulty: readonly FaultyRow[]) {
  const people = kept.map((row) => Object.assign(new ListedPerson(), row, { id: newId(), listId }));
  await insertAll(work.db, ListedPerson, people);
  const faults = faulty.map((row) => Object.assign(new ListFault(), row, { id: newId(), listId }));
  await insertAll(work.db, ListFault, faults);
  // Said once, when the list is whole.
  work.unchanged();
}

async function finish(work: Transaction, list: AudienceList): Promise<AudienceList> {
  list.state = 'ready';
  await work.db.save(AudienceList, list);
  const { id, name, message, kept, faulty } = list;
  work.audit({ deed: 'list-uploaded', subject: { kind: 'audience-list', id }, after: { name, message, kept, faulty } });
  return list;
}
