/**
 * Preparing a data set's photos, beside sharp's own `trim`: the same photos, one way after the other, in this process.
 *
 *   pnpm bench:image-preparation --input-dir DIR [--rounds 2]
 *
 * DIR is a catalogue in the challenge layout. Every way reads the file, decodes, crops the white border, fits into
 * 224 × 224, writes a PNG; the first also hashes the source and keeps the journal, as create-dataset does. Then every
 * crop is compared with the box that `trim({ lineArt: true })` finds on the same pixels.
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findContentBox } from '../inference/dist/image/crop.js';
import { toRgb } from '../inference/dist/image/decode.js';
import { prepareSquarePhoto, SQUARE_PHOTO_DEFAULTS } from '../inference/dist/image/square-photo.js';
import { silentProgress } from '../training/dist/cli/progress.js';
import { findCatalogueFiles, readCatalogue } from '../training/dist/datasets/catalogue.js';
import { ImageJournal } from '../training/dist/datasets/image-journal.js';
import { imageStem, listSourceImages } from '../training/dist/datasets/image-names.js';
import { prepareImages } from '../training/dist/datasets/prepare-images.js';
import { ProblemLog } from '../training/dist/datasets/problems.js';
import { machineLine } from './machine.mjs';

const sharp = createRequire(new URL('../inference/package.json', import.meta.url))('sharp');
const { size, borderTolerance, maxPixels } = SQUARE_PHOTO_DEFAULTS;
/** Below it the corner is no white border, and the photo is left whole. */
const NEAR_WHITE = 230;

const { values: options } = parseArgs({
  options: { 'input-dir': { type: 'string' }, rounds: { type: 'string', default: '2' } },
});
if (!options['input-dir'])
  throw new Error('--input-dir is missing: a catalogue with X.csv, y.csv and images');
const inputDir = resolve(process.env.INIT_CWD ?? '.', options['input-dir']);
console.log(`\n${machineLine()}\n`);

const problems = new ProblemLog(false);
const { products } = await readCatalogue(findCatalogueFiles(inputDir), problems);
const sources = await listSourceImages(join(inputDir, 'images'));
const withPhoto = products.filter((product) => sources.has(imageStem(product) ?? ''));
const paths = withPhoto.map((product) => sources.get(imageStem(product)));
/** As many at once as create-dataset has. */
const atOnce = availableParallelism() + 1;

const ways = {
  'create-dataset': (dir) => prepare(dir),
  'sharp trim({ lineArt: true })': (dir) => trimAll(dir, { threshold: borderTolerance, lineArt: true }),
  'sharp trim': (dir) => trimAll(dir, { threshold: borderTolerance }),
  'without a file written': () => forEachPath((path) => prepareFile(path)),
};
const best = {};
for (let round = 0; round < Number(options.rounds); round++) {
  for (const [name, run] of Object.entries(ways)) {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-preparation-'));
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await run(dir);
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    if (!(best[name]?.seconds < seconds)) best[name] = { seconds, cpu: (user + system) / 1e6 };
    await rm(dir, { recursive: true });
  }
}
const reference = best['sharp trim'].seconds;
console.log(`${paths.length} photos, ${atOnce} at once, best of ${options.rounds} rounds\n`);
console.log(`| ${''.padEnd(30)} | photos/s | CPU ms a photo | beside sharp trim |`);
console.log(`| ${'-'.repeat(30)} | -------: | -------------: | ----------------: |`);
for (const [name, { seconds, cpu }] of Object.entries(best)) {
  const cells = [(paths.length / seconds).toFixed(0), ((cpu * 1000) / paths.length).toFixed(2)];
  const ratio = `${(reference / seconds).toFixed(2)} ×`;
  console.log(
    `| ${name.padEnd(30)} | ${cells[0].padStart(8)} | ${cells[1].padStart(14)} | ${ratio.padStart(17)} |`,
  );
}
await compareBoxes();

async function prepare(dir) {
  const images = join(dir, 'images');
  await mkdir(images);
  const journal = await ImageJournal.open(join(dir, 'journal.ndjson'), 'bench');
  const config = { size, borderTolerance, maxPixels };
  const step = { sources, outputDir: images, journal, config, problems, progress: silentProgress };
  const { prepared } = await prepareImages(withPhoto, { ...step, beforeChange: async () => undefined });
  if (prepared !== paths.length) throw new Error(`${prepared} of ${paths.length} photos were prepared`);
}

async function trimAll(dir, trim) {
  await forEachPath(async (path) => {
    const photo = sharp(await readFile(path))
      .autoOrient()
      .flatten({ background: 'white' });
    const png = await photo
      .trim(trim)
      .resize(size, size, { fit: 'contain', background: 'white' })
      .png({ compressionLevel: 3 })
      .toBuffer();
    await writeFile(join(dir, `${basename(path)}.png`), png);
  });
}

async function prepareFile(path) {
  await prepareSquarePhoto(await readFile(path), { size, borderTolerance, maxPixels });
}

async function forEachPath(task) {
  const rest = paths.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const path of rest) await task(path);
    }),
  );
}

async function compareBoxes() {
  const different = [];
  let coloured = 0;
  for (const path of paths) {
    const image = await toRgb(sharp(readFileSync(path)).autoOrient().flatten({ background: 'white' }));
    if (Math.min(...image.pixels.subarray(0, 3)) < NEAR_WHITE) {
      coloured++;
      continue;
    }
    const box = findContentBox(image, borderTolerance);
    const raw = { width: image.width, height: image.height, channels: 3 };
    const { info } = await sharp(image.pixels, { raw })
      .trim({ lineArt: true, threshold: borderTolerance })
      .toBuffer({ resolveWithObject: true });
    const theirs = [
      -(info.trimOffsetLeft ?? 0) || 0,
      -(info.trimOffsetTop ?? 0) || 0,
      info.width,
      info.height,
    ];
    const ours = [box.left, box.top, box.width, box.height];
    if (String(ours) !== String(theirs)) different.push(`${basename(path)}: ours ${ours}, trim ${theirs}`);
  }
  const compared = paths.length - coloured;
  console.log(
    `\n${compared - different.length} of ${compared} crops equal the box of trim({ lineArt: true }); ` +
      `${coloured} photos without a white corner stay whole (trim would cut into their background)`,
  );
  for (const line of different) console.log(`  ${line}`);
}
