import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentProgress } from '../../training/dist/cli/progress.js';
import { computeFeatures } from '../../training/dist/image/backbone-features.js';
import { DEFAULT_BASE_MODEL, openBackbone } from '../../training/dist/image/backbone.js';
import { photoConfigFor } from '../../training/dist/image/image-package.js';
import { runMeasured } from '../children.mjs';
import { pythonWith } from '../python-venv.mjs';

const SIDES = { 'peer text': 'text', 'peer image': 'image', 'peer stack': 'stack' };

/**
 * Asks the usual Python stack about the same folds. It is given the backbone's features: what is compared is what
 * either side makes of them.
 *
 * @returns {Promise<{ answers: Map<object, Record<string, Float64Array | null>>, seconds: number }>} by test row
 */
export async function runPeer(folds, { dir, cacheDir, seed, baseModel = DEFAULT_BASE_MODEL }) {
  const python = await pythonWith('scikit-learn-1.7.2', ['scikit-learn==1.7.2']);
  const rows = folds.flatMap(({ test }, fold) => test.map((row) => ({ row, fold })));
  const feature = await writeFeatures(rows, { dir, cacheDir, baseModel });
  const lines = rows.map(({ row: { designation, description, label }, fold }, i) =>
    JSON.stringify({ designation, description, label, fold, feature: feature[i] }),
  );
  const seconds = await fitOnce(`${lines.join('\n')}\n`);
  const classes = folds[0].categories.length;
  const answers = new Map(rows.map(({ row }) => [row, {}]));
  for (const [side, name] of Object.entries(SIDES)) {
    const { buffer } = Uint8Array.from(await readFile(join(dir, `peer-${name}.f64`)));
    rows.forEach(({ row }, i) => {
      const own = new Float64Array(buffer, 8 * i * classes, classes);
      answers.get(row)[side] = Number.isNaN(own[0]) ? null : own;
    });
  }
  return { answers, seconds };

  /** Fits the peer, unless an earlier run left its answers about the same rows. */
  async function fitOnce(input) {
    const [rowsFile, resultFile] = [join(dir, 'rows.ndjson'), join(dir, 'peer.json')];
    const read = (file) => readFile(file, 'utf8').catch(() => '');
    const result = (await read(rowsFile)) === input ? await read(resultFile) : '';
    if (result !== '') return JSON.parse(result).seconds;
    await rm(resultFile, { force: true });
    await writeFile(rowsFile, input);
    const measured = await runMeasured(python, [join(import.meta.dirname, 'peer.py'), dir, String(seed)]);
    await writeFile(resultFile, JSON.stringify(measured));
    return measured.seconds;
  }
}

/** Writes a row of features for each photo. @returns the photo's row of each product, −1 without one */
async function writeFeatures(rows, { dir, cacheDir, baseModel }) {
  const backbone = await openBackbone(baseModel, cacheDir, silentProgress);
  const withPhoto = rows.flatMap(({ row }, i) => (row.imagePath === null ? [] : [i]));
  const { features, readable } = await computeFeatures(
    withPhoto.map((i) => rows[i].row.imagePath),
    {
      backbone,
      photo: photoConfigFor(backbone.model),
      mirrored: false,
      cacheDir,
      progress: silentProgress,
      signal: new AbortController().signal,
    },
  );
  await writeFile(join(dir, 'features.f32'), new Uint8Array(features.data.buffer));
  const position = new Map(readable.map((photo, i) => [withPhoto[photo], i]));
  return rows.map((_, i) => position.get(i) ?? -1);
}
