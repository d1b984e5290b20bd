import type { Random } from '../common/random.js';

/** How a photo is changed before a network sees it, so that it learns what does not matter. */
export interface PhotoChange {
  /** Left and right exchanged. */
  mirrored: boolean;
  /** Radians, counter-clockwise. */
  rotation: number;
  scale: number;
  /** Fractions of the photo's side. */
  shiftX: number;
  shiftY: number;
  /** Per channel: value × gain + offset, on values in [-1, 1]. */
  gain: [number, number, number];
  offset: number;
}

export const UNCHANGED: PhotoChange = {
  mirrored: false,
  rotation: 0,
  scale: 1,
  shiftX: 0,
  shiftY: 0,
  gain: [1, 1, 1],
  offset: 0,
};

const MAX_ROTATION = (10 * Math.PI) / 180;
const SCALES = [0.85, 1.2] as const;
const MAX_SHIFT = 0.08;
const MAX_CONTRAST = 0.15;
const MAX_TINT = 0.06;
const MAX_BRIGHTNESS = 0.1;

/** Draws a change. */
export function drawChange(random: Random): PhotoChange {
  const within = (bound: number) => (2 * random.next() - 1) * bound;
  const contrast = 1 + within(MAX_CONTRAST);
  return {
    mirrored: random.next() < 0.5,
    rotation: within(MAX_ROTATION),
    scale: SCALES[0] + random.next() * (SCALES[1] - SCALES[0]),
    shiftX: within(MAX_SHIFT),
    shiftY: within(MAX_SHIFT),
    gain: [
      contrast * (1 + within(MAX_TINT)),
      contrast * (1 + within(MAX_TINT)),
      contrast * (1 + within(MAX_TINT)),
    ],
    offset: within(MAX_BRIGHTNESS),
  };
}

/** What lies outside of the photo: its white margin. */
const WHITE = 255;

/**
 * Writes a changed photo into a batch, bilinearly, with values in [-1, 1].
 *
 * @param pixels interleaved RGB [size × size × 3]
 * @param batch float32 [n, size, size, 3]
 */
export function writeChanged(
  pixels: Uint8Array,
  size: number,
  change: PhotoChange,
  batch: Float32Array,
  position: number,
): void {
  let to = position * pixels.length;
  const [gainR, gainG, gainB] = change.gain;
  const { offset } = change;
  const centre = (size - 1) / 2;
  // From a place in the result back to where it comes from in the photo.
  const cosine = Math.cos(change.rotation) / change.scale;
  const sine = Math.sin(change.rotation) / change.scale;
  const direction = change.mirrored ? -1 : 1;
  const at = new Float64Array(3);
  for (let y = 0; y < size; y++) {
    const dy = y - centre - change.shiftY * size;
    for (let x = 0; x < size; x++) {
      const dx = x - centre - change.shiftX * size;
      sample(
        pixels,
        size,
        centre + direction * (cosine * dx + sine * dy),
        centre - sine * dx + cosine * dy,
        at,
      );
      batch[to++] = toUnit(at[0] as number, gainR, offset);
      batch[to++] = toUnit(at[1] as number, gainG, offset);
      batch[to++] = toUnit(at[2] as number, gainB, offset);
    }
  }
}

function toUnit(value: number, gain: number, offset: number): number {
  const changed = (value / 127.5 - 1) * gain + offset;
  return changed < -1 ? -1 : changed > 1 ? 1 : changed;
}

/** The bilinear mean of the four pixels around a place, into `at`: the innermost loop of training. */
function sample(pixels: Uint8Array, size: number, x: number, y: number, at: Float64Array): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const [fx, fy] = [x - left, y - top];
  at.fill(0);
  addPixel(pixels, size, left, top, (1 - fx) * (1 - fy), at);
  addPixel(pixels, size, left + 1, top, fx * (1 - fy), at);
  addPixel(pixels, size, left, top + 1, (1 - fx) * fy, at);
  addPixel(pixels, size, left + 1, top + 1, fx * fy, at);
}

function addPixel(
  pixels: Uint8Array,
  size: number,
  x: number,
  y: number,
  weight: number,
  at: Float64Array,
): void {
  if (weight === 0) return;
  const inside = x >= 0 && y >= 0 && x < size && y < size;
  const i = (y * size + x) * 3;
  for (let c = 0; c < 3; c++) {
    at[c] = (at[c] as number) + weight * (inside ? (pixels[i + c] as number) : WHITE);
  }
}
