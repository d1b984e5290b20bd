/** How often each term occurs in one text: a dense counter that is cleared by what was touched. */
export class TermCounts {
  /** Terms of the text in order of first occurrence; the first `size` count. */
  terms = new Int32Array(1024);
  size = 0;
  private counts: Uint32Array;

  /** @param terms numbers to expect; more make it grow */
  constructor(terms = 0) {
    this.counts = new Uint32Array(terms);
  }

  add(term: number): void {
    if (term >= this.counts.length) this.counts = enlarged(this.counts, term + 1);
    const count = this.counts[term] as number;
    this.counts[term] = count + 1;
    if (count > 0) return;
    if (this.size === this.terms.length) this.terms = enlarged(this.terms, this.size + 1);
    this.terms[this.size++] = term;
  }

  /** Occurrences of the term at a position of `terms`. */
  countAt(position: number): number {
    return this.counts[this.terms[position] as number] as number;
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) this.counts[this.terms[i] as number] = 0;
    this.size = 0;
  }
}

function enlarged<T extends Int32Array | Uint32Array>(array: T, needed: number): T {
  const copy = new (array.constructor as new (length: number) => T)(Math.max(needed, 2 * array.length));
  copy.set(array);
  return copy;
}
