import type { SimulatorContext } from '../routing.ts';
import { badField } from './fields.ts';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Of an upload the text of `meta` is signed, not the body (WeChat Pay documentation 4012365342). */
export const signedMeta = (ctx: SimulatorContext): Buffer => partOf(ctx, 'meta');

/** @throws PayError 400 PARAM_ERROR when it is not there */
export function partOf(ctx: SimulatorContext, name: string): Buffer {
  const part = partsOf(ctx.state.rawBody, ctx.get('Content-Type')).get(name);
  if (!part) throw badField(`/${name}`, undefined, '必填字段缺失');
  return part;
}

export function jsonPart(ctx: SimulatorContext, name: string): unknown {
  try {
    return JSON.parse(partOf(ctx, name).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw badField(`/${name}`, undefined, '不是合法的JSON');
    throw error;
  }
}

/**
 * The parts of a `multipart/form-data` body by name (RFC 7578), for the few bytes of an image upload.
 * @throws PayError 400 PARAM_ERROR when it is none, or the same name comes twice
 */
function partsOf(body: Buffer, contentType: string): ReadonlyMap<string, Buffer> {
  const [, boundary] = /^multipart\/form-data;\s*boundary="?([^";]{1,70})"?$/i.exec(contentType) ?? [];
  if (!boundary) throw unreadable();
  const parts = new Map<string, Buffer>();
  for (const piece of piecesOf(body, Buffer.from(`\r\n--${boundary}`))) {
    const end = piece.indexOf(END_OF_HEAD);
    const [, name] = /name="([^"]+)"/i.exec(piece.subarray(0, Math.max(end, 0)).toString('utf8')) ?? [];
    if (!name || parts.has(name)) throw unreadable();
    parts.set(name, piece.subarray(end + END_OF_HEAD.length));
  }
  return parts;
}

/** What stands between the boundaries; the last of them is closed by two hyphens. */
function piecesOf(body: Buffer, delimiter: Buffer): Buffer[] {
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const pieces: Buffer[] = [];
  for (let at = whole.indexOf(delimiter); ;) {
    if (at < 0) throw unreadable();
    const from = at + delimiter.length;
    if (whole.subarray(from, from + 2).toString() === '--') return pieces;
    const next = whole.indexOf(delimiter, from);
    if (next < 0) throw unreadable();
    pieces.push(whole.subarray(from, next));
    at = next;
  }
}

const unreadable = () => badField('', undefined, '请求体不是合法的multipart/form-data');
