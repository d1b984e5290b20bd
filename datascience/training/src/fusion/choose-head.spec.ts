import { fuse, fusedProbabilities, fusionFeatures, softmax } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { score } from '../evaluation/metrics.js';
import { chooseHead, HEAD_FITS } from './choose-head.js';
import { intersectHeldOut, type CommonHeldOut } from './held-out-intersection.js';
import type { Dataset } from '../datasets/dataset.js';

const CLASSES = 4;

/** Text cannot tell 0 from 1, nor photos 1 from 2; both are noisy. */
function synthetic(rows: number, seed: number, informativePhotos = true): CommonHeldOut {
  const random = new Random(seed);
  const labels = Array.from({ length: rows }, (_, i) => i % CLASSES);
  const answers = (confused: number[], informative: boolean) =>
    Float32Array.from(
      labels.flatMap((label) => {
        const logits = Array.from({ length: CLASSES }, (_, k) => {
          const same = k === label || (confused.includes(k) && confused.includes(label));
          return (informative && same ? 2.5 : 0) + random.normal();
        });
        return [...softmax(logits)];
      }),
    );
  return {
    rows: Int32Array.from(labels, (_, i) => i),
    labels,
    text: answers([0, 1], true),
    image: answers([1, 2], informativePhotos),
  };
}

function scores(rows: CommonHeldOut, probabilities: Float32Array) {
  return score({ labels: rows.labels, probabilities, classes: CLASSES });
}

describe('chooseHead', () => {
  it('is better than both members on rows that it has not seen', async () => {
    const { head, temperature } = await chooseHead(synthetic(400, 1), CLASSES, 42);
    const fresh = synthetic(400, 2);
    const fused = Float32Array.from(
      fresh.labels.flatMap((_, i) => {
        const own = (values: Float32Array) => values.subarray(i * CLASSES, (i + 1) * CLASSES);
        const members = { text: own(fresh.text), image: own(fresh.image) };
        const logits = fuse(head, fusionFeatures(members.text, members.image, head.floor));
        return [...fusedProbabilities(head, logits, temperature, members)];
      }),
    );
    const [both, text, image] = [fused, fresh.text, fresh.image].map((p) => scores(fresh, p));
    expect(both!.accuracy).toBeGreaterThan(Math.max(text!.accuracy, image!.accuracy) + 0.05);
    expect(both!.log_loss).toBeLessThan(Math.min(text!.log_loss, image!.log_loss));
  });

  it('keeps the answers of the better member where overruling them was not shown to pay', async () => {
    const rows = synthetic(300, 3, false);
    const { probabilities, head, mended, spoilt } = await chooseHead(rows, CLASSES, 42);
    const [fused, text] = [probabilities, rows.text].map((p) => scores(rows, p));
    expect([head.keeps, mended, spoilt]).toEqual(['text', 0, 0]);
    expect(fused!.accuracy).toBe(text!.accuracy);
    expect(fused!.log_loss).toBeLessThanOrEqual(text!.log_loss);
  });
});

describe('chooseHead, interrupted', () => {
  it('ends between two fits', async () => {
    let fits = 0;
    const stop = async () => {
      if (++fits === 3) throw new Error('stopped');
    };
    await expect(chooseHead(synthetic(60, 4), CLASSES, 42, stop)).rejects.toThrow('stopped');
    expect(fits).toBe(3);
    let all = 0;
    await chooseHead(synthetic(60, 4), CLASSES, 42, async () => void all++);
    expect(all).toBe(HEAD_FITS);
  });
});

describe('intersectHeldOut', () => {
  const train = Array.from({ length: 40 }, (_, i) => ({ label: i % CLASSES }));
  const dataset = { train, categories: Array(CLASSES).fill({ id: 0, label: '' }) } as unknown as Dataset;
  const heldOut = (rows: number[]) => ({
    rows: Int32Array.from(rows),
    probabilities: Float32Array.from(rows.flatMap((row) => [row, 0, 0, 0])),
  });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

  it('keeps the rows of both, aligned', () => {
    const common = intersectHeldOut(heldOut(range(0, 30)), heldOut(range(8, 40)), dataset);
    expect([...common.rows]).toEqual(range(8, 30));
    expect(common.labels).toEqual(range(8, 30).map((row) => row % CLASSES));
    expect(common.text[0]).toBe(8);
    expect(common.image[4]).toBe(9);
  });

  it('says what to do where the rows are too few or of another data set', () => {
    expect(() => intersectHeldOut(heldOut(range(0, 20)), heldOut(range(15, 40)), dataset)).toThrow(
      'train both',
    );
    expect(() => intersectHeldOut(heldOut(range(0, 60)), heldOut(range(0, 60)), dataset)).toThrow(
      'another data set',
    );
  });
});
