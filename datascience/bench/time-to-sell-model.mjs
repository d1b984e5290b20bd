/**
 * Our time-to-sell model beside the prior and the classic recipe, cross-validated on the same folds in one run.
 *
 *   pnpm bench:time-to-sell-model --input data.csv.gz [--seed 42] [--limit-rows 1000] [--only ours] [--trained DIR]
 *
 * `--trained` takes the output folder of an earlier `vitrine train-time-to-sell` on the same file instead of training
 * again. scikit-learn is installed from PyPI into a virtual environment outside the project, once.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runMeasured } from './children.mjs';
import { machineLine } from './machine.mjs';
import { pythonWith } from './python-venv.mjs';

const { values: options } = parseArgs({
  options: {
    input: { type: 'string' },
    seed: { type: 'string', default: '42' },
    'limit-rows': { type: 'string' },
    only: { type: 'string' },
    trained: { type: 'string' },
  },
});
if (!options.input) throw new Error('--input is missing: a CSV of listings with their delai_vente');
// pnpm runs this in the project's root; a path is meant from where the command was given.
const path = (name) => resolve(process.env.INIT_CWD ?? '.', name);
const script = (name) => join(import.meta.dirname, 'time-to-sell', name);
const python =
  options.only === 'ours' ? null : await pythonWith('scikit-learn-1.7.2', ['scikit-learn==1.7.2']);

console.log(`\n${machineLine()}\n`);
const root = await mkdtemp(join(tmpdir(), 'vitrine-bench-time-to-sell-'));
try {
  const trained = options.trained ? path(options.trained) : join(root, 'ours');
  const training = options.trained ? null : await train(trained);
  const metrics = JSON.parse(await readFile(join(trained, 'metrics.json'), 'utf8'));
  const serving = await runMeasured(process.execPath, [script('serve.mjs'), trained, path(options.input)]);
  const peer =
    python &&
    (await runMeasured(python, [script('peer.py'), path(options.input), join(trained, 'predictions.csv')]));
  const prior = metrics.prior_log_loss;
  console.log(`${metrics.n_train} listings, ${metrics.folds} stratified folds, seed ${options.seed}\n`);
  print(['', 'log loss', 'of the prior', 'accuracy', 'ECE', 'training s', 'peak MB', 'µs a prediction']);
  print(['prior', prior, 1, metrics.baseline_accuracy, 0, 0, '', '']);
  if (peer) {
    const { log_loss, accuracy, ece, seconds, peak_mb, predict_us } = peer;
    print([
      'scikit-learn, classic recipe',
      log_loss,
      log_loss / prior,
      accuracy,
      ece,
      seconds,
      peak_mb,
      predict_us,
    ]);
  }
  print([
    'Vitrine',
    metrics.cv_log_loss,
    metrics.cv_log_loss / prior,
    metrics.cv_accuracy,
    metrics.cv_ece,
    metrics.train_seconds,
    training?.peakMb ?? '',
    serving.medianUs,
  ]);
  const perFold = Array.from({ length: metrics.folds }, (_, i) =>
    metrics[`fold_${i + 1}_log_loss`].toFixed(4),
  );
  console.log(`\nVitrine by fold: ${perFold.join('  ')}`);
  console.log(
    `Vitrine's package: ${serving.packageMb.toFixed(1)} MB, loaded in ${serving.loadMs.toFixed(0)} ms ` +
      `(golden check ${serving.goldenMs.toFixed(0)} ms more); a prediction p50 ${serving.medianUs.toFixed(0)} µs, ` +
      `p99 ${serving.p99Us.toFixed(0)} µs; serving peaks at ${serving.peakMb.toFixed(0)} MB\n`,
  );
} finally {
  await rm(root, { recursive: true, force: true });
}

async function train(outputDir) {
  const flags = ['--input', path(options.input), '--output-dir', outputDir, '--seed', options.seed];
  if (options['limit-rows']) flags.push('--limit-rows', options['limit-rows']);
  return runMeasured(process.execPath, [script('train.mjs'), join(root, 'registry'), ...flags]);
}

function print(cells) {
  const [name, ...rest] = cells;
  const text = rest.map((cell) => (typeof cell === 'number' ? format(cell) : cell).padStart(16));
  console.log(`${name.padEnd(30)}${text.join('')}`);
}

function format(value) {
  return Math.abs(value) < 10 ? value.toFixed(4) : value.toFixed(0);
}
