import type { Trees } from '@vitrine/inference';

/** Collects trees, in the order in which their nodes are visited, into flat arrays. */
export class TreeBuilder {
  private readonly roots: number[] = [];
  private readonly columns: number[] = [];
  private readonly thresholds: number[] = [];
  private readonly right: number[] = [];
  private readonly leaves: number[] = [];

  beginTree(): void {
    this.roots.push(this.columns.length);
  }

  /** Adds an inner node; its left child is the next node that is added. */
  addSplit(column: number, threshold: number): number {
    return this.add(column, threshold, 0);
  }

  /** Says that the next node that is added is the right child of a node. */
  beginRight(node: number): void {
    this.right[node] = this.columns.length;
  }

  addLeaf(values: readonly number[]): void {
    this.add(-1, 0, this.leaves.length);
    this.leaves.push(...values);
  }

  build(): Trees {
    return {
      roots: Uint32Array.from(this.roots),
      columns: Int16Array.from(this.columns),
      thresholds: Float32Array.from(this.thresholds),
      right: Uint32Array.from(this.right),
      leaves: Float32Array.from(this.leaves),
    };
  }

  private add(column: number, threshold: number, right: number): number {
    this.columns.push(column);
    this.thresholds.push(threshold);
    this.right.push(right);
    return this.columns.length - 1;
  }
}
