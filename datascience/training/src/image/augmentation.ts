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
  const { gain, offset } = change;
  const centre = (size - 1) / 2;
  // From a place in the result back to where it comes from in the photo.
  const cosine = Math.cos(change.rotation) / change.scale;
  const sine = Math.sin(change.rotation) / change.scale;
  const sample = sampler(pixels, size);
  for (let y = 0; y < size; y++) {
    const dy = y - centre - change.shiftY * size;
    for (let x = 0; x < size; x++) {
      const dx = x - centre - change.shiftX * size;
      const u = cosine * dx + sine * dy;
      const fromX = centre + (change.mirrored ? -u : u);
      const fromY = centre - sine * dx + cosine * dy;
      for (let c = 0; c < 3; c++) {
        const value = (sample(fromX, fromY, c) / 127.5 - 1) * (gain[c] as number) + offset;
        batch[to++] = Math.min(1, Math.max(-1, value));
      }
    }
  }
}

function sampler(pixels: Uint8Array, size: number): (x: number, y: number, channel: number) => number {
  const at = (x: number, y: number, channel: number) =>
    x < 0 || y < 0 || x >= size || y >= size ? WHITE : (pixels[(y * size + x) * 3 + channel] as number);
  return (x, y, channel) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = x - left;
    const fy = y - top;
    if (fx === 0 && fy === 0) return at(left, top, channel);
    const upper = at(left, top, channel) * (1 - fx) + at(left + 1, top, channel) * fx;
    const lower = at(left, top + 1, channel) * (1 - fx) + at(left + 1, top + 1, channel) * fx;
    return upper * (1 - fy) + lower * fy;
  };
}
