import { assignProduct } from '../assignment/assign-product.js';
import type { BoardArm, BoardOutcome } from '../statistics/score-board.js';
import { normal } from './random.js';

/** A model of time to sell in a simulated shop. */
export interface SimulatedArm extends BoardArm {
  weight: number;
  /**
   * Standard deviation of what the model misjudges in each class's logit: 0 knows all that can be known (a log loss of
   * 0.918), 0.36 has a log loss of 0.95 and 0.73 one of 1.00.
   */
  noise: number;
}

/** A simulated experiment. */
export interface SimulationOptions {
  arms: readonly SimulatedArm[];
  days: number;
  /** Products a day whose outcome becomes known. */
  outcomesPerDay: number;
  salt: string;
  random: () => number;
}

/** Standard deviation of the true logits: the best model's log loss is then near that of real second-hand goods. */
const SIGNAL = 0.85;
const CLASSES = 3;

/**
 * Outcomes of a shop, day by day. The logits of a product's classes are independent normal; a model sees them with
 * noise of its own and answers their posterior mean's softmax, so that its probabilities are nearly calibrated.
 */
export function* simulateExperiment(options: SimulationOptions): Generator<BoardOutcome[]> {
  const { days, outcomesPerDay } = options;
  for (let day = 0; day < days; day++) {
    const outcomes: BoardOutcome[] = [];
    for (let i = 0; i < outcomesPerDay; i++) {
      outcomes.push(...simulateProduct(day * outcomesPerDay + i, options));
    }
    yield outcomes;
  }
}

function simulateProduct(productId: number, { arms, salt, random }: SimulationOptions): BoardOutcome[] {
  const logits = Array.from({ length: CLASSES }, () => SIGNAL * normal(random));
  const realClass = draw(softmax(logits), random);
  const answering = arms.filter(({ isShadow }) => !isShadow);
  const answer = assignProduct({ salt, rampPercent: 100, arms: answering }, productId);
  return arms
    .filter((arm) => arm.isShadow || arm === answer)
    .map(({ id, noise }) => ({
      armId: id,
      productId,
      realClass,
      probabilities: predict(logits, noise, random),
    }));
}

function predict(logits: readonly number[], noise: number, random: () => number): number[] {
  const shrinkage = SIGNAL ** 2 / (SIGNAL ** 2 + noise ** 2);
  return softmax(logits.map((logit) => shrinkage * (logit + noise * normal(random))));
}

function softmax(logits: readonly number[]): number[] {
  const weights = logits.map(Math.exp);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function draw(probabilities: readonly number[], random: () => number): number {
  let rest = random();
  for (const [i, p] of probabilities.entries()) {
    rest -= p;
    if (rest < 0) return i;
  }
  return probabilities.length - 1;
}
