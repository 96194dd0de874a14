import { createHash, randomBytes } from 'node:crypto';
import { PayError } from '../errors.ts';
import type { SimulatorContext } from '../routing.ts';
import type { World } from '../world.ts';
import type { PayFile } from './answer.ts';
import { badField, checkField, type Field } from './fields.ts';
import { jsonPart, partOf } from './multipart.ts';

/** Bytes of an image; 2M in the documentation (4012467250). */
const MOST_BYTES = 2 * 1024 * 1024;

type ImageKind = 'png' | 'jpg' | 'bmp';

const KINDS: Record<ImageKind, { type: string; begin: Buffer }> = {
  png: { type: 'image/png', begin: Buffer.from('89504e470d0a1a0a', 'hex') },
  jpg: { type: 'image/jpeg', begin: Buffer.from('ffd8ff', 'hex') },
  bmp: { type: 'image/bmp', begin: Buffer.from('BM') },
};

export interface ComplaintImage {
  kind: ImageKind;
  bytes: Buffer;
  /** Merchants report that what they uploaded cannot be downloaded (community post 00020ca612c450). */
  by: 'user' | 'merchant';
}

const META: Field = {
  is: 'group',
  fields: {
    filename: { is: 'text', max: 128, must: true, matches: /\.(jpg|jpeg|png|bmp)$/i },
    sha256: { is: 'text', max: 256, must: true, matches: /^[0-9a-f]{64}$/i },
  },
};

/** WeChat Pay documentation 4012467250. */
export function uploadImage(world: World, ctx: SimulatorContext): Record<string, unknown> {
  const meta = jsonPart(ctx, 'meta');
  checkField(META, meta, '/meta');
  const bytes = partOf(ctx, 'file');
  if (bytes.length > MOST_BYTES) throw badField('/file', undefined, '图片大小不能超过2M');
  const kind = kindOf(bytes);
  if (!kind) throw badField('/file', undefined, '图片只支持JPG、BMP、PNG格式');
  const { sha256 } = meta as { sha256: string };
  if (createHash('sha256').update(bytes).digest('hex') !== sha256.toLowerCase())
    throw badField('/meta/sha256', sha256, '文件摘要与文件不一致');
  return { media_id: keepImage(world, { kind, bytes }, 'merchant') };
}

/** WeChat Pay partner documentation 4012467223. */
export function downloadImage({ pay }: World, mediaId: string): PayFile {
  const image = pay.images.get(mediaId);
  if (!image || (image.by === 'merchant' && !pay.settings.ownImagesDownloadable))
    throw new PayError(400, 'INVALID_REQUEST', '图片不存在');
  return { type: KINDS[image.kind].type, bytes: image.bytes };
}

/** The name of an image ends like those of WeChat: in characters that an address must escape. */
export function keepImage({ pay }: World, image: Pick<ComplaintImage, 'kind' | 'bytes'>, by: ComplaintImage['by']) {
  const mediaId = `Chsy${randomBytes(28).toString('base64url')}==`;
  pay.images.set(mediaId, { ...image, by });
  return mediaId;
}

/** The beginning of a picture, which is all that anybody looks at here. */
export const pictureOf = (kind: ImageKind): Pick<ComplaintImage, 'kind' | 'bytes'> => ({
  kind,
  bytes: Buffer.concat([KINDS[kind].begin, randomBytes(64)]),
});

const kindOf = (bytes: Buffer): ImageKind | undefined =>
  (Object.keys(KINDS) as ImageKind[]).find((kind) =>
    bytes.subarray(0, KINDS[kind].begin.length).equals(KINDS[kind].begin),
  );
