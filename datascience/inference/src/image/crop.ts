import type { RgbImage } from './decode.js';

/** A rectangle in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Every channel of the top-left pixel must reach it: a coloured background belongs to the photo. */
const NEAR_WHITE = 230;

/**
 * Finds what a white border surrounds. A pixel belongs to the border where each of its channels is within
 * `tolerance` of the top-left pixel's. A photo without a white corner, and one that is white all over, stay whole.
 */
export function findContentBox({ pixels, width, height }: RgbImage, tolerance: number): Box {
  const whole: Box = { left: 0, top: 0, width, height };
  const r = pixels[0] as number;
  const g = pixels[1] as number;
  const b = pixels[2] as number;
  if (Math.min(r, g, b) < NEAR_WHITE) return whole;

  const isContent = (x: number, y: number): boolean => {
    const i = (y * width + x) * 3;
    return (
      Math.abs((pixels[i] as number) - r) > tolerance ||
      Math.abs((pixels[i + 1] as number) - g) > tolerance ||
      Math.abs((pixels[i + 2] as number) - b) > tolerance
    );
  };
  const rowHasContent = (y: number): boolean => {
    for (let x = 0; x < width; x++) if (isContent(x, y)) return true;
    return false;
  };

  let top = 0;
  while (top < height && !rowHasContent(top)) top++;
  if (top === height) return whole;
  let bottom = height - 1;
  while (!rowHasContent(bottom)) bottom--;

  const columnHasContent = (x: number): boolean => {
    for (let y = top; y <= bottom; y++) if (isContent(x, y)) return true;
    return false;
  };
  let left = 0;
  while (!columnHasContent(left)) left++;
  let right = width - 1;
  while (!columnHasContent(right)) right--;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
