import { fuse, fusedProbabilities, fusionFeatures, isFusionHead, type FusionHead } from './fusion-head.js';

const weights = (base: number) => ({ base, byTextConfidence: 0, byImageConfidence: 0, perCategory: [0, 0] });
const head: FusionHead = { floor: 0.01, text: weights(1), image: weights(0.5), bias: [0, 0], keeps: null };

describe('fuse', () => {
  it('adds weighted log-probabilities', () => {
    const [first, second] = fuse(head, fusionFeatures([0.8, 0.2], [0.4, 0.6], head.floor));
    expect(first).toBeCloseTo(Math.log(0.8) + 0.5 * Math.log(0.4), 10);
    expect(second).toBeCloseTo(Math.log(0.2) + 0.5 * Math.log(0.6), 10);
  });

  it('bounds what a member can say against a category', () => {
    const [certain] = fuse(head, fusionFeatures([0.8, 0.2], [0, 1], head.floor));
    expect(certain).toBeCloseTo(Math.log(0.8) + 0.5 * Math.log(0.01), 10);
  });

  it('weighs a member by how sure both are', () => {
    const features = fusionFeatures([1, 0], [0.5, 0.5], 0.1);
    expect([features.textConfidence, features.imageConfidence]).toEqual([1, 0]);
    const sure = { ...head, text: { ...weights(1), byTextConfidence: 2, perCategory: [0, 1] } };
    expect(fuse(sure, features)[1]).toBeCloseTo(4 * Math.log(0.1) + 0.5 * Math.log(0.5), 10);
  });
});

describe('isFusionHead', () => {
  it.each([
    ['the right one', head, true],
    ['other categories', { ...head, bias: [0] }, false],
    ['no floor', { ...head, floor: 0 }, false],
    ['an unknown member to keep', { ...head, keeps: 'sound' }, false],
    ['a floor that nothing is above', { ...head, floor: 1 }, false],
    ['a weight that is not a number', { ...head, text: { ...weights(1), base: null } }, false],
    ['nothing', null, false],
  ])('tells %s', (_, value, expected) => {
    expect(isFusionHead(value, 2)).toBe(expected);
  });
});

describe('fusedProbabilities', () => {
  const logits = Float64Array.of(1, 2);
  const members = { text: [0.6, 0.4], image: [0.1, 0.9] };

  it('overrules a member unless its answer is kept', () => {
    const fused = fusedProbabilities({ keeps: null }, logits, 1, members);
    expect(fused[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect([...fusedProbabilities({ keeps: 'text' }, logits, 1, members)]).toEqual([0.6, 0.4]);
    expect(fusedProbabilities({ keeps: 'image' }, logits, 1, members)).toEqual(fused);
  });
});
