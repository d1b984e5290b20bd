import { NgramCounter, TextNgrams, Vocabulary } from '@vitrine/inference';
import { countCorpus } from './corpus.js';
import { FeatureSpace } from './feature-space.js';
import { Pace } from './pace.js';

const TEXTS = ['chaise rouge', 'chaise chaise bleue', 'pot rouge', 'inedit'];
const FITTED = Int32Array.of(0, 1, 2);

const pace = () => new Pace(new AbortController().signal);
const open = async (maxColumns = Infinity, fitted = FITTED) =>
  new FeatureSpace(await countCorpus(TEXTS, maxColumns, pace()), fitted);
const rowOf = ({ columns, values, size }: { columns: Int32Array; values: Float32Array; size: number }) =>
  new Map(Array.from(columns.subarray(0, size), (column, i) => [column, values[i]]));

describe('FeatureSpace', () => {
  it('gives exactly the features that the packaged processor gives', async () => {
    const space = await open(Infinity, Int32Array.from(TEXTS.keys()));
    const processor = new TextNgrams(space.packWords(), space.packCharacters());
    TEXTS.forEach((text, row) =>
      expect(rowOf(space.features(row))).toEqual(rowOf(processor.transform(text))),
    );
    expect(processor.columns).toBe(space.columns);
  });

  it('gives each block a length of 1, and words alone when asked', async () => {
    const space = await open();
    const words = [...rowOf(space.wordFeatures(1))];
    expect(words.reduce((sum, [, value]) => sum + value! ** 2, 0)).toBeCloseTo(1, 6);
    expect(words.every(([column]) => column < space.wordColumns)).toBe(true);
    const all = [...rowOf(space.features(1)).values()];
    expect(all.reduce<number>((sum, value) => sum + value! ** 2, 0)).toBeCloseTo(2, 6);
  });

  it('knows nothing of rows that it was not fitted on', async () => {
    const space = await open();
    expect(space.wordFeatures(3).size).toBe(0);
    // A term that no fitted row holds has a column, of the corpus, but no weight.
    expect([...space.packWords().idf].filter((idf) => idf === 0)).toHaveLength(1);
  });

  it('keeps the most frequent terms where there is no room for all', async () => {
    const rows = Int32Array.from(TEXTS.keys());
    const all = await open(Infinity, rows);
    const half = await open(all.columns / 2, rows);
    expect(half.columns).toBeLessThanOrEqual(all.columns / 2 + 2);
    const { idf, hashes } = half.packWords();
    expect([...idf]).toEqual([...all.packWords().idf.subarray(0, idf.length)]);
    expect([...hashes]).toEqual([...all.packWords().hashes.subarray(0, idf.length)]);
    expect([...idf]).toEqual([...idf].sort((a, b) => a - b));
    // What is left of a row is the same, but for its length.
    const kept = [...rowOf(all.wordFeatures(1)).keys()].filter((column) => column < idf.length);
    expect([...rowOf(half.wordFeatures(1)).keys()]).toEqual(kept);
  });

  it('weighs by 1 + ln tf and smoothed inverse document frequency', async () => {
    const space = await open();
    // Words of 'chaise chaise bleue': chaise (twice, df 2), and three terms of df 1.
    const common = (1 + Math.log(2)) * (Math.log(4 / 3) + 1);
    const rare = Math.log(4 / 2) + 1;
    const length = Math.hypot(common, rare, rare, rare);
    const values = [...rowOf(space.wordFeatures(1)).values()].sort((a, b) => a! - b!);
    expect(values[0]).toBeCloseTo(Math.min(common, rare) / length, 6);
    expect(values[3]).toBeCloseTo(Math.max(common, rare) / length, 6);
  });
});

describe('countCorpus', () => {
  it('counts as the counter of serving does', async () => {
    const corpus = await countCorpus(TEXTS, Infinity, pace());
    const counter = new NgramCounter(
      Vocabulary.fromHashes(corpus.words.hashes),
      Vocabulary.fromHashes(corpus.characters.hashes),
      false,
    );
    TEXTS.forEach((text, row) => {
      counter.count(text);
      for (const block of ['words', 'characters'] as const) {
        const { starts, columns, counts } = corpus[block];
        const [from, to] = [starts[row]!, starts[row + 1]!];
        const { terms, size } = counter[block];
        expect([...columns.subarray(from, to)]).toEqual([...terms.subarray(0, size)]);
        expect([...counts.subarray(from, to)]).toEqual(
          Array.from({ length: size }, (_, i) => counter[block].countAt(i)),
        );
      }
    });
  });

  it('keeps everything in memory that threads share', async () => {
    const { words, characters } = await countCorpus(TEXTS, 20, pace());
    for (const { starts, columns, counts } of [words, characters])
      for (const array of [starts, columns, counts]) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('stops when it is aborted', async () => {
    const texts = Array.from(
      { length: 20_000 },
      (_, i) => `produit ${i} avec une assez longue description ${i}`,
    );
    await expect(
      countCorpus(texts, Infinity, new Pace(AbortSignal.abort(new Error('stop')))),
    ).rejects.toThrow('stop');
  });
});
