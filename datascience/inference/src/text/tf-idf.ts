/** Weight of a term's occurrences in a text: 1 + ln(tf), "sublinear" term frequency. */
export function termFrequencyWeight(count: number): number {
  return 1 + Math.log(count);
}

/** Smoothed inverse document frequency, ln((1 + texts) / (1 + df)) + 1, as in scikit-learn. */
export function inverseDocumentFrequency(texts: number, textsWithTerm: number): number {
  return Math.log((1 + texts) / (1 + textsWithTerm)) + 1;
}

/** A sparse row: the first `size` places of both arrays count. Reused from text to text. */
export class SparseRow {
  columns = new Int32Array(2048);
  values = new Float32Array(2048);
  size = 0;

  push(column: number, value: number): void {
    if (this.size === this.columns.length) this.grow();
    this.columns[this.size] = column;
    this.values[this.size++] = value;
  }

  /** Scales the places from `start` on to length 1 (L2); nothing is done where there are none. */
  normaliseFrom(start: number): void {
    let squares = 0;
    for (let i = start; i < this.size; i++) squares += (this.values[i] as number) ** 2;
    if (squares === 0) return;
    const scale = 1 / Math.sqrt(squares);
    for (let i = start; i < this.size; i++) this.values[i] = (this.values[i] as number) * scale;
  }

  private grow(): void {
    const columns = new Int32Array(2 * this.size);
    const values = new Float32Array(2 * this.size);
    columns.set(this.columns);
    values.set(this.values);
    this.columns = columns;
    this.values = values;
  }
}
