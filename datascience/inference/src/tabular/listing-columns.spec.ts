import { ListingColumns, type ListingFields } from './listing-columns.js';
import type { TabularRow } from './tabular-row.js';

const fields: ListingFields = {
  title: 'title',
  description: 'description',
  price: 'price',
  year: 'year',
  colour: 'colour',
  category: 'category',
  photos: 'photos',
  height: 'height',
  width: 'width',
};
const columns = new ListingColumns(fields);

function read(row: TabularRow): Record<string, number> {
  const out = new Float32Array(columns.names.length + 2).fill(7);
  columns.write(row, out, 1);
  expect([out[0], out.at(-1)]).toEqual([7, 7]); // nothing is written beside its place
  return Object.fromEntries(columns.names.map((name, i) => [name, out[i + 1] as number]));
}

describe('listing columns', () => {
  it('names every column once', () => {
    expect(new Set(columns.names).size).toBe(columns.names.length);
  });

  it('reads numbers, photo shape and price forms', () => {
    expect(read({ price: '12,50', photos: 5, height: '300', width: 200.0, year: 1987 })).toMatchObject({
      price: 12.5,
      priceCents: 50,
      priceModulo5: 2.5,
      pricePerPhoto: 2.5,
      photoArea: 60_000,
      photoAspect: 1.5,
      photoLonger: 300,
      yearModulo10: 7,
      missingFields: 4,
    });
  });

  it('counts how texts are written', () => {
    const row = { title: 'VASE bleu', description: 'Un vase…\n\nH 12 cm, <b>TRÈS</b> joli !' };
    expect(read(row)).toMatchObject({
      'title.words': 2,
      'title.shouted': 1,
      'description.lines': 2,
      'description.blankLines': 1,
      'description.tags': 2,
      'description.exclamations': 1,
      'description.endsWithMark': 1,
      titleInDescription: 0.5,
      centimetres: 12,
    });
  });

  it('leaves missing what is missing', () => {
    const values = read({ price: 'nan', title: ' NaN ', height: null, width: 0, photos: 0 });
    for (const name of [
      'price',
      'title.words',
      'photoAspect',
      'pricePerPhoto',
      'description.characters',
      'centimetres',
    ]) {
      expect(values[name]).toBeNaN();
    }
  });

  it('never gives an infinity, and ends soon, whatever a row holds', () => {
    const texts = [
      '<'.repeat(50_000),
      '\n \t'.repeat(50_000),
      '.'.repeat(50_000),
      'A'.repeat(50_000),
      '\ud800',
    ];
    const start = performance.now();
    for (const description of texts) {
      const values = read({
        title: description,
        description,
        price: 1e300,
        height: 1e-300,
        width: -1,
        photos: 1e18,
      });
      for (const value of Object.values(values)) expect(Math.abs(value)).not.toBe(Infinity);
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
