/** Row-major columns of a training set; NaN means missing. */
export interface ColumnMatrix {
  values: Float32Array;
  rows: number;
  columns: number;
}

/** Bins of a column at most; bin 0 holds missing values. */
const MAX_BINS = 128;

/** Columns cut into bins, so that a split is sought among bins and not among values. */
export interface BinnedColumns {
  /** Column-major [columns × rows]. */
  bins: Uint8Array;
  /** Of each column: `edges[b - 1]` is the least value of bin b, from bin 1 on. */
  edges: Float32Array[];
  rows: number;
  columns: number;
}

/** Cuts each column at quantiles of its values; a column of few values gets a bin for each. */
export function binColumns({ values, rows, columns }: ColumnMatrix): BinnedColumns {
  const bins = new Uint8Array(rows * columns);
  const edges: Float32Array[] = [];
  const column = new Float32Array(rows);
  for (let c = 0; c < columns; c++) {
    for (let row = 0; row < rows; row++) column[row] = values[row * columns + c] as number;
    const cuts = findEdges(column);
    edges.push(cuts);
    for (let row = 0; row < rows; row++) bins[c * rows + row] = binOf(column[row] as number, cuts);
  }
  return { bins, edges, rows, columns };
}

/** 0 for a missing value, else the number of edges that it reaches. */
function binOf(value: number, edges: Float32Array): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= (edges[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first edge is −∞: it parts what is missing from all that is there, also from less than was ever seen. */
function findEdges(column: Float32Array): Float32Array {
  const present = column.filter((value) => !Number.isNaN(value)).sort();
  if (present.length === 0) return new Float32Array();
  const distinct: number[] = [];
  for (const value of present) if (value !== distinct.at(-1)) distinct.push(value);
  const edges: number[] = [-Infinity];
  if (distinct.length < MAX_BINS) {
    for (let i = 1; i < distinct.length; i++)
      edges.push(between(distinct[i - 1] as number, distinct[i] as number));
    return Float32Array.from(edges);
  }
  for (let bin = 1; bin < MAX_BINS - 1; bin++) {
    const value = present[Math.floor((bin * present.length) / (MAX_BINS - 1))] as number;
    if (value > (edges.at(-1) as number) && value > (present[0] as number)) edges.push(value);
  }
  return Float32Array.from(edges);
}

/** Halfway between two values, so that a new one falls to the nearer side. */
function between(before: number, value: number): number {
  const half = Math.fround(before + (value - before) / 2);
  return half > before ? half : value;
}
