import sharp from 'sharp';
import { findContentBox } from './crop.js';
import {
  decodePhoto,
  readPhotoHeader,
  toRgb,
  type DecodeLimits,
  type PhotoHeader,
  type RgbImage,
} from './decode.js';

/** `kind` of this processor in a model package. */
export const SQUARE_PHOTO_KIND = 'square-photo';
/** Raised with every change that alters a pixel. */
export const SQUARE_PHOTO_VERSION = 1;

/** Settings of the processor, as packaged. */
export interface SquarePhotoConfig extends DecodeLimits {
  /** Side of the prepared photo in pixels. */
  size: number;
  /** How far a channel may be from the corner's and still be border. */
  borderTolerance: number;
}

/** The settings that data sets are prepared with. */
export const SQUARE_PHOTO_DEFAULTS: SquarePhotoConfig = {
  size: 224,
  borderTolerance: 10,
  maxPixels: 50_000_000,
};

/** A photo as the network reads it. */
export interface PreparedPhoto {
  /** Interleaved 8-bit sRGB, row-major [size × size × 3]. */
  pixels: Uint8Array;
  /** Milliseconds: `decode` (header included), `crop` (looking for the border), `resize`. */
  timings: { decode: number; crop: number; resize: number };
}

/** Photos are decoded at up to this many times the final side: enough to crop much border and stay sharp. */
const DECODE_OVERSAMPLING = 4;

/**
 * Turns an encoded photo into a square one: upright, sRGB, transparency on white, its white border cropped, padded
 * with white to a square without distortion and resized. Training and serving both call it, and it is deterministic.
 * A photo written by `encodePreparedPhoto` comes out as it went in, bit for bit.
 *
 * @param bytes a JPEG, PNG or WebP
 * @throws InputError `image-unsupported`, `image-invalid` (empty, truncated, corrupt, animated) or `image-too-large`,
 *   the last from the header, before a pixel is decoded
 */
export async function prepareSquarePhoto(
  bytes: Uint8Array,
  config: SquarePhotoConfig,
): Promise<PreparedPhoto> {
  const start = performance.now();
  const header = await readPhotoHeader(bytes, config);
  const image = await decodePhoto(bytes, header, config, config.size * DECODE_OVERSAMPLING);
  const decoded = performance.now();
  if (isPrepared(header, config)) {
    return { pixels: image.pixels, timings: { decode: decoded - start, crop: 0, resize: 0 } };
  }
  const box = findContentBox(image, config.borderTolerance);
  const cropped = performance.now();
  const { pixels } = await toRgb(
    rawSharp(image).extract(box).resize(config.size, config.size, { fit: 'contain', background: 'white' }),
  );
  const resized = performance.now();
  return { pixels, timings: { decode: decoded - start, crop: cropped - decoded, resize: resized - cropped } };
}

/**
 * Writes a prepared photo as a PNG that says so, hence is not prepared a second time.
 *
 * @param pixels interleaved 8-bit sRGB, row-major [size × size × 3]
 */
export async function encodePreparedPhoto(pixels: Uint8Array, config: SquarePhotoConfig): Promise<Buffer> {
  return rawSharp({ pixels, width: config.size, height: config.size })
    .png({ compressionLevel: 3 })
    .withExif({ IFD0: { Software: preparedMarker(config) } })
    .toBuffer();
}

function rawSharp({ pixels, width, height }: RgbImage) {
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** EXIF `Software` of a prepared photo: what made it, and every setting that shapes its pixels. */
function preparedMarker({ size, borderTolerance }: SquarePhotoConfig): string {
  return `vitrine ${SQUARE_PHOTO_KIND}/${SQUARE_PHOTO_VERSION} size=${size} tolerance=${borderTolerance};`;
}

function isPrepared(header: PhotoHeader, config: SquarePhotoConfig): boolean {
  return (
    header.format === 'png' &&
    header.width === config.size &&
    header.height === config.size &&
    header.exif !== null &&
    header.exif.includes(preparedMarker(config))
  );
}
