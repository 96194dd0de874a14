import { badField } from './fields.ts';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * The parts of a `multipart/form-data` body by name (RFC 7578), for the few bytes of an image upload.
 * @throws PayError 400 PARAM_ERROR when it is none, or the same name comes twice
 */
export function partsOf(body: Buffer, contentType: string): ReadonlyMap<string, Buffer> {
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
