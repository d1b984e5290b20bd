import type { SparseRow } from '@vitrine/inference/features';
import { Random } from '../common/random.js';
import type { FeatureSpace } from './feature-space.js';
import { flatWeights, type LinearMember, type MemberTask } from './linear-member.js';
import { Violations } from './svm-violations.js';
import { addWeightedRows } from './weighted-rows.js';

/** Penalty of a row's loss. */
const C = 1;
/** A class's rows count (rows / (classes · rows of the class)) to this power. */
const BALANCE = 0.5;
const SMALLEST_STEP = 1e-12;
/** Above this share of live classes all dot products together are cheaper than the live ones alone. */
const DENSE_SHARE = 0.25;

/** One-vs-rest linear support vector machines with a bias, as one weight matrix [columns × classes]. */
export class LinearSvm implements LinearMember {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  private readonly flat: Float32Array;

  constructor(columns: number, classes: number) {
    this.flat = flatWeights(columns, classes);
    this.bias = this.flat.subarray(0, classes);
    this.weights = this.flat.subarray(classes);
  }

  featuresOf(space: FeatureSpace, row: number): SparseRow {
    return space.features(row);
  }

  logits(features: SparseRow, out: Float64Array): void {
    out.set(this.bias);
    addWeightedRows(features, this.weights, out);
  }

  flatten(): Float32Array {
    return this.flat;
  }
}

/**
 * Fits L2-regularised L2-loss support vector machines by dual coordinate descent with shrinking (Hsieh et al. 2008, "A
 * Dual Coordinate Descent Method for Large-scale Linear SVM", algorithm 3). All classes are solved together: a row's
 * features are read once for all of them. `maxPasses` bounds the passes; a class that is solved is left alone.
 */
export function fitLinearSvm(task: MemberTask): LinearSvm {
  const solver = new DualSolver(task);
  const random = new Random(task.seed);
  const order = Uint32Array.from(task.rows.keys());
  for (let pass = 1; pass <= task.maxPasses; pass++) {
    random.shuffle(order);
    solver.startPass();
    for (const position of order) solver.visit(position);
    const solved = solver.endPass();
    const stop = task.afterPass({ pass, trainLoss: solver.meanLoss(), member: solver.svm });
    if (solved || stop) break;
  }
  return solver.svm;
}

/** The state of a fit. Dual variables, their live flags and row counts are by position in `task.rows`. */
class DualSolver {
  readonly svm: LinearSvm;
  private readonly alphas: Float32Array;
  private readonly live: Uint8Array;
  private readonly liveCounts: Uint16Array;
  private readonly positiveC: Float64Array;
  private readonly violations: Violations;
  private readonly scores: Float64Array;
  private readonly liveClasses: Int32Array;
  private readonly changed: Int32Array;
  private readonly steps: Float64Array;
  private loss = 0;

  constructor(private readonly task: MemberTask) {
    const { rows, classes, space } = task;
    this.svm = new LinearSvm(space.columns, classes);
    this.alphas = new Float32Array(rows.length * classes);
    this.live = new Uint8Array(rows.length * classes).fill(1);
    this.liveCounts = new Uint16Array(rows.length).fill(classes);
    this.positiveC = positivePenalties(task);
    this.violations = new Violations(classes);
    this.scores = new Float64Array(classes);
    this.liveClasses = new Int32Array(classes);
    this.changed = new Int32Array(classes);
    this.steps = new Float64Array(classes);
  }

  startPass(): void {
    this.violations.startPass();
    this.loss = 0;
  }

  /** Mean squared hinge loss seen in the pass, over rows; shrunken pairs count as 0. */
  meanLoss(): number {
    return this.loss / this.task.rows.length;
  }

  /** One coordinate step for each live class of the row. */
  visit(position: number): void {
    if (this.liveCounts[position] === 0) return;
    const row = this.task.rows[position] as number;
    const features = this.task.space.features(row);
    let squaredNorm = 1;
    for (let i = 0; i < features.size; i++) squaredNorm += (features.values[i] as number) ** 2;
    this.score(position, features);
    const changes = this.step(position, this.task.labels[row] as number, squaredNorm);
    if (changes > 0) this.update(features, changes);
  }

