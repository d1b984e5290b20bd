import type { Trees } from '@vitrine/inference';
import type { Random } from '../common/random.js';
import type { BinnedColumns } from './binned-columns.js';
import { TreeBuilder } from './tree-builder.js';

/** How an averaged forest is grown. */
export interface AveragedForestOptions {
  trees: number;
  /** Rows of a leaf at least. */
  minLeafRows: number;
  maxDepth: number;
  /** Share of the columns that a split is sought among. */
  columnShare: number;
  /** `random`: one cut a column, drawn at random (extra trees); `best`: the best cut of each (random forest, on resampled rows). */
  cuts: 'random' | 'best';
  random: Random;
}

/** Rows of the parent's shares that a leaf's shares are smoothed by. */
const LEAF_PRIOR_ROWS = 1;

interface Split {
  column: number;
  /** The first bin of the right side. */
  bin: number;
  gain: number;
}

/**
 * Grows extremely randomised trees (Geurts, Ernst and Wehenkel 2006) or a random forest (Breiman 2001) by the gain in
 * entropy.
 *
 * @param labels class of each row, from 0
 */
export function growAveragedForest(
  data: BinnedColumns,
  labels: Uint8Array,
  classes: number,
  options: AveragedForestOptions,
): Trees {
  const grower = new ForestGrower(data, labels, classes, options);
  for (let tree = 0; tree < options.trees; tree++) grower.growTree();
  return grower.builder.build();
}

class ForestGrower {
  readonly builder = new TreeBuilder();
  private readonly rows: Int32Array;
  private readonly scratch: Int32Array;
  private readonly histogram: Float64Array;
  private readonly order: Int32Array;
  private readonly tried: number;

  constructor(
    private readonly data: BinnedColumns,
    private readonly labels: Uint8Array,
    private readonly classes: number,
    private readonly options: AveragedForestOptions,
  ) {
    this.rows = new Int32Array(data.rows);
    this.scratch = new Int32Array(data.rows);
    this.histogram = new Float64Array(256 * classes);
    this.order = Int32Array.from({ length: data.columns }, (_, c) => c);
    this.tried = Math.max(1, Math.round(options.columnShare * data.columns));
  }

  growTree(): void {
    const { rows, data, options } = this;
    for (let i = 0; i < data.rows; i++)
      rows[i] = options.cuts === 'best' ? options.random.integer(data.rows) : i;
    this.builder.beginTree();
    const counts = this.count(0, data.rows);
    this.grow(
      0,
      data.rows,
      0,
      counts,
      Array.from(counts, (count) => count / data.rows),
    );
  }

  private grow(start: number, end: number, depth: number, counts: Float64Array, parent: number[]): void {
    const { minLeafRows, maxDepth } = this.options;
    const size = end - start;
    const shares = Array.from(
      counts,
      (c, k) => (c + LEAF_PRIOR_ROWS * (parent[k] as number)) / (size + LEAF_PRIOR_ROWS),
    );
    const isPure = counts.some((count) => count === size);
    const split =
      size < 2 * minLeafRows || depth >= maxDepth || isPure ? null : this.findSplit(start, end, counts);
    if (split === null) {
      this.builder.addLeaf(shares);
      return;
    }
    const threshold = this.data.edges[split.column]?.[split.bin - 1] as number;
    const node = this.builder.addSplit(split.column, threshold);
    const middle = this.partition(start, end, split);
    this.grow(start, middle, depth + 1, this.count(start, middle), shares);
    this.builder.beginRight(node);
    this.grow(middle, end, depth + 1, this.count(middle, end), shares);
  }

  private count(start: number, end: number): Float64Array {
    const counts = new Float64Array(this.classes);
    for (let i = start; i < end; i++) {
      const label = this.labels[this.rows[i] as number] as number;
      counts[label] = (counts[label] as number) + 1;
    }
    return counts;
  }

  private findSplit(start: number, end: number, counts: Float64Array): Split | null {
    const { order, options } = this;
    let best: Split | null = null;
    let left = this.tried;
    for (let i = 0; i < order.length && left > 0; i++) {
      const j = i + options.random.integer(order.length - i);
      const column = order[j] as number;
      order[j] = order[i] as number;
      order[i] = column;
      const split = this.splitColumn(column, start, end, counts);
      if (split === 'constant') continue;
      left--;
      if (split !== null && (best === null || split.gain > best.gain)) best = split;
    }
    return best;
  }

  private splitColumn(
    column: number,
    start: number,
    end: number,
    counts: Float64Array,
  ): Split | null | 'constant' {
    const { rows, data, labels, histogram, classes, options } = this;
    const offset = column * data.rows;
    let least = 255;
    let most = 0;
    for (let i = start; i < end; i++) {
      const bin = data.bins[offset + (rows[i] as number)] as number;
      if (bin < least) least = bin;
      if (bin > most) most = bin;
    }
    if (least === most) return 'constant';
    histogram.fill(0, least * classes, (most + 1) * classes);
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      const cell = (data.bins[offset + row] as number) * classes + (labels[row] as number);
      histogram[cell] = (histogram[cell] as number) + 1;
    }
    const only = options.cuts === 'random' ? least + 1 + options.random.integer(most - least) : 0;
    return this.bestCut(column, { least, most, only, size: end - start }, counts);
  }

  /** @param range bins that occur, and the only cut to look at, 0: all */
  private bestCut(
    column: number,
    { least, most, only, size }: { least: number; most: number; only: number; size: number },
    counts: Float64Array,
  ): Split | null {
    const { histogram, classes, options } = this;
    const leftCounts = new Float64Array(classes);
    let leftSize = 0;
    let best: Split | null = null;
    const last = only === 0 ? most : only;
    for (let bin = least + 1; bin <= last; bin++) {
      for (let k = 0; k < classes; k++) {
        const count = histogram[(bin - 1) * classes + k] as number;
        leftCounts[k] = (leftCounts[k] as number) + count;
        leftSize += count;
      }
      if (only !== 0 && bin !== only) continue;
      if (leftSize < options.minLeafRows || size - leftSize < options.minLeafRows) continue;
      const gain = negativeEntropy(counts, leftCounts, leftSize, size - leftSize);
      if (best === null || gain > best.gain) best = { column, bin, gain };
    }
    return best;
  }

  private partition(start: number, end: number, { column, bin }: Split): number {
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

/** −(rows × entropy) of both sides together: larger is purer. */
function negativeEntropy(all: Float64Array, left: Float64Array, leftSize: number, rightSize: number): number {
  let sum = -leftSize * Math.log(leftSize) - rightSize * Math.log(rightSize);
  for (let k = 0; k < all.length; k++) {
    const l = left[k] as number;
    const r = (all[k] as number) - l;
    if (l > 0) sum += l * Math.log(l);
    if (r > 0) sum += r * Math.log(r);
  }
  return sum;
}
