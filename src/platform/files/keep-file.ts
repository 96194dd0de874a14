import { createHash } from 'node:crypto';
import { KeptFile, KeptFilePiece } from '../../../entities/kept-file.ts';
import { insertAll } from '../database/index.ts';
import { newId } from '../ids.ts';
import type { Deed, Work } from '../work.ts';

/** What a `blob` of MySQL holds is 65,535 bytes. */
const PIECE_BYTES = 60_000;

/** Keeps a file in the database, where every process finds it and every backup has it. */
export async function keepFile(
  { db, now }: Pick<Deed, 'db' | 'now'>,
  { name, contentType }: Pick<KeptFile, 'name' | 'contentType'>,
  bytes: AsyncIterable<Uint8Array>,
): Promise<KeptFile> {
  const file = Object.assign(new KeptFile(), { id: newId(), name, contentType, bytes: 0, sha256: '', keptAt: now() });
  const hash = createHash('sha256');
  let position = 0;
  for await (const piece of inPieces(bytes)) {
    hash.update(piece);
    file.bytes += piece.length;
    await insertAll(db, KeptFilePiece, [{ fileId: file.id, position, bytes: piece }]);
    position += 1;
  }
  file.sha256 = hash.digest('hex');
  await db.insert(KeptFile, file);
  return file;
}

/** The bytes of a kept file, as they came. */
export async function* readKeptFile({ db }: Pick<Work, 'db'>, fileId: string): AsyncGenerator<Buffer> {
  for (let position = 0; ; position += 1) {
    const piece = await db.findOneBy(KeptFilePiece, { fileId, position });
    if (!piece) return;
    yield piece.bytes;
  }
}

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= PIECE_BYTES; rest = rest.subarray(PIECE_BYTES)) yield rest.subarray(0, PIECE_BYTES);
  }
  if (rest.length > 0) yield rest;
}