  /** @returns true where every class is solved */
  endPass(): boolean {
    const reopened = this.violations.endPass();
    for (const k of reopened) this.reopen(k);
    return this.violations.allSolved();
  }

  private score(position: number, features: SparseRow): void {
    const { classes } = this.task;
    const liveCount = this.liveCounts[position] as number;
    if (liveCount > classes * DENSE_SHARE) {
      this.svm.logits(features, this.scores);
      return;
    }
    const { scores, liveClasses } = this;
    const { weights, bias } = this.svm;
    const base = position * classes;
    for (let k = 0, next = 0; k < classes; k++) if (this.live[base + k] === 1) liveClasses[next++] = k;
    for (let j = 0; j < liveCount; j++) {
      const k = liveClasses[j] as number;
      scores[k] = bias[k] as number;
    }
    for (let i = 0; i < features.size; i++) {
      const start = (features.columns[i] as number) * classes;
      const value = features.values[i] as number;
      for (let j = 0; j < liveCount; j++) {
        const k = liveClasses[j] as number;
        scores[k] = (scores[k] as number) + value * (weights[start + k] as number);
      }
    }
  }

  /** Moves the row's dual variables; the classes whose weights must follow are left in `changed`. */
  private step(position: number, label: number, squaredNorm: number): number {
    const { classes } = this.task;
    const base = position * classes;
    let changes = 0;
    for (let k = 0; k < classes; k++) {
      if (this.live[base + k] === 0) continue;
      const sign = k === label ? 1 : -1;
      const diagonal = 0.5 / (k === label ? (this.positiveC[k] as number) : C);
      const alpha = this.alphas[base + k] as number;
      const margin = 1 - sign * (this.scores[k] as number);
      if (margin > 0) this.loss += margin * margin;
      const gradient = diagonal * alpha - margin;
      if (this.violations.isSettled(k, alpha, gradient)) {
        this.live[base + k] = 0;
        this.liveCounts[position] = (this.liveCounts[position] as number) - 1;
        continue;
      }
      const projected = alpha === 0 ? Math.min(gradient, 0) : gradient;
      this.violations.note(k, projected);
      if (Math.abs(projected) < SMALLEST_STEP) continue;
      const moved = Math.fround(Math.max(alpha - gradient / (squaredNorm + diagonal), 0));
      this.alphas[base + k] = moved;
      this.steps[changes] = (moved - alpha) * sign;
      this.changed[changes++] = k;
    }
    return changes;
  }

  private update(features: SparseRow, changes: number): void {
    const { classes } = this.task;
    const { weights, bias } = this.svm;
    const { changed, steps } = this;
    for (let i = 0; i < features.size; i++) {
      const start = (features.columns[i] as number) * classes;
      const value = features.values[i] as number;
      for (let j = 0; j < changes; j++) {
        const place = start + (changed[j] as number);
        weights[place] = (weights[place] as number) + value * (steps[j] as number);
      }
    }
    for (let j = 0; j < changes; j++) {
      const k = changed[j] as number;
      bias[k] = (bias[k] as number) + (steps[j] as number);
    }
  }

  private reopen(k: number): void {
    const { classes, rows } = this.task;
    for (let position = 0; position < rows.length; position++) {
      const place = position * classes + k;
      if (this.live[place] === 1) continue;
      this.live[place] = 1;
      this.liveCounts[position] = (this.liveCounts[position] as number) + 1;
    }
  }
}

function positivePenalties({ rows, labels, classes }: MemberTask): Float64Array {
  const counts = new Float64Array(classes);
  for (const row of rows) counts[labels[row] as number] = (counts[labels[row] as number] as number) + 1;
  return counts.map((count) => (count === 0 ? C : C * (rows.length / (classes * count)) ** BALANCE));
}
