import { argmax, InputError } from '../../inference/dist/index.js';
import { readInput } from '../../training/dist/evaluation/evaluate-model.js';
import { score } from '../../training/dist/evaluation/metrics.js';

/** What each side says of each product, with its category; null where a side cannot answer. */
export class Answers {
  constructor(classes) {
    this.classes = classes;
    this.labels = [];
    this.sides = {};
  }

  /** @param {Record<string, ArrayLike<number> | null>} probabilities by side */
  add(label, probabilities) {
    for (const [side, own] of Object.entries(probabilities))
      (this.sides[side] ??= [])[this.labels.length] = own;
    this.labels.push(label);
  }

  /** Scores over the products that a side answers. */
  score(side) {
    const answered = this.labels.flatMap((_, i) => (this.sides[side][i] ? [i] : []));
    const probabilities = new Float64Array(answered.length * this.classes);
    answered.forEach((row, i) => probabilities.set(this.sides[side][row], i * this.classes));
    const labels = answered.map((row) => this.labels[row]);
    return { rows: labels.length, ...score({ labels, probabilities, classes: this.classes }) };
  }

  /** Whether a side is right, product by product. */
  right(side) {
    return this.labels.map(
      (label, i) => this.sides[side][i] != null && argmax(this.sides[side][i]) === label,
    );
  }
}

/** Asks a model about one input; null where it cannot read it. */
export async function ask(predictor, input) {
  try {
    const [answer] = await predictor.predict([input]);
    return answer.probabilities;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** A test row's input, whole and with one modality alone. */
export async function casesOf(row) {
  const input = await readInput(row);
  return { both: input, text: { ...input, image: null }, image: { image: input.image } };
}

/**
 * McNemar's exact test (two-sided): how likely so uneven a division of the products on which two sides differ is by
 * chance.
 */
export function mcnemar(right, otherRight) {
  const [wins, losses] = [
    right.filter((own, i) => own && !otherRight[i]).length,
    right.filter((own, i) => !own && otherRight[i]).length,
  ];
  const n = wins + losses;
  let tail = 0;
  let term = 0.5 ** n;
  for (let k = 0; k <= Math.min(wins, losses); k++) {
    tail += term;
    term *= (n - k) / (k + 1);
  }
  return { wins, losses, p: Math.min(1, 2 * tail) };
}
