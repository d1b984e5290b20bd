import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import type { Progress } from '../cli/progress.js';
import { createDataset, type CreateDatasetOptions } from './create-dataset.js';
import { formatCsv } from './csv-file.js';
import { readDataset } from './read-dataset.js';

let root: string;
let inputDir: string;
let outputDir: string;
let lines: string[];
const progress: Progress = {
  info: (message) => void lines.push(message),
  warn: (message) => void lines.push(`warning: ${message}`),
  task: () => ({ advance: () => undefined, finish: () => undefined }),
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vitrine-datasets-'));
  inputDir = join(root, 'input');
  outputDir = join(root, 'output');
  mkdirSync(join(inputDir, 'images'), { recursive: true });
  lines = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Row = [index: string, designation: string, description: string, productId: string, imageId: string];

/** Twenty rows in two categories, without photos. */
function rows(count = 20): Row[] {
  return Array.from({ length: count }, (_, i) => [
    `${i}`,
    `title ${i}`,
    `text ${i}`,
    `${100 + i}`,
    `${500 + i}`,
  ]);
}
const targets = (count = 20) =>
  Array.from({ length: count }, (_, i) => [`${i}`, i % 2 === 0 ? '10' : '2280']);

function write(x: string[][], y: string[][], categories: string[][] | null = null): void {
  writeFileSync(
    join(inputDir, 'X.csv'),
    formatCsv(['', 'designation', 'description', 'productid', 'imageid'], x),
  );
  writeFileSync(join(inputDir, 'y.csv'), formatCsv(['', 'prdtypecode'], y));
  if (categories) {
    writeFileSync(join(inputDir, 'categories.csv'), formatCsv(['category_id', 'label'], categories));
  }
}

async function photo(i: number, extension = 'jpg', colour = '#b03020'): Promise<string> {
  const path = join(inputDir, 'images', `image_${500 + i}_product_${100 + i}.${extension}`);
  await sharp({ create: { width: 60, height: 40, channels: 3, background: colour } }).toFile(path);
  return path;
}

function run(overrides: Partial<CreateDatasetOptions> = {}) {
  const defaults = {
    inputDir,
    outputDir,
    trainSize: 0.8,
    testSize: 0.2,
    seed: 42,
    overwrite: false,
    strict: false,
  };
  return createDataset({ ...defaults, ...overrides }, progress);
}

function table(name: string): string[][] {
  return parse(readFileSync(join(outputDir, name)), { relax_column_count: true }) as string[][];
}

/** Every file of the output by name, photos by time as well. */
function snapshot(dir = outputDir): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name)).toString('base64')]),
  );
}

