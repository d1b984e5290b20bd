import { Random } from '../common/random.js';
import { drawChange, UNCHANGED, writeChanged } from './augmentation.js';

const SIZE = 8;
const random = new Random(1);
const pixels = Uint8Array.from({ length: SIZE * SIZE * 3 }, () => random.integer(256));

function changed(change: Partial<typeof UNCHANGED>): Float32Array {
  const batch = new Float32Array(2 * pixels.length);
  writeChanged(pixels, SIZE, { ...UNCHANGED, ...change }, batch, 1);
  return batch.subarray(pixels.length);
}

describe('writeChanged', () => {
  it('only scales the values of an unchanged photo', () => {
    changed({}).forEach((value, i) => expect(value).toBeCloseTo(pixels[i]! / 127.5 - 1, 5));
  });

  it('mirrors', () => {
    const mirrored = changed({ mirrored: true });
    const plain = changed({});
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        expect(mirrored[(y * SIZE + x) * 3]).toBeCloseTo(plain[(y * SIZE + SIZE - 1 - x) * 3]!, 5);
      }
    }
  });

  it('shows white beyond the photo and keeps values in [-1, 1]', () => {
    expect([...changed({ shiftX: 1 })].every((value) => value === 1)).toBe(true);
    for (let i = 0; i < 20; i++) {
      expect(changed(drawChange(random)).every((value) => value >= -1 && value <= 1)).toBe(true);
    }
  });
});
