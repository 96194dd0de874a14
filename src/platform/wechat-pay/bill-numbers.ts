const FEN_A_YUAN = 100;
/** Digits of a fee below one fen; they are zero, as WeChat rounds to fen (documentation 4013071246). */
const YUAN = /^(-?)(\d{1,12})(?:\.(\d)(\d?)(0*))?$/;

/** Yuan as fen, exactly; null when it is no amount of whole fen. */
export function fenOf(text: string): number | null {
  if (text === '0.00' || text === '') return text === '' ? null : 0;
  const parts = YUAN.exec(text);
  if (!parts) return null;
  const fen = Number(parts[2]) * FEN_A_YUAN + Number(`${parts[3] ?? 0}${parts[4] || 0}`);
  // No negative zero.
  return parts[1] === '-' && fen !== 0 ? -fen : fen;
}

/** A fee has five decimals, of which WeChat fills two. */
export const feeFenOf = (text: string): number | null => (text === '0.00000' ? 0 : fenOf(text));

/** A count may read `3` or `3.0`; null when it is none. */
export function countOf(text: string): number | null {
  return /^\d{1,9}(?:\.0+)?$/.test(text) ? Number.parseInt(text, 10) : null;
}
