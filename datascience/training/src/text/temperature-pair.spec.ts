import { mixedSoftmax } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { fitTemperature } from '../evaluation/calibration.js';
import { fitTemperaturePair } from './temperature-pair.js';

const CLASSES = 4;
const ROWS = 2_000;

/** Logits of a model that is right as often as it says for most rows, and far too sure of the others. */
function drawRows(seed: number, shareOfLuck: number): { logits: Float64Array; labels: number[] } {
  const random = new Random(seed);
  const logits = Float64Array.from({ length: ROWS * CLASSES }, () => 3 * random.normal());
  const labels = Array.from({ length: ROWS }, (_, row) => {
    if (random.next() < shareOfLuck) return random.integer(CLASSES);
    const row_ = logits.subarray(row * CLASSES, (row + 1) * CLASSES);
    const probabilities = mixedSoftmax(row_, { temperature: 1, secondTemperature: 1, secondShare: 0 });
    let rest = random.next();
    return Math.max(
      0,
      probabilities.findIndex((p) => (rest -= p) < 0),
    );
  });
  return { logits, labels };
}

function loss(
  { logits, labels }: ReturnType<typeof drawRows>,
  mixture: Parameters<typeof mixedSoftmax>[1],
): number {
  const losses = labels.map((label, row) => {
    const probabilities = mixedSoftmax(logits.subarray(row * CLASSES, (row + 1) * CLASSES), mixture);
    return -Math.log(probabilities[label]!);
  });
  return losses.reduce((sum, value) => sum + value, 0) / ROWS;
}

function fit({ logits, labels }: ReturnType<typeof drawRows>) {
  return fitTemperaturePair(logits, labels, CLASSES, fitTemperature(logits, labels, CLASSES));
}

describe('fitTemperaturePair', () => {
  it('fits sure and doubtful answers better than one temperature, on rows it has not seen too', () => {
    const seen = drawRows(1, 0.2);
    const unseen = drawRows(2, 0.2);
    const temperature = fitTemperature(seen.logits, seen.labels, CLASSES);
    const alone = { temperature, secondTemperature: 1, secondShare: 0 };
    const pair = fit(seen);
    expect(pair.temperature).toBeLessThan(temperature);
    expect(pair.secondTemperature).toBeGreaterThan(temperature);
    expect(loss(unseen, pair)).toBeLessThan(loss(unseen, alone) - 0.01);
  });

  it('hardly departs from one temperature where that is the truth', () => {
    const unseen = drawRows(4, 0);
    const pair = fit(drawRows(3, 0));
    expect(loss(unseen, pair)).toBeLessThan(
      loss(unseen, { temperature: 1, secondTemperature: 1, secondShare: 0 }) + 0.002,
    );
  });

  it('is finite where every answer is right', () => {
    const logits = Float64Array.from({ length: 40 }, (_, i) => (i % CLASSES === 1 ? 30 : -30));
    const labels = Array<number>(10).fill(1);
    const pair = fitTemperaturePair(logits, labels, CLASSES, 0.05);
    expect(Object.values(pair).every(Number.isFinite)).toBe(true);
    expect(pair.secondShare).toBeGreaterThanOrEqual(0);
    expect(pair.secondShare).toBeLessThanOrEqual(1);
  });
});
