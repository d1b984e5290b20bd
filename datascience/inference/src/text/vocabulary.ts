const MIN_CAPACITY = 16;
/** Slots over entries; a sparser table has shorter probes. */
const SLOTS_PER_ENTRY = 2;

/**
 * Numbers n-grams, known by their 32-bit hash, from 0 in order of arrival: an open-addressing table with linear
 * probing in one typed array. The n-grams themselves are not kept: two that share a hash share a number, and an
 * unknown one is taken for a known one with probability size / 2^32 (0.02 % at a million entries).
 */
export class Vocabulary {
  /** Pairs of hash and number + 1; 0 in the second place marks a free slot. */
  private slots: Int32Array;
  private mask: number;
  private count = 0;

  /** @param expected entries to make room for at once */
  constructor(expected = 0) {
    const capacity = capacityFor(expected);
    this.slots = new Int32Array(2 * capacity);
    this.mask = capacity - 1;
  }

  /**
   * @param hashes of entry 0, 1, …
   * @throws RangeError where a hash occurs twice
   */
  static fromHashes(hashes: Uint32Array): Vocabulary {
    const vocabulary = new Vocabulary(hashes.length);
    for (let i = 0; i < hashes.length; i++) {
      if (vocabulary.add(hashes[i] as number) !== i) throw new RangeError(`Entry ${i} occurs twice`);
    }
    return vocabulary;
  }

  get size(): number {
    return this.count;
  }

  /** The entry's number, or -1 where there is none. */
  find(hash: number): number {
    return (this.slots[this.slotOf(hash) + 1] as number) - 1;
  }

  /** The entry's number; a new entry gets the next one. */
  add(hash: number): number {
    const slot = this.slotOf(hash);
    const known = (this.slots[slot + 1] as number) - 1;
    if (known >= 0) return known;
    this.slots[slot] = hash;
    this.slots[slot + 1] = ++this.count;
    if (this.count * SLOTS_PER_ENTRY > this.mask + 1) this.grow();
    return this.count - 1;
  }

  /** The hash of each entry, by number. */
  toHashes(): Uint32Array {
    const hashes = new Uint32Array(this.count);
    for (let slot = 0; slot < this.slots.length; slot += 2) {
      const entry = this.slots[slot + 1] as number;
      if (entry > 0) hashes[entry - 1] = this.slots[slot] as number;
    }
    return hashes;
  }

  /** Where the hash is, or the free slot where it would go. */
  private slotOf(hash: number): number {
    const signed = hash | 0;
    let index = hash & this.mask;
    while (this.slots[2 * index + 1] !== 0 && this.slots[2 * index] !== signed)
      index = (index + 1) & this.mask;
    return 2 * index;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    this.mask = this.slots.length / 2 - 1;
    for (let slot = 0; slot < old.length; slot += 2) {
      if (old[slot + 1] === 0) continue;
      const target = this.slotOf(old[slot] as number);
      this.slots[target] = old[slot] as number;
      this.slots[target + 1] = old[slot + 1] as number;
    }
  }
}

function capacityFor(entries: number): number {
  return Math.max(MIN_CAPACITY, 2 ** Math.ceil(Math.log2(entries * SLOTS_PER_ENTRY + 1)));
}
