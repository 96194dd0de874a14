/** Why the file of a bill cannot be used. */
export type BillFaultCode =
  | 'not_text'
  | 'line_too_long'
  | 'header_missing'
  | 'column_unknown'
  | 'column_missing'
  | 'row_wrong'
  | 'field_wrong'
  | 'foreign_merchant'
  | 'summary_missing'
  | 'summary_differs'
  | 'more_after_summary';

/** A bill that is not what WeChat promises. Says where, never what stands there. */
export class BillFault extends Error {
  override readonly name = 'BillFault';
  constructor(
    readonly code: BillFaultCode,
    /** From 1. */
    readonly line: number,
    readonly column: string | null = null,
  ) {
    super(`${code} in line ${line}${column ? `, column ${column}` : ''}`);
  }
}

/** A whole row is below 4 KB: a remark has at most 2048 characters (documentation 4013071249). */
const LONGEST_LINE = 64 * 1024;

/**
 * The lines of a file without their ends, as many at once as a chunk holds.
 * @throws {BillFault} not_text, line_too_long
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  // Drops the mark at the beginning, and takes no broken text.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let before = 0;
  for await (const chunk of bytes) {
    const lines = (rest + decode(() => decoder.decode(chunk, { stream: true }), before)).split('\n');
    rest = lines.pop()!;
    const tooLong = [...lines, rest].findIndex((line) => line.length > LONGEST_LINE);
    if (tooLong >= 0) throw new BillFault('line_too_long', before + tooLong + 1);
    before += lines.length;
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  rest += decode(() => decoder.decode(), before);
  if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function decode(read: () => string, before: number): string {
  try {
    return read();
  } catch {
    throw new BillFault('not_text', before + 1);
  }
}
