import { Transformer } from '@napi-rs/image';
import { badInput } from '@lyceum/platform';

/** In bytes, of what is sent. */
export const maxAvatarBytes = 512 * 1024;
const maxPixels = 16_000_000;
const side = 256;

/** What a picture may be, told by its first bytes: what it is called does not matter. */
const signatures: readonly ((bytes: Buffer) => boolean)[] = [
  (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')), // PNG
  (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')), // JPEG
  (bytes) =>
    bytes.subarray(0, 4).toString('latin1') === 'RIFF' &&
    bytes.subarray(8, 12).toString('latin1') === 'WEBP',
];

const refuse = (problem: string): never => {
  throw badInput(`"image" ${problem}.`, { field: 'image' });
};

/**
 * The picture as it is kept: a square WebP, made anew from its pixels, so that nothing else that was in the file
 * (places, thumbnails, other formats behind it) is passed on. Throws BAD_INPUT.
 */
export const avatarImage = async (base64: string): Promise<Buffer> => {
  if (base64.length > Math.ceil(maxAvatarBytes / 3) * 4) refuse('may have 512 KiB at most');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) refuse('is not base64');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > maxAvatarBytes) refuse('may have 512 KiB at most');
  if (!signatures.some((isOne) => isOne(bytes))) refuse('is neither a PNG, a JPEG nor a WebP');
  const { width, height } = await sizeOf(bytes);
  if (width * height > maxPixels) refuse('may have 16 million pixels at most');
  return new Transformer(bytes)
    .rotate()
    .resize({ width: side, height: side })
    .webp(80)
    .catch(() => refuse('cannot be read'));
};

const sizeOf = (bytes: Buffer): Promise<{ width: number; height: number }> =>
  new Transformer(bytes).metadata().catch(() => refuse('cannot be read'));
