/**
 * Our text model beside the usual Python stack: the same splits, one after the other, each side in processes of its own.
 *
 *   pnpm bench:text --input-dir DIR [--seeds 42,43] [--min-class-rows 5] [--peer-jobs 1] [--only ours|peer] [--keep DIR]
 *
 * DIR is a data set that create-dataset wrote (one split) or a catalogue in the challenge layout, which every seed
 * splits 80/20. scikit-learn is installed from PyPI into a virtual environment outside the project, once. All scores
 * come from the two sides' probabilities by the same code.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runMeasured } from './children.mjs';
import { machineLine } from './machine.mjs';
import { SCIKIT_LEARN, pythonWith } from './python-venv.mjs';
import { summarise } from './text/scores.mjs';
import { writeSplit } from './text/split.mjs';
import { formatTable, meanOf } from './text/table.mjs';

const { values: options } = parseArgs({
  options: {
    'input-dir': { type: 'string' },
    seeds: { type: 'string', default: '42' },
    'min-class-rows': { type: 'string', default: '5' },
    'peer-jobs': { type: 'string', default: '1' },
    only: { type: 'string' },
    keep: { type: 'string' },
  },
});
if (!options['input-dir']) {
  console.error(
    'usage: pnpm bench:text --input-dir DIR (a created data set, or a catalogue with X.csv and y.csv)',
  );
  process.exit(2);
}
// pnpm runs this in the project's root; a path is meant from where the command was given.
const inputDir = resolve(process.env.INIT_CWD ?? '.', options['input-dir']);
const python = options.only === 'ours' ? null : await pythonWith(...SCIKIT_LEARN);

console.log(`\n${machineLine()}\n`);
const root = options.keep ? resolve(options.keep) : await mkdtemp(join(tmpdir(), 'vitrine-bench-text-'));
try {
  const seeds = options.seeds.split(',').map(Number);
  const splits = [];
  for (const seed of seeds) splits.push(await benchSplit(seed));
  if (seeds.length > 1) console.log(`mean of ${seeds.length} splits\n\n${formatTable(meanOf(splits))}\n`);
} finally {
  if (!options.keep) await rm(root, { recursive: true, force: true });
}

async function benchSplit(seed) {
  const dir = join(root, String(seed));
  await mkdir(dir, { recursive: true });
  const split = await writeSplit(inputDir, dir, { seed, minClassRows: Number(options['min-class-rows']) });
  console.log(
    `${split.train} training and ${split.test} test products, ${split.classes} categories, seed ${seed}` +
      (split.leftOut > 0
        ? ` (${split.leftOut} products of categories below ${options['min-class-rows']} left out)`
        : ''),
  );
  const labels = (await readFile(join(dir, 'test.ndjson'), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).label);
  const columns = {};
  if (options.only !== 'ours')
    columns['scikit-learn'] = await measure(python, 'peer.py', 'peer', [
      dir,
      String(seed),
      options['peer-jobs'],
    ]);
  if (options.only !== 'peer')
    columns.Vitrine = await measure(process.execPath, 'ours.mjs', 'ours', [dir, String(seed)]);
  console.log(`\n${formatTable(columns)}\n`);
  return columns;

  async function measure(command, script, name, args) {
    const file = join(import.meta.dirname, 'text', script);
    const training = await runMeasured(command, [file, 'train', ...args]);
    const serving = await runMeasured(command, [file, 'predict', dir]);
    return { training, serving, scores: await summarise(join(dir, `${name}.f64`), labels, split.classes) };
  }
}
