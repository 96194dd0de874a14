import { Readable } from 'node:stream';
import type { KeptFile } from '../../../entities/kept-file.ts';
import { readKeptFile } from '../files/keep-file.ts';
import type { Work } from '../work.ts';
import type { Context } from './routes.ts';

/** Answers with a kept file. Whatever it is, a browser is to keep it and not to show it. */
export function sendFile(ctx: Context, work: Work, { id, contentType, bytes }: KeptFile, name: string): void {
  ctx.attachment(name);
  ctx.type = contentType;
  ctx.length = bytes;
  ctx.body = Readable.from(readKeptFile(work, id));
}
