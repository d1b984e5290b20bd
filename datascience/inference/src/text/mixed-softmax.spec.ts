import { mixedSoftmax } from './mixed-softmax.js';
import { softmax } from '../common/softmax.js';

describe('mixedSoftmax', () => {
  const logits = [2, 0, -1];

  it('is the weighted mean of two softmaxes', () => {
    const mixed = mixedSoftmax(logits, { temperature: 0.5, secondTemperature: 2, secondShare: 0.25 });
    const [sharp, soft] = [softmax(logits, 0.5), softmax(logits, 2)];
    mixed.forEach((p, k) => expect(p).toBeCloseTo(0.75 * sharp[k]! + 0.25 * soft[k]!, 12));
    expect(mixed.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it('is the first softmax alone where the second has no share', () => {
    expect(mixedSoftmax(logits, { temperature: 3, secondTemperature: 1, secondShare: 0 })).toEqual(
      softmax(logits, 3),
    );
  });

  it('keeps the order of the logits', () => {
    const mixed = mixedSoftmax([5, 4.9, -300], { temperature: 0.1, secondTemperature: 20, secondShare: 0.9 });
    expect([...mixed].sort((a, b) => b - a)).toEqual([...mixed]);
  });
});
