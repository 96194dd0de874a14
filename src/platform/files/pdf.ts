export const PDF = 'application/pdf';

/** Whether a file begins as a PDF does, whatever it is said to be. */
export const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 5).equals(Buffer.from('%PDF-'));
