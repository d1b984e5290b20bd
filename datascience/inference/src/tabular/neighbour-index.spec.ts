import { buildPostings, NeighbourIndex, type SparseRows } from './neighbour-index.js';

/** Three rows of two terms: the first two alike. */
const rows: SparseRows = {
  starts: Uint32Array.of(0, 2, 4, 5),
  terms: Uint32Array.of(0, 1, 0, 1, 2),
  weights: Float32Array.of(0.6, 0.8, 0.8, 0.6, 1),
};
const index = new NeighbourIndex(
  { postings: buildPostings(rows, 3), measures: Float32Array.of(0, 1, 2), labels: Uint8Array.of(0, 1, 1) },
  [0.5, 0.5],
);

function vote(skip = -1): Float32Array {
  const out = new Float32Array(6);
  const query = { terms: [0, 1], weights: [0.6, 0.8], size: 2, measures: Float32Array.of(0) };
  index.vote(query, out, 0, skip);
  return out;
}

describe('neighbour index', () => {
  it('weighs votes by similarity to the fourth power, with a tenth of the prior', () => {
    const similarities = [1 + 1, 0.96 + Math.exp(-1), Math.exp(-4)];
    const weights = similarities.map((s) => s ** 4);
    const total = weights.reduce((sum, w) => sum + w, 0.1);
    const shares = [
      ((weights[0] ?? 0) + 0.05) / total,
      ((weights[1] ?? 0) + (weights[2] ?? 0) + 0.05) / total,
    ];
    const expected = [...shares, ...shares, 2, similarities.reduce((sum, s) => sum + s, 0) / 3];
    vote().forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 2));
  });

  it('leaves out the row that is asked about, and its votes are shares', () => {
    const out = vote(0);
    expect((out[0] ?? 0) + (out[1] ?? 0)).toBeCloseTo(1, 6);
    expect(out[1]).toBeGreaterThan(0.9);
    expect(vote()).toEqual(vote());
  });

  it('answers with the prior where there are no rows', () => {
    const none = { starts: Uint32Array.of(0), terms: new Uint32Array(), weights: new Float32Array() };
    const empty = new NeighbourIndex(
      { postings: buildPostings(none, 1), measures: new Float32Array(), labels: new Uint8Array() },
      [0.25, 0.75],
    );
    const out = new Float32Array(6);
    empty.vote({ terms: [], weights: [], size: 0, measures: Float32Array.of(0) }, out, 0);
    expect([...out.subarray(0, 4)]).toEqual([0.25, 0.75, 0.25, 0.75]);
    expect(out[4]).toBeNaN();
  });
});
