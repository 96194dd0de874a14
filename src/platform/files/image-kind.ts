/** Kinds of images that WeChat takes for complaints, by the ending of their names. */
export const imageKinds = { jpg: 'image/jpeg', png: 'image/png', bmp: 'image/bmp' } as const;
export type ImageKind = keyof typeof imageKinds;

const BEGINNINGS: Record<ImageKind, Buffer> = {
  jpg: Buffer.from([0xff, 0xd8, 0xff]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  bmp: Buffer.from('BM'),
};

/** What a file is by its first bytes, whatever it is said to be; null when it is no image of these. */
export const imageKindOf = (bytes: Buffer): ImageKind | null =>
  (Object.keys(imageKinds) as ImageKind[]).find((kind) =>
    bytes.subarray(0, BEGINNINGS[kind].length).equals(BEGINNINGS[kind]),
  ) ?? null;
