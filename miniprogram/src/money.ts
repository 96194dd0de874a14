/** `¥12,800.00` from whole fen. Throws on anything that is not a whole number of fen: a wrong amount must not be shown. */
export function yuan(fen: number): string {
  if (!Number.isSafeInteger(fen)) throw new RangeError('an amount is a whole number of fen');
  const digits = String(Math.abs(fen)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '-' : ''}¥${whole}.${digits.slice(-2)}`;
}
