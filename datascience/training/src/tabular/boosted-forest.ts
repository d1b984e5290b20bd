import { softmax, type Trees } from '@vitrine/inference';
import type { Random } from '../common/random.js';
import type { BinnedColumns } from './binned-columns.js';
import { TreeBuilder } from './tree-builder.js';

/** How a boosted forest is grown. */
export interface BoostedForestOptions {
  rounds: number;
  /** Part of each tree's scores that is added. */
  rate: number;
  maxDepth: number;
  /** Sum of second derivatives in a leaf at least. */
  minLeafWeight: number;
  /** Added to the second derivatives: shrinks the scores of small leaves. */
  ridge: number;
  /** Shares of rows and columns that each tree sees. */
  rowShare: number;
  columnShare: number;
  random: Random;
}

/** Trees for one class after the other, and the scores that they start from. */
export interface BoostedForest {
  trees: Trees;
  bias: number[];
}

/**
 * Gradient-boosted trees for several classes: each round fits a tree a class to the first and second derivatives of
 * the softmax cross-entropy (Friedman 2001; Chen and Guestrin 2016).
 */
export function growBoostedForest(
  data: BinnedColumns,
  labels: Uint8Array,
  classes: number,
  options: BoostedForestOptions,
): BoostedForest {
  const bias = logPriors(labels, classes);
  const grower = new BoostingGrower(data, options);
  const scores = new Float64Array(data.rows * classes);
  for (let i = 0; i < scores.length; i++) scores[i] = bias[i % classes] as number;
  const probabilities = new Float64Array(data.rows * classes);
  for (let round = 0; round < options.rounds; round++) {
    for (let row = 0; row < data.rows; row++) {
      probabilities.set(softmax(scores.subarray(row * classes, (row + 1) * classes)), row * classes);
    }
    const rows = sampleRows(data.rows, options);
    for (let k = 0; k < classes; k++) {
      for (let row = 0; row < data.rows; row++) {
        const p = probabilities[row * classes + k] as number;
        grower.gradients[row] = p - (labels[row] === k ? 1 : 0);
        grower.curvatures[row] = Math.max(p * (1 - p), 1e-6);
      }
      grower.growTree(rows);
      for (let row = 0; row < data.rows; row++) {
        scores[row * classes + k] = (scores[row * classes + k] as number) + (grower.scoreOf(row) as number);
      }
    }
  }
  return { trees: grower.builder.build(), bias };
}

function logPriors(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(1);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.map((count) => Math.log(count / (labels.length + classes)));
}

function sampleRows(size: number, { rowShare, random }: BoostedForestOptions): Int32Array {
  const rows = new Int32Array(size);
  let kept = 0;
  for (let row = 0; row < size; row++) if (random.next() < rowShare) rows[kept++] = row;
  return rows.slice(0, kept);
}

/** A grown node, to score rows by their bins. */
interface GrownNode {
  column: number;
  bin: number;
  right: number;
  score: number;
}

class BoostingGrower {
  readonly builder = new TreeBuilder();
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
  private rows = new Int32Array();
  private readonly scratch: Int32Array;
  private readonly sums = new Float64Array(512);
  private readonly columns: Int32Array;
  private tried = 0;
  private nodes: GrownNode[] = [];

  constructor(
    private readonly data: BinnedColumns,
    private readonly options: BoostedForestOptions,
  ) {
    this.gradients = new Float64Array(data.rows);
    this.curvatures = new Float64Array(data.rows);
    this.scratch = new Int32Array(data.rows);
    this.columns = Int32Array.from({ length: data.columns }, (_, c) => c);
  }

  growTree(rows: Int32Array): void {
    this.rows = rows.slice();
    this.nodes = [];
    this.options.random.shuffle(this.columns);
    this.tried = Math.max(1, Math.round(this.options.columnShare * this.columns.length));
    this.builder.beginTree();
    this.grow(0, rows.length, 0);
  }

  /** What the last tree adds to a row's score. */
  scoreOf(row: number): number {
    const { bins, rows } = this.data;
    let node = this.nodes[0] as GrownNode;
    for (let i = 0; node.column >= 0; node = this.nodes[i] as GrownNode) {
      i = (bins[node.column * rows + row] as number) >= node.bin ? node.right : i + 1;
    }
    return node.score;
  }

  private grow(start: number, end: number, depth: number): void {
    let gradient = 0;
    let curvature = 0;
    for (let i = start; i < end; i++) {
      gradient += this.gradients[this.rows[i] as number] as number;
      curvature += this.curvatures[this.rows[i] as number] as number;
    }
    const split = depth >= this.options.maxDepth ? null : this.findSplit(start, end, gradient, curvature);
    if (split === null) {
      const score = Math.fround((-this.options.rate * gradient) / (curvature + this.options.ridge));
      this.nodes.push({ column: -1, bin: 0, right: 0, score });
      this.builder.addLeaf([score]);
      return;
    }
    const { column, bin } = split;
    const own = this.nodes.push({ column, bin, right: 0, score: 0 }) - 1;
    const node = this.builder.addSplit(column, this.data.edges[column]?.[bin - 1] as number);
    const middle = this.partition(start, end, column, bin);
    this.grow(start, middle, depth + 1);
    (this.nodes[own] as GrownNode).right = this.nodes.length;
    this.builder.beginRight(node);
    this.grow(middle, end, depth + 1);
  }

  private findSplit(
    start: number,
    end: number,
    gradient: number,
    curvature: number,
  ): { column: number; bin: number } | null {
    const { minLeafWeight, ridge } = this.options;
    const { data, rows, sums, gradients, curvatures } = this;
    let best: { column: number; bin: number } | null = null;
    let bestGain = gradient ** 2 / (curvature + ridge) + 1e-9;
    for (let i = 0; i < this.tried; i++) {
      const column = this.columns[i] as number;
      const bins = (data.edges[column] as Float32Array).length + 1;
      const offset = column * data.rows;
      sums.fill(0, 0, 2 * bins);
      for (let j = start; j < end; j++) {
        const row = rows[j] as number;
        const cell = 2 * (data.bins[offset + row] as number);
        sums[cell] = (sums[cell] as number) + (gradients[row] as number);
        sums[cell + 1] = (sums[cell + 1] as number) + (curvatures[row] as number);
      }
      let g = 0;
      let h = 0;
      for (let bin = 1; bin < bins; bin++) {
        g += sums[2 * bin - 2] as number;
        h += sums[2 * bin - 1] as number;
        if (h < minLeafWeight || curvature - h < minLeafWeight) continue;
        const gain = g ** 2 / (h + ridge) + (gradient - g) ** 2 / (curvature - h + ridge);
        if (gain > bestGain) {
          bestGain = gain;
          best = { column, bin };
        }
      }
    }
    return best;
  }

  private partition(start: number, end: number, column: number, bin: number): number {
    const { rows, scratch, data } = this;
    const offset = column * data.rows;
    let next = start;
    let held = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      if ((data.bins[offset + row] as number) < bin) rows[next++] = row;
      else scratch[held++] = row;
    }
    for (let i = 0; i < held; i++) rows[next + i] = scratch[i] as number;
    return next;
  }
}
