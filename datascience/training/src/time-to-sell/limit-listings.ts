import { createHash } from 'node:crypto';
import { Random } from '../common/random.js';
import type { ListingSet } from './read-listings.js';

/**
 * Keeps at most `limit` listings, each outcome in proportion, in their order. The hash changes with the rows, for a
 * model of a part is not a model of the whole.
 */
export function limitListings(set: ListingSet, limit: number | undefined, seed: number): ListingSet {
  if (limit === undefined || limit >= set.rows.length) return set;
  const random = new Random(seed);
  const places = random
    .shuffle(set.rows.map((_, row) => row))
    .map((row, i) => ({ row, label: set.labels[row] as number, i }));
  const counts = new Map<number, number>();
  for (const { label } of places) counts.set(label, (counts.get(label) ?? 0) + 1);
  const seen = new Map<number, number>();
  const kept = places
    .map(({ row, label }) => {
      const before = seen.get(label) ?? 0;
      seen.set(label, before + 1);
      return { row, place: (before + 0.5) / (counts.get(label) as number) };
    })
    .sort((a, b) => a.place - b.place)
    .slice(0, limit)
    .map(({ row }) => row)
    .sort((a, b) => a - b);
  const hash = createHash('sha256').update(`${set.hash} ${limit} ${seed}`).digest('hex');
  return {
    ...set,
    rows: kept.map((row) => set.rows[row] as (typeof set.rows)[number]),
    labels: Uint8Array.from(kept, (row) => set.labels[row] as number),
    lines: kept.map((row) => set.lines[row] as number),
    hash,
    testHash: hash,
  };
}
