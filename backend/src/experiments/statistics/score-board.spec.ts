import fc from 'fast-check';
import { simulateExperiment, type SimulatedArm } from '../simulation/simulate-experiment.js';
import { seededRandom } from '../simulation/random.js';
import { ALPHA, decideWinner } from './decide-winner.js';
import { ScoreBoard, type BoardOutcome } from './score-board.js';
import { scorePrediction } from './scores.js';

const arm = (id: string, noise = 0.36, isShadow = false): SimulatedArm => ({
  id,
  noise,
  isShadow,
  weight: 1,
});

const outcomesOf = (arms: readonly SimulatedArm[], days: number, seed = 5): BoardOutcome[] =>
  [
    ...simulateExperiment({ arms, days, outcomesPerDay: 100, salt: `s${seed}`, random: seededRandom(seed) }),
  ].flat();

function fill(arms: readonly SimulatedArm[], outcomes: readonly BoardOutcome[]): ScoreBoard {
  const board = new ScoreBoard(arms);
  for (const outcome of outcomes) board.add(outcome);
  return board;
}

const winnerOf = (arms: readonly SimulatedArm[], board: ScoreBoard) =>
  decideWinner(
    arms.map(({ id }) => id),
    board.compare(ALPHA),
  ).winnerArmId;

describe('scores', () => {
  it('are those of the textbook', () => {
    expect(scorePrediction([0.5, 0.3, 0.2], 1)).toEqual({
      logLoss: -Math.log(0.3),
      accuracy: 0,
      brier: expect.closeTo(0.25 + 0.49 + 0.04, 12),
    });
    expect(scorePrediction([0.4, 0.4, 0.2], 0).accuracy).toBe(1);
  });

  it('are bounded whatever a model is sure of', () => {
    expect(scorePrediction([1, 0, 0], 2)).toEqual({ logLoss: Math.log(1000), accuracy: 0, brier: 2 });
  });
});

describe('ScoreBoard', () => {
  it('has the means of each arm, and an interval once there is enough', () => {
    const arms = [arm('a'), arm('b')];
    const outcomes = outcomesOf(arms, 5);
    const early = fill(arms, outcomes.slice(0, 50));
    expect(early.tallyOf('a').estimate('logLoss', 0.05)).toMatchObject({ lower: null, upper: null });
    const board = fill(arms, outcomes);
    const losses = outcomes
      .filter(({ armId }) => armId === 'a')
      .map(({ probabilities, realClass }) => scorePrediction(probabilities, realClass).logLoss);
    const { mean, lower, upper } = board.tallyOf('a').estimate('logLoss', 0.05);
    expect(mean).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 10);
    expect(lower).toBeLessThan(mean!);
    expect(upper).toBeGreaterThan(mean!);
    expect(board.tallyOf('nobody').estimate('brier', 0.05)).toEqual({ mean: null, lower: null, upper: null });
  });

  it('keeps intervals of accuracies between 0 and 1', () => {
    const board = new ScoreBoard([arm('a'), arm('b')]);
    for (let i = 0; i < 150; i++) {
      board.add({ armId: 'a', productId: i, probabilities: [0.8, 0.1, 0.1], realClass: 0 });
    }
    const { lower, upper, mean } = board.tallyOf('a').estimate('accuracy', 0.05);
    expect([mean, upper]).toEqual([1, 1]);
    expect(lower).toBeLessThan(0.99);
  });

  it('does not care in which order outcomes come', () => {
    const arms = [arm('a'), arm('b', 0.73), arm('c', 0.5, true)];
    const outcomes = outcomesOf(arms, 4);
    const expected = fill(arms, outcomes).compare(ALPHA);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        const shuffled = outcomes
          .map((outcome) => ({ outcome, key: random() }))
          .sort((x, y) => x.key - y.key)
          .map(({ outcome }) => outcome);
        fill(arms, shuffled)
          .compare(ALPHA)
          .forEach((comparison, i) => {
            expect(comparison.outcomes).toBe(expected[i]!.outcomes);
            expect(comparison.difference).toBeCloseTo(expected[i]!.difference!, 9);
            expect(comparison.upper).toBeCloseTo(expected[i]!.upper!, 9);
          });
      }),
      { numRuns: 5 },
    );
  });

  it('pairs a shadow with whoever answered the product, which says more of less', () => {
    const shadowed = [arm('a', 0.73), arm('b', 0.36, true)];
    const [paired] = fill(shadowed, outcomesOf(shadowed, 10)).compare(ALPHA);
    expect(paired).toMatchObject({ firstArmId: 'a', secondArmId: 'b', isPaired: true, outcomes: 1_000 });
    const apart = [arm('a', 0.73), arm('b', 0.36)];
    const [unpaired] = fill(apart, outcomesOf(apart, 10)).compare(ALPHA);
    expect(unpaired).toMatchObject({ isPaired: false });
    expect(paired!.upper! - paired!.lower!).toBeLessThan((unpaired!.upper! - unpaired!.lower!) / 2);
  });

  it('shares the error between the comparisons', () => {
    const two = [arm('a'), arm('b')];
    const three = [...two, arm('c', 0.36, true)];
    const width = (arms: SimulatedArm[]) => {
      const [first] = fill(arms, outcomesOf(two, 10)).compare(ALPHA);
      return first!.upper! - first!.lower!;
    };
    expect(width(three)).toBeGreaterThan(width(two));
  });

  it('leaves out what belongs to no arm of its own', () => {
    const board = new ScoreBoard([arm('a'), arm('b', 0.36, true)]);
    board.add({ armId: 'z', productId: 1, probabilities: [1, 0, 0], realClass: 0 });
    expect(board.compare(ALPHA)[0]).toMatchObject({ outcomes: 0, difference: null, eValue: null });
  });
});

