import { simulateExperiment } from '../../dist/experiments/simulation/simulate-experiment.js';
import { seededRandom } from '../../dist/experiments/simulation/random.js';
import { ALPHA, decideWinner } from '../../dist/experiments/statistics/decide-winner.js';
import { ScoreBoard } from '../../dist/experiments/statistics/score-board.js';
import { scorePrediction } from '../../dist/experiments/statistics/scores.js';
import { pairedZ, Sums, unpairedZ, Z_5_PERCENT } from './z-test.mjs';

/** The classic test needs some outcomes for its normal approximation too: it starts to peek with as many. */
const MIN_OUTCOMES = 100;

/**
 * Runs one scenario many times and looks at every experiment every day, as a person would.
 *
 * @returns for each experiment the day (1, 2, …) of the first winner and who it was, and |z| day by day for the first
 *   two arms
 */
export function runScenario({ arms, days, outcomesPerDay, experiments, seed }) {
  return Array.from({ length: experiments }, (_, i) => {
    const random = seededRandom(seed + i);
    return runOne({ arms, days, outcomesPerDay, random, salt: `bench-${seed}-${i}` });
  });
}

function runOne(options) {
  const { arms } = options;
  const board = new ScoreBoard(arms);
  const classic = new ClassicTest(arms);
  const z = [];
  let winner = null;
  let day = 0;
  for (const outcomes of simulateExperiment(options)) {
    day++;
    for (const outcome of outcomes) {
      if (!winner) board.add(outcome);
      classic.add(outcome);
    }
    if (!winner) {
      const { winnerArmId } = decideWinner(
        arms.map(({ id }) => id),
        board.compare(ALPHA),
      );
      if (winnerArmId) winner = { day, armId: winnerArmId };
    }
    z.push(classic.z());
  }
  return { winner, z };
}

class ClassicTest {
  constructor(arms) {
    this.ids = arms.slice(0, 2).map(({ id }) => id);
    this.isPaired = arms.slice(0, 2).some(({ isShadow }) => isShadow);
    this.sums = [new Sums(), new Sums()];
    this.differences = new Sums();
    this.pending = new Map();
  }

  add({ armId, productId, probabilities, realClass }) {
    const place = this.ids.indexOf(armId);
    if (place < 0) return;
    const { logLoss } = scorePrediction(probabilities, realClass);
    this.sums[place].add(logLoss);
    if (!this.isPaired) return;
    const other = this.pending.get(productId);
    if (other === undefined) this.pending.set(productId, logLoss);
    else this.differences.add(logLoss - other);
  }

  /** 0 before there are enough outcomes. */
  z() {
    if (this.isPaired) return this.differences.n < MIN_OUTCOMES ? 0 : Math.abs(pairedZ(this.differences));
    const [first, second] = this.sums;
    return Math.min(first.n, second.n) < MIN_OUTCOMES ? 0 : Math.abs(unpairedZ(first, second));
  }
}

/** Share of experiments in which the sequential test found a winner. */
export const shareDecided = (runs) => runs.filter(({ winner }) => winner).length / runs.length;

/** Share in which a z-test at 5 %, looked at every day, rejected on any day. */
export const sharePeeked = (runs) =>
  runs.filter(({ z }) => z.some((value) => value > Z_5_PERCENT)).length / runs.length;

/** Share in which a z-test at 5 %, looked at on one day alone, rejected. */
export const shareFixed = (runs, day) =>
  runs.filter(({ z }) => z[day - 1] > Z_5_PERCENT).length / runs.length;

/** The first day on which a test with a fixed end rejects as often as `share`; null where none does. */
export function fixedDayOfPower(runs, share) {
  for (let day = 1; day <= runs[0].z.length; day++) if (shareFixed(runs, day) >= share) return day;
  return null;
}

/** Median day of the first winner over all experiments; null where fewer than half had one. */
export function medianDay(runs) {
  const days = runs.map(({ winner }) => winner?.day ?? Infinity).sort((a, b) => a - b);
  const median = days[Math.floor((days.length - 1) / 2)];
  return Number.isFinite(median) ? median : null;
}

/** Mean day on which an experiment ended: with its winner, else with the last day. */
export function meanDay(runs) {
  return runs.reduce((sum, { winner, z }) => sum + (winner?.day ?? z.length), 0) / runs.length;
}
