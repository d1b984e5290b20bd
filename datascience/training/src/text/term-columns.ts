import type { CountedBlock } from './corpus.js';

const DROPPED = -1;

/** Numbers of a block's rows that hold each column, among the given rows or among all. */
export function documentFrequencies(block: CountedBlock, rows?: Int32Array): Uint32Array {
  const frequencies = new Uint32Array(block.hashes.length);
  const { starts, columns } = block;
  const count = rows?.length ?? starts.length - 1;
  for (let i = 0; i < count; i++) {
    const row = rows ? (rows[i] as number) : i;
    const end = starts[row + 1] as number;
    for (let place = starts[row] as number; place < end; place++) {
      const column = columns[place] as number;
      frequencies[column] = (frequencies[column] as number) + 1;
    }
  }
  return frequencies;
}

/**
 * Numbers a block's terms anew, the most frequent first, and drops the rarest. The block's own arrays are overwritten:
 * at 85,000 long texts a copy would be half a gigabyte.
 *
 * @param share of the terms to keep
 */
export function arrangeByFrequency(block: CountedBlock, share: number): CountedBlock {
  const terms = termsByFrequency(documentFrequencies(block));
  const kept = terms.subarray(0, Math.ceil(terms.length * share));
  const columnOfTerm = new Int32Array(block.hashes.length).fill(DROPPED);
  for (let column = 0; column < kept.length; column++) columnOfTerm[kept[column] as number] = column;
  const { starts, columns, counts } = block;
  let next = 0;
  let place = 0;
  for (let row = 0; row < starts.length - 1; row++) {
    const end = starts[row + 1] as number;
    for (; place < end; place++) {
      const column = columnOfTerm[columns[place] as number] as number;
      if (column === DROPPED) continue;
      columns[next] = column;
      counts[next++] = counts[place] as number;
    }
    starts[row + 1] = next;
  }
  const hashes = Uint32Array.from(kept, (term) => block.hashes[term] as number);
  return { starts, columns: columns.subarray(0, next), counts: counts.subarray(0, next), hashes };
}

/** Terms that occur at all, the most frequent first, equals in order of arrival (a counting sort). */
function termsByFrequency(frequencies: Uint32Array): Int32Array {
  let highest = 0;
  for (const frequency of frequencies) if (frequency > highest) highest = frequency;
  const places = new Uint32Array(highest + 2);
  for (const frequency of frequencies) places[frequency] = (places[frequency] as number) + 1;
  let next = 0;
  for (let frequency = highest; frequency > 0; frequency--) {
    const count = places[frequency] as number;
    places[frequency] = next;
    next += count;
  }
  const terms = new Int32Array(next);
  for (let term = 0; term < frequencies.length; term++) {
    const frequency = frequencies[term] as number;
    if (frequency === 0) continue;
    terms[places[frequency] as number] = term;
    places[frequency] = (places[frequency] as number) + 1;
  }
  return terms;
}