describe('the winner', () => {
  it('is nobody before there is enough, and says so', () => {
    const arms = [arm('a', 0), arm('b', 5)];
    const { winnerArmId, reason } = decideWinner(['a', 'b'], fill(arms, outcomesOf(arms, 1)).compare(ALPHA));
    expect(winnerArmId).toBeNull();
    expect(reason).toContain('too few');
  });

  it('is found where there is one, as an arm or as a shadow', () => {
    for (const isShadow of [false, true]) {
      const arms = [arm('a', 0.73), arm('b', 0.2, isShadow)];
      expect(winnerOf(arms, fill(arms, outcomesOf(arms, 40)))).toBe('b');
    }
  });

  it('must beat every other arm', () => {
    const arms = [arm('a', 0.36), arm('b', 0.36), arm('c', 2)];
    expect(winnerOf(arms, fill(arms, outcomesOf(arms, 40)))).toBeNull();
  });

  it('is falsely found in at most 5 of 100 experiments looked at daily, and early where there is one', () => {
    const runs = 100;
    const simulate = (arms: SimulatedArm[], seed: number): number | null => {
      const board = new ScoreBoard(arms);
      let day = 0;
      const options = { arms, days: 30, outcomesPerDay: 100, salt: `r${seed}`, random: seededRandom(seed) };
      for (const outcomes of simulateExperiment(options)) {
        day++;
        for (const outcome of outcomes) board.add(outcome);
        if (winnerOf(arms, board) !== null) return day;
      }
      return null;
    };
    const falseAlarms = Array.from({ length: runs }, (_, i) => simulate([arm('a'), arm('b')], i));
    expect(falseAlarms.filter((day) => day !== null).length / runs).toBeLessThanOrEqual(0.05);
    const real = Array.from({ length: 20 }, (_, i) => simulate([arm('a'), arm('b', 0.9)], 1_000 + i));
    expect(real.filter((day) => day !== null).length / 20).toBeGreaterThan(0.8);
    expect(real.map((day) => day ?? 30).sort((x, y) => x - y)[10]).toBeLessThan(22);
  });
});
