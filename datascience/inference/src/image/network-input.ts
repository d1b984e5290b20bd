/** How pixels become the numbers that a network was trained on: (pixel − mean) / scale, per channel. */
export interface PixelNormalisation {
  /** Red, green, blue, in 0–255. */
  mean: readonly [number, number, number];
  scale: readonly [number, number, number];
}

/** To [-1, 1]: what MobileNet and the networks trained here expect. */
export const SYMMETRIC_UNIT: PixelNormalisation = {
  mean: [127.5, 127.5, 127.5],
  scale: [127.5, 127.5, 127.5],
};

/**
 * Writes one photo into a batch.
 *
 * @param pixels RGB interleaved, size × size × 3 bytes
 * @param batch float32 [n, 3, size, size]
 * @param position which photo of the batch, from 0
 */
export function writeNchw(
  pixels: Uint8Array,
  batch: Float32Array,
  position: number,
  normalisation: PixelNormalisation,
): void {
  const area = pixels.length / 3;
  for (let channel = 0; channel < 3; channel++) {
    const mean = normalisation.mean[channel] as number;
    const factor = 1 / (normalisation.scale[channel] as number);
    const start = (position * 3 + channel) * area;
    for (let i = 0, p = channel; i < area; i++, p += 3) {
      batch[start + i] = ((pixels[p] as number) - mean) * factor;
    }
  }
}
