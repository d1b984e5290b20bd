import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataset } from '../../training/dist/datasets/create-dataset.js';
import { readDataset } from '../../training/dist/datasets/read-dataset.js';
import { silentProgress } from '../../training/dist/cli/progress.js';

/** Words in a text that is timed alone. */
const SINGLES = { 'title of 12 words': 12, 'text of 110 words': 110 };
const SINGLE_COUNT = 2_000;

/**
 * Writes one split as both sides read it: `train.ndjson` and `test.ndjson` (designation, description, label from 0) and
 * `singles.json`, texts of fixed lengths for timing. Classes of too few training rows are left out of both parts: the
 * peer's calibration cannot do without five.
 *
 * @param {string} inputDir a created data set, taken as it is, or a catalogue in the challenge layout, split by the seed
 */
export async function writeSplit(inputDir, dir, { seed, minClassRows }) {
  const dataset = await openDataset(inputDir, dir, seed);
  const counts = new Map();
  for (const { label } of dataset.train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const kept = dataset.categories.flatMap((_, label) =>
    (counts.get(label) ?? 0) >= minClassRows ? [label] : [],
  );
  const position = new Map(kept.map((label, i) => [label, i]));
  const part = (rows) =>
    rows
      .filter(({ label }) => position.has(label))
      .map(({ designation, description, label }) => ({
        designation,
        description,
        label: position.get(label),
      }));
  const [train, test] = [part(dataset.train), part(dataset.test)];
  const ndjson = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(join(dir, 'train.ndjson'), ndjson(train));
  await writeFile(join(dir, 'test.ndjson'), ndjson(test));
  await writeFile(join(dir, 'singles.json'), JSON.stringify(singles(test)));
  const left = dataset.train.length + dataset.test.length - train.length - test.length;
  const split = { classes: kept.length, train: train.length, test: test.length, leftOut: left };
  await writeFile(join(dir, 'split.json'), JSON.stringify(split));
  return split;
}

async function openDataset(inputDir, dir, seed) {
  if (existsSync(join(inputDir, 'report.json'))) return readDataset(inputDir);
  // Photos are not read here: the tables alone make a catalogue without any.
  const catalogue = await mkdtemp(join(dir, 'catalogue-'));
  await linkTables(inputDir, catalogue);
  const outputDir = join(dir, 'dataset');
  await rm(outputDir, { recursive: true, force: true });
  await createDataset(
    { inputDir: catalogue, outputDir, trainSize: 0.8, testSize: 0.2, seed, overwrite: false, strict: false },
    silentProgress,
  );
  return readDataset(outputDir);
}

async function linkTables(from, to) {
  await mkdir(join(to, 'images'));
  for (const name of await readdir(from)) {
    if (/\.csv(\.gz)?$/.test(name)) await symlink(join(from, name), join(to, name));
  }
}

/** Texts of exactly so many words, made of the test rows' own, one after the other. */
function singles(rows) {
  const words = rows.flatMap(({ designation, description }) =>
    `${designation} ${description ?? ''}`.split(/\s+/).filter(Boolean),
  );
  return Object.fromEntries(
    Object.entries(SINGLES).map(([name, length]) => {
      const count = Math.min(SINGLE_COUNT, Math.floor(words.length / length));
      const texts = Array.from({ length: count }, (_, i) =>
        words.slice(i * length, (i + 1) * length).join(' '),
      );
      const isTitle = length < 20;
      return [
        name,
        texts.map((text) => ({ designation: isTitle ? text : '', description: isTitle ? null : text })),
      ];
    }),
  );
}
