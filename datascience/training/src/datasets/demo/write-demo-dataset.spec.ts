import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { Random } from '../../common/random.js';
import { silentProgress } from '../../cli/progress.js';
import { createDataset } from '../create-dataset.js';
import { demoCategories } from './demo-categories.js';
import { drawProduct } from './draw-product.js';
import { expandPhrase } from './phrase-grammar.js';
import { sharedWords } from './vocabulary/shared-words.js';
import { writeDemoDataset } from './write-demo-dataset.js';

const LABELS: Record<number, string> = {
  10: 'Livre',
  2705: 'Livre numérique',
  2280: 'Magazine et BD',
  2403: 'Livres anciens, lots',
  2522: 'Fourniture de bureau',
  40: 'Jeu vidéo',
  2905: 'Jeu vidéo PC',
  50: 'Accessoire de jeu vidéo',
  60: 'Console de jeu vidéo',
  2462: 'Pack jeu vidéo',
  1140: 'Figurine et produits dérivés',
  1160: 'Carte à collectionner',
  1180: 'Univers fantastiques',
  1280: 'Jouet pour enfant',
  1281: 'Jeu de société',
  1300: 'Miniature de collection',
  1301: 'Loisir',
  1302: "Activité d'extérieur",
  1320: 'Accessoire bébé',
  1560: "Meuble d'intérieur",
  1920: 'Literie, rideaux',
  1940: 'Épicerie',
  2060: "Décoration d'intérieur",
  2220: 'Accessoire animaux de compagnie',
  2582: "Meuble d'extérieur",
  2583: 'Piscine',
  2585: 'Bricolage',
};

describe('demoCategories', () => {
  it('are the 27 of the challenge', () => {
    expect(Object.fromEntries(demoCategories.map(({ id, label }) => [id, label]))).toEqual(LABELS);
  });

  it.each(demoCategories.map((category) => [category.label, category] as const))(
    'has words, neighbours and a drawing for %s',
    async (_label, { id, products, details, brands, sentences, neighbours }) => {
      expect(products.length).toBeGreaterThanOrEqual(40);
      expect(new Set(products).size).toBe(products.length);
      expect(brands.length).toBeGreaterThanOrEqual(5);
      for (const phrase of [...products, ...details, ...sentences]) {
        const text = expandPhrase(phrase, sharedWords, new Random(3));
        expect(text).not.toMatch(/[{}|@;]/);
        expect(text).not.toBe('');
      }
      for (const neighbour of neighbours) expect(Object.keys(LABELS)).toContain(String(neighbour));
      expect(neighbours).not.toContain(id);
      const {
        width = 0,
        height = 0,
        format,
      } = await sharp(await drawProduct(id, neighbours, new Random(id))).metadata();
      expect(format).toBe('jpeg');
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(220);
    },
  );
});

describe('writeDemoDataset', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'vitrine-demo-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (name: string, overrides = {}) =>
    writeDemoDataset(
      { outputDir: join(root, name), products: 108, seed: 5, overwrite: false, ...overrides },
      silentProgress,
    );
  const bytes = (name: string) =>
    Object.fromEntries(
      readdirSync(join(root, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name)).toString('base64')]),
    );

  it('writes a catalogue that create-dataset takes without a problem', async () => {
    const { products, images } = await write('demo');
    expect(products).toBeGreaterThanOrEqual(100);
    expect(images).toBeLessThan(products);
    const report = await createDataset(
      {
        inputDir: join(root, 'demo'),
        outputDir: join(root, 'set'),
        trainSize: 0.5,
        testSize: 0.5,
        seed: 1,
        overwrite: false,
        strict: true,
      },
      silentProgress,
    );
    expect(report.categories).toHaveLength(27);
    expect(report.counts).toMatchObject({ rows: products, leftOut: 0, images });
    expect(report.counts.withoutDescription / products).toBeGreaterThan(0.2);
    expect(report.counts.withoutDescription / products).toBeLessThan(0.5);
    const x = parse(readFileSync(join(root, 'demo', 'X.csv'))) as string[][];
    expect(x[0]).toEqual(['', 'designation', 'description', 'productid', 'imageid']);
    expect(x.slice(1).every(([, designation]) => (designation as string).length > 2)).toBe(true);
  });

  it('gives the same bytes for the same seed, and after an interruption', async () => {
    await write('one');
    await write('two');
    expect(bytes('two')).toEqual(bytes('one'));
    const images = readdirSync(join(root, 'two', 'images'));
    for (const name of images.slice(0, 30)) rmSync(join(root, 'two', 'images', name));
    rmSync(join(root, 'two', 'X.csv'));
    await write('two');
    expect(bytes('two')).toEqual(bytes('one'));
    await write('three', { seed: 6 });
    expect(bytes('three')['X.csv']).not.toEqual(bytes('one')['X.csv']);
  });

  it('keeps what is not its own', async () => {
    mkdirSync(join(root, 'mine'));
    writeFileSync(join(root, 'mine', 'X.csv'), 'mine');
    await expect(write('mine', { overwrite: true })).rejects.toThrow('not a demo catalogue');
    expect(readFileSync(join(root, 'mine', 'X.csv'), 'utf8')).toBe('mine');
    await write('demo', { products: 54 });
    await expect(write('demo', { products: 60 })).rejects.toThrow('--overwrite');
    writeFileSync(join(root, 'demo', 'notes.txt'), 'mine');
    await write('demo', { products: 60, seed: 9, overwrite: true });
    await write('fresh', { products: 60, seed: 9 });
    const { 'notes.txt': notes, ...rest } = bytes('demo');
    expect(notes).toBeDefined();
    expect(rest).toEqual(bytes('fresh'));
  });
});
