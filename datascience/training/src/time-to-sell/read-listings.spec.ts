import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chooseFolds } from './choose-folds.js';
import { limitListings } from './limit-listings.js';
import { readListings } from './read-listings.js';

const HEADER =
  'id,nb_images,longueur_image,largeur_image,description_produit,annee,couleur,prix,categorie,nom_produit,delai_vente';
const row = (id: number, outcome: string, text = 'Un vase') =>
  `${id},3,800,600,${text},,Bleu,12.0,mode,Vase,${outcome}`;

describe('listings from a CSV file', () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-listings-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function read(content: string | Buffer, name = 'data.csv') {
    const file = join(dir, name);
    await writeFile(file, content);
    return readListings(file);
  }

  it('reads texts of several lines, and tells the line on which each listing begins', async () => {
    const set = await read(
      `\ufeff${HEADER}\r\n${row(1, '0', '"un\ndeux ""trois"""')}\r\n${row(2, '2.0')}\r\n\r\n`,
    );
    expect(set.rows.map(({ description_produit }) => description_produit)).toEqual([
      'un\ndeux "trois"',
      'Un vase',
    ]);
    expect(set.lines).toEqual([2, 4]);
    expect([...set.labels]).toEqual([0, 2]);
    expect(set.rows[0]).not.toHaveProperty('delai_vente');
  });

  it('reads gzip, and counts listings without an outcome', async () => {
    const set = await read(
      gzipSync(`${HEADER}\n${row(1, '1')}\n${row(2, '')}\n${row(3, 'nan')}\n`),
      'data.csv.gz',
    );
    expect(set).toMatchObject({ withoutOutcome: 2, lines: [2] });
  });

  it('tells rows apart by their hash, whatever else the file holds', async () => {
    const first = await read(`${HEADER}\n${row(1, '1')}\n`);
    const same = await read(`${HEADER}\n${row(9, '1')}\n`);
    const other = await read(`${HEADER}\n${row(1, '2')}\n`);
    expect(same.hash).toBe(first.hash);
    expect(other.hash).not.toBe(first.hash);
  });

  it.each([
    ['', 'is empty'],
    ['a,b\n1,2\n', 'line 1 names no column nb_images'],
    [`${HEADER},prix\n`, 'names the column prix twice'],
    [
      `${HEADER}\n${row(1, '0')}\n${row(2, '7')}\n${row(3, 'x')}\n`,
      'line 3: delai_vente is "7" where 0, 1 or 2 must be; line 4',
    ],
    [`${HEADER}\n${row(1, '0')}\n1,2,3\n`, 'line 3 has 3 fields where the header has 11'],
    [`${HEADER}\n${row(1, '0')}\n2,"never closed\n`, 'line 3'],
  ])('refuses %j', async (content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it('refuses a file that is not there or no gzip', async () => {
    await expect(readListings(join(dir, 'nowhere.csv'))).rejects.toThrow('cannot be read');
    await expect(read('no gzip', 'fake.csv.gz')).rejects.toThrow('cannot be read');
  });

  it('limits rows in proportion, in their order', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => row(i, String(i % 3)));
    const set = await read([HEADER, ...lines].join('\n'));
    const part = limitListings(set, 15, 1);
    expect([0, 1, 2].map((k) => part.labels.filter((label) => label === k).length)).toEqual([5, 5, 5]);
    expect(part.lines).toEqual([...part.lines].sort((a, b) => a - b));
    expect(part.hash).not.toBe(set.hash);
    expect(limitListings(set, 60, 1)).toBe(set);
  });
});

describe('folds', () => {
  const labels = (...counts: number[]) =>
    Uint8Array.from(counts.flatMap((n, k) => new Array<number>(n).fill(k)));

  it('are five, fewer for few rows or a small class, or what was asked for', () => {
    expect(chooseFolds(labels(500, 500, 500))).toEqual({ folds: 5, innerFolds: 5 });
    expect(chooseFolds(labels(20, 20, 20))).toEqual({ folds: 3, innerFolds: 3 });
    expect(chooseFolds(labels(20, 20, 2)).folds).toBe(2);
    expect(chooseFolds(labels(20, 20, 20), 10).folds).toBe(10);
  });

  it('need enough rows of every outcome', () => {
    expect(() => chooseFolds(labels(20, 20))).toThrow('no row with delai_vente 2');
    expect(() => chooseFolds(labels(20, 1, 20))).toThrow('1 row with delai_vente 1');
    expect(() => chooseFolds(labels(20, 20, 4), 5)).toThrow(
      '4 rows with delai_vente 2: each of 0, 1 and 2 needs at least 5',
    );
  });
});