describe('createDataset', () => {
  it('splits stratified rows and keeps their columns and indexes', async () => {
    write(rows(), targets(), [
      ['10', 'Livre'],
      ['2280', 'Magazine'],
      ['99', 'Unused'],
    ]);
    const report = await run();
    expect(report.counts).toMatchObject({ rows: 20, train: 16, test: 4, leftOut: 0, withoutImage: 20 });
    expect(table('X_train.csv')[0]).toEqual(['', 'designation', 'description', 'productid', 'imageid']);
    expect(table('categories.csv')).toEqual([
      ['category_id', 'label'],
      ['10', 'Livre'],
      ['2280', 'Magazine'],
    ]);
    for (const part of ['train', 'test']) {
      const x = table(`X_${part}.csv`).slice(1);
      const y = table(`y_${part}.csv`).slice(1);
      expect(y.map(([index]) => index)).toEqual(x.map(([index]) => index));
      y.forEach(([index, target]) => expect(target).toBe(Number(index) % 2 === 0 ? '10' : '2280'));
    }
    expect(table('y_test.csv').filter(([, target]) => target === '10')).toHaveLength(2);
    const all = [...table('X_train.csv').slice(1), ...table('X_test.csv').slice(1)];
    expect(all.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(rows());
  });

  it('gives the same bytes for the same seed wherever they lie, and other rows for another seed', async () => {
    write(rows(), targets());
    await photo(3);
    const first = await run();
    const again = await run({ outputDir: join(root, 'again') });
    expect(again).toEqual(first);
    const strip = ({ '.images.ndjson': _journal, ...files }: Record<string, string>) => files;
    expect(strip(snapshot(join(root, 'again')))).toEqual(strip(snapshot()));
    const other = await run({ outputDir: join(root, 'other'), seed: 43 });
    expect(other.testDigest).not.toBe(first.testDigest);
  });

  it('reads gzip, a byte-order mark, CRLF, quoted newlines, named indexes and pandas ids', async () => {
    const x = [
      '\uFEFFidx,designation,description,productid,imageid',
      '7,"Two\r\nlines, ""quoted""",,100.0,500.0',
      ...rows(10)
        .slice(1)
        .map((row) => row.join(',')),
    ].join('\r\n');
    const y = [
      'idx,prdtypecode',
      '7,10.0',
      ...targets(10)
        .slice(1)
        .map((row) => row.join(',')),
    ].join('\r\n');
    // Row 7 of the helper has the same index as the first: it is reported, the first is kept.
    writeFileSync(join(inputDir, 'X.csv.gz'), gzipSync(x));
    writeFileSync(join(inputDir, 'y.csv.gz'), gzipSync(y));
    await photo(0);
    const report = await run();
    expect(report.problems.counts).toEqual({ 'index-duplicate': 2 });
    const { train, test } = await readDataset(outputDir);
    const row = [...train, ...test].find(({ productId }) => productId === '100');
    expect(row).toMatchObject({
      index: '7',
      designation: 'Two\r\nlines, "quoted"',
      description: null,
      imageId: '500',
      imagePath: join(outputDir, 'images', 'image_500_product_100.png'),
    });
    expect(report.categories[0]).toMatchObject({ id: 10, label: '10' });
  });

  it('keeps text that CSV finds hard', async () => {
    const hard = rows();
    const text = 'a "b", \n\r\n c;\r é 😀 \u0000 ,,';
    hard[4] = ['4', text, ' padded ', '104', ''];
    write(hard, targets());
    await run();
    const { train, test } = await readDataset(outputDir);
    const row = [...train, ...test].find(({ index }) => index === '4');
    expect(row).toMatchObject({ designation: text, description: ' padded ', imageId: null, imagePath: null });
  });

  it('prepares photos of every format and reports those that cannot be read', async () => {
    const x = rows();
    x[4] = ['4', '', '', '104', '504'];
    x[5] = ['5', '', '  ', '105', '505'];
    x[6] = ['6', '', '', '106', ''];
    write(x, targets());
    await photo(0, 'jpg');
    await photo(1, 'jpeg');
    await photo(2, 'png');
    await photo(3, 'webp');
    await photo(4, 'jpg');
    writeFileSync(await photo(5), 'no photo'); // no text either
    writeFileSync(await photo(7), ''); // keeps its text
    const truncated = await photo(8);
    writeFileSync(truncated, readFileSync(truncated).subarray(0, 200));
    const report = await run();
    expect(report.problems.counts).toEqual({
      'image-unsupported': 1,
      'image-invalid': 2,
      'product-empty': 2,
    });
    expect(report.problems.list.map(({ row, code }) => [row, code])).toEqual([
      [6, 'image-unsupported'],
      [6, 'product-empty'],
      [7, 'product-empty'],
      [8, 'image-invalid'],
      [9, 'image-invalid'],
    ]);
    expect(report.counts).toMatchObject({
      rows: 20,
      leftOut: 2,
      images: 5,
      withoutImage: 13,
      imagesNotFound: 11,
    });
    expect(readdirSync(join(outputDir, 'images'))).toHaveLength(5);
    const { width, height, channels } = await sharp(
      join(outputDir, 'images', 'image_503_product_103.png'),
    ).metadata();
    expect([width, height, channels]).toEqual([224, 224, 3]);
    expect(lines.filter((line) => line.startsWith('warning:'))).toHaveLength(6);
    expect(lines).toContainEqual(
      expect.stringContaining('X.csv row 8: image_507_product_107: The image is empty'),
    );
    expect(lines).toContainEqual(expect.stringContaining('warning: 5 problems (image-unsupported 1'));
  });

  it('reports every other kind of problem and goes on', async () => {
    const x: string[][] = rows();
    x[1] = ['0', 'again', '', '900', '']; // duplicate index; the target of 1 is left over
    x[3] = ['3', 'same product', '', '102', '']; // duplicate product
    x[5] = ['5', 'too', 'many', '1', '2', '3'];
    x.push(['77', 'no target', '', '977', ''], ['78', 'empty target', '', '978', '']);
    x.push(['79', 'bad target', '', '979', ''], ['80', 'alone', '', '980', '']);
    const y = [...targets(), ['78', ''], ['79', 'Livre'], ['80', '55'], ['99', '10']];
    write(x, y, [
      ['10', 'Livre'],
      ['10', 'Book'],
      ['x', 'Odd'],
    ]);
    const report = await run();
    expect(report.problems.counts).toEqual({
      'category-invalid': 2,
      'category-unlabelled': 2,
      'class-single': 1,
      'index-duplicate': 1,
      'product-duplicate': 1,
      'row-malformed': 1,
      'target-invalid': 1,
      'target-missing': 2,
      'target-without-product': 3,
    });
    expect(report.counts).toMatchObject({ rows: 24, leftOut: 6 });
    expect(table('y_train.csv')).toContainEqual(['80', '55']);
    expect(table('categories.csv').slice(1)).toEqual([
      ['10', 'Livre'],
      ['55', '55'],
      ['2280', '2280'],
    ]);
    await readDataset(outputDir);
  });

  it('stops at the first problem under strict', async () => {
    write([...rows(), ['77', 'no target', '', '977', '']], targets());
    await expect(run({ strict: true })).rejects.toThrow('X.csv row 21: index 77 has no prdtypecode');
    await expect(readDataset(outputDir)).rejects.toThrow('There is no folder');
    write(rows(), targets());
    writeFileSync(await photo(0), 'no photo');
    await expect(run({ strict: true })).rejects.toThrow('(--strict)');
    await expect(readDataset(outputDir)).rejects.toThrow('was not finished');
  });

  it('goes on without a column but the target', async () => {
    writeFileSync(
      join(inputDir, 'X.csv'),
      formatCsv(
        ['', 'Designation'],
        rows().map((row) => row.slice(0, 2)),
      ),
    );
    writeFileSync(join(inputDir, 'y.csv'), formatCsv(['', 'prdtypecode'], targets()));
    const report = await run();
    expect(report.problems.counts).toEqual({ 'column-missing': 3 });
    expect(report.counts).toMatchObject({ train: 16, test: 4 });
    writeFileSync(join(inputDir, 'y.csv'), formatCsv(['', 'target'], targets()));
    await expect(run({ overwrite: true })).rejects.toThrow('has no column prdtypecode');
  });

  it('does only what is missing when run again', async () => {
    write(rows(), targets());
    for (let i = 0; i < 6; i++) await photo(i);
    writeFileSync(await photo(6), 'no photo');
    await run();
    const times = () =>
      Object.fromEntries(
        readdirSync(join(outputDir, 'images')).map((name) => [
          name,
          statSync(join(outputDir, 'images', name)).mtimeMs,
        ]),
      );
    const before = times();
    const files = snapshot();
    await run();
    expect(times()).toEqual(before);
    expect(snapshot()).toEqual(files);
    expect(lines.at(-1)).toContain('(0 prepared now)');

    // What a killed run leaves: no report, a half-written photo, a torn journal line, a photo unknown to the journal.
    rmSync(join(outputDir, 'report.json'));
    rmSync(join(outputDir, 'images', 'image_501_product_101.png'));
    writeFileSync(join(outputDir, 'images', 'image_501_product_101.png.1.partial'), 'half');
    const journal = join(outputDir, '.images.ndjson');
    writeFileSync(journal, readFileSync(journal, 'utf8').trimEnd().slice(0, -9));
    await expect(readDataset(outputDir)).rejects.toThrow('was not finished');
    await run();
    expect(Object.keys(times())).toEqual(Object.keys(before));
    const { '.images.ndjson': _a, ...restored } = snapshot();
    const { '.images.ndjson': _b, ...original } = files;
    expect(restored).toEqual(original);
    expect(lines.at(-1)).toMatch(/\([12] prepared now\)/);
  });

  it('notices a photo that was replaced, spoilt or taken away', async () => {
    write(rows(), targets());
    for (let i = 0; i < 4; i++) await photo(i);
    const first = await run();
    const green = await photo(0, 'jpg', '#208030');
    writeFileSync(await photo(1), 'no photo');
    rmSync(join(inputDir, 'images', 'image_502_product_102.jpg'));
    const second = await run();
    expect(second.digest).not.toBe(first.digest);
    expect(second.counts.images).toBe(2);
    expect(readdirSync(join(outputDir, 'images'))).toEqual([
      'image_500_product_100.png',
      'image_503_product_103.png',
    ]);
    const { data } = await sharp(join(outputDir, 'images', 'image_500_product_100.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[(112 * 224 + 112) * 3 + 1] as number) - 0x80)).toBeLessThan(6);
    expect(existsSync(green)).toBe(true);
  });

  it('draws fewer rows where the fractions leave some', async () => {
    write(rows(40), targets(40));
    const { counts } = await run({ trainSize: 0.5, testSize: 0.25 });
    expect(counts).toMatchObject({ train: 20, test: 10, notDrawn: 10, leftOut: 0 });
    await readDataset(outputDir);
  });
});

describe('createDataset protects folders', () => {
  beforeEach(() => write(rows(), targets()));

  it('refuses another data set without overwrite, and replaces it with it', async () => {
    await photo(0);
    await run();
    const before = snapshot();
    await expect(run({ seed: 7 })).rejects.toThrow('--overwrite');
    expect(snapshot()).toEqual(before);
    writeFileSync(join(outputDir, 'notes.txt'), 'mine');
    writeFileSync(join(outputDir, 'images', 'own.png'), 'mine');
    rmSync(join(inputDir, 'images', 'image_500_product_100.jpg'));
    const report = await run({ seed: 7, overwrite: true });
    expect(report.options.seed).toBe(7);
    expect(readdirSync(join(outputDir, 'images'))).toEqual(['own.png']);
    expect(readFileSync(join(outputDir, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('refuses a folder that is no data set, even with overwrite', async () => {
    mkdirSync(outputDir);
    writeFileSync(join(outputDir, 'X_train.csv'), 'mine');
    await expect(run()).rejects.toThrow('not a created data set');
    await expect(run({ overwrite: true })).rejects.toThrow('not a created data set');
    expect(readdirSync(outputDir)).toEqual(['X_train.csv']);
    writeFileSync(join(root, 'file'), 'mine');
    await expect(run({ outputDir: join(root, 'file'), overwrite: true })).rejects.toThrow('cannot be used');
  });

  it('refuses the input folder and a folder around it', async () => {
    await expect(run({ outputDir: inputDir, overwrite: true })).rejects.toThrow('holds the input folder');
    await expect(run({ outputDir: root, overwrite: true })).rejects.toThrow('holds the input folder');
    expect(readdirSync(inputDir)).toEqual(['X.csv', 'images', 'y.csv']);
  });

  it.each([
    [{ trainSize: 0.9, testSize: 0.2 }, 'sum to'],
    [{ trainSize: 0, testSize: 0.2 }, '--train-size must lie'],
    [{ trainSize: 0.8, testSize: 1.5 }, '--test-size must lie'],
    [{ trainSize: Number.NaN, testSize: 0.5 }, '--train-size must lie'],
  ])('refuses the fractions %j', async (sizes, message) => {
    await expect(run(sizes)).rejects.toThrow(message);
    expect(existsSync(outputDir)).toBe(false);
  });

  it('says what is wrong with the input', async () => {
    await expect(run({ inputDir: join(root, 'nowhere') })).rejects.toThrow('neither X.csv nor X.csv.gz');
    rmSync(join(inputDir, 'y.csv'));
    await expect(run()).rejects.toThrow('neither y.csv nor y.csv.gz');
    writeFileSync(join(inputDir, 'y.csv.gz'), gzipSync('idx,prdtypecode\n1,10\n').subarray(0, 20));
    await expect(run()).rejects.toThrow('y.csv.gz cannot be read');
    rmSync(join(inputDir, 'y.csv.gz'));
    write(
      rows(),
      targets().map(([index]) => [index as string, '10']),
    );
    await expect(run()).rejects.toThrow('1 categories have usable rows');
    writeFileSync(join(inputDir, 'X.csv'), '');
    await expect(run({ overwrite: true })).rejects.toThrow('X.csv is empty');
  });
});

describe('readDataset', () => {
  it('tells a catalogue, a strange folder and a damaged data set apart', async () => {
    write(rows(), targets());
    await photo(0);
    await expect(readDataset(inputDir)).rejects.toThrow('with create-dataset first');
    await expect(readDataset(root)).rejects.toThrow('not a complete data set');
    await run();
    rmSync(join(outputDir, 'images', 'image_500_product_100.png'));
    await expect(readDataset(outputDir)).rejects.toThrow('has 0 images where its report counts 1');
    await run();
    writeFileSync(join(outputDir, 'y_test.csv'), formatCsv(['', 'prdtypecode'], [['1', '10']]));
    await expect(readDataset(outputDir)).rejects.toThrow('X_test.csv has 4 rows but y_test.csv has 1');
    rmSync(join(outputDir, 'y_test.csv'));
    await expect(readDataset(outputDir)).rejects.toThrow('is missing; run create-dataset again');
    writeFileSync(join(outputDir, 'report.json'), '{}');
    await expect(readDataset(outputDir)).rejects.toThrow('was not written by create-dataset');
  });
});
