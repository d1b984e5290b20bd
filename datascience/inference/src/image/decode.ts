import sharp, { type Metadata, type Sharp } from 'sharp';
import { InputError } from '../predictor.js';

// One libvips thread a photo and several photos at a time: threads inside one small photo only wait for each other.
sharp.concurrency(1);
// Every photo is read once: remembering decoded operations costs memory and gains nothing.
sharp.cache(false);

/** An image as interleaved 8-bit sRGB, row-major [height × width × 3]. */
export interface RgbImage {
  pixels: Uint8Array;
  width: number;
  height: number;
}

/** What may be decoded. */
export interface DecodeLimits {
  /** Width × height by the header. */
  maxPixels: number;
  /** Length of the encoded photo. */
  maxBytes?: number;
}

/** The header of a photo, read without decoding a pixel. */
export interface PhotoHeader {
  width: number;
  height: number;
  format: PhotoFormat;
  /** The EXIF block, where there is one. */
  exif: Buffer | null;
}

type PhotoFormat = 'jpeg' | 'png' | 'webp';

/** Decoder complaints about stray bytes between the parts of an otherwise whole JPEG. */
const HARMLESS_WARNING = /extraneous bytes before marker/i;

/**
 * Checks a photo by its header alone: format, size in bytes and pixels, animation.
 *
 * @throws InputError `image-unsupported`, `image-too-large` or `image-invalid` (empty, broken header, animated)
 */
export async function readPhotoHeader(bytes: Uint8Array, limits: DecodeLimits): Promise<PhotoHeader> {
  if (bytes.length === 0) throw new InputError('image-invalid', 'The image is empty');
  const format = sniffFormat(bytes);
  if (format === null) throw new InputError('image-unsupported', 'The image is not a JPEG, PNG or WebP');
  if (limits.maxBytes !== undefined && bytes.length > limits.maxBytes) {
    throw new InputError(
      'image-too-large',
      `The image has ${bytes.length} bytes; at most ${limits.maxBytes} are read`,
    );
  }
  const { width, height, pages, exif } = await readMetadata(bytes);
  if (width * height > limits.maxPixels) {
    throw new InputError(
      'image-too-large',
      `The image has ${width} × ${height} pixels; at most ${limits.maxPixels} are read`,
    );
  }
  if ((pages ?? 1) > 1 || (format === 'png' && isAnimatedPng(bytes))) {
    throw new InputError('image-invalid', 'The image is animated');
  }
  return { width, height, format, exif: exif ?? null };
}

/**
 * Decodes a photo once to upright 8-bit sRGB on white, whatever its orientation, colour space, depth or transparency.
 *
 * @param maxSide a longer photo is shrunk to it while decoding (JPEG and WebP decode fewer pixels then)
 * @throws InputError `image-invalid` where the photo is truncated or corrupt
 */
export async function decodePhoto(
  bytes: Uint8Array,
  header: PhotoHeader,
  limits: DecodeLimits,
  maxSide: number,
): Promise<RgbImage> {
  const shrink = Math.max(header.width, header.height) > maxSide;
  const decode = async (failOn: 'warning' | 'error'): Promise<RgbImage> => {
    let photo = sharp(bytes, { failOn, limitInputPixels: limits.maxPixels }).autoOrient();
    // The triangle filter does not ring: no false grey beside an edge, where the white border is looked for.
    if (shrink) photo = photo.resize(maxSide, maxSide, { fit: 'inside', kernel: 'linear' });
    return toRgb(photo.flatten({ background: 'white' }));
  };
  try {
    return await decode('warning');
  } catch (error) {
    if (!HARMLESS_WARNING.test(message(error))) throw invalid(error);
  }
  try {
    return await decode('error');
  } catch (error) {
    throw invalid(error);
  }
}

/** Runs a sharp pipeline to interleaved 8-bit sRGB without alpha. */
export async function toRgb(pipeline: Sharp): Promise<RgbImage> {
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`Expected 3 channels, got ${info.channels}`);
  return { pixels: data, width: info.width, height: info.height };
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    // The limit is checked by the caller, who can tell "too large" from "broken".
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw invalid(error);
  }
}

function invalid(cause: unknown): InputError {
  return new InputError('image-invalid', 'The image is truncated or corrupt', { cause });
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The format by its first bytes, so that no other decoder is ever given what a client sent. */
function sniffFormat(bytes: Uint8Array): PhotoFormat | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)) return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  return null;
}

/** True for an APNG of several frames: an `acTL` chunk before the pixels (libvips reads the first frame alone). */
function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = PNG_SIGNATURE.length;
  while (offset + 12 <= bytes.length) {
    const type = ascii(bytes, offset + 4, offset + 8);
    if (type === 'IDAT' || type === 'IEND') return false;
    if (type === 'acTL') return view.getUint32(offset + 8) > 1;
    offset += 12 + view.getUint32(offset);
  }
  return false;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
