/** A mini-program is not told names. */
export const GiveName = () => null;
