/**
 * Image models over stratified folds, beside scikit-learn's logistic regression on features of the same backbone.
 *
 *   pnpm bench:image --input-dir DIR --base-model DIR [--folds 5] [--seed 42] [--fine-tune last|all|none] [--cache-dir DIR]
 *
 * --input-dir is a catalogue in the challenge layout. Every model is trained without a fold, by the trainer that
 * train-image runs, and predicts the fold's photos through the packaged network that serves. The peer gets the means of
 * the backbone's last map at the backbone's own size. Features are kept in the cache: the frozen part takes seconds
 * the second time. All scores come from the probabilities by the same code.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { draftPackage, loadPredictor, prepareSquarePhoto, OnnxNetwork } from '../inference/dist/index.js';
import { SQUARE_PHOTO_DEFAULTS, SYMMETRIC_UNIT, writeNchw } from '../inference/dist/index.js';
import { silentProgress } from '../training/dist/cli/progress.js';
import { findCatalogueFiles, readCatalogue } from '../training/dist/datasets/catalogue.js';
import { imageStem, listSourceImages } from '../training/dist/datasets/image-names.js';
import { ProblemLog } from '../training/dist/datasets/problems.js';
import { stratifiedFolds } from '../training/dist/evaluation/folds.js';
import { score } from '../training/dist/evaluation/metrics.js';
import { openBackbone } from '../training/dist/image/backbone.js';
import { imageTrainer } from '../training/dist/image/image-trainer.js';
import { exportOnnx } from '../training/dist/image/onnx-export.js';
import { appendLayers } from '../training/dist/image/layers-model.js';
import { runMeasured } from './children.mjs';
import { machineLine } from './machine.mjs';
import { pythonWith } from './python-venv.mjs';

const { values: options } = parseArgs({
  options: {
    'input-dir': { type: 'string' },
    'base-model': { type: 'string' },
    folds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '42' },
    'fine-tune': { type: 'string', default: 'last' },
    'cache-dir': { type: 'string' },
  },
});
if (!options['input-dir'] || !options['base-model'])
  throw new Error('--input-dir and --base-model are needed');
const fromHere = (path) => resolve(process.env.INIT_CWD ?? '.', path);
const cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const cacheDir = options['cache-dir']
  ? fromHere(options['cache-dir'])
  : join(cacheHome, 'vitrine', 'bench-image');
const baseModel = fromHere(options['base-model']);
const inputDir = fromHere(options['input-dir']);
const [foldCount, seed] = [Number(options.folds), Number(options.seed)];
const signal = new AbortController().signal;
const python = await pythonWith('scikit-learn-1.7.2', ['scikit-learn==1.7.2']);

console.log(`\n${machineLine()}\n`);
const { products } = await readCatalogue(findCatalogueFiles(inputDir), new ProblemLog(false));
const sources = await listSourceImages(join(inputDir, 'images'));
const withPhoto = products.filter((product) => sources.has(imageStem(product) ?? ''));
const ids = [...new Set(withPhoto.map(({ categoryId }) => categoryId))].sort((a, b) => a - b);
const rows = withPhoto.map((product, i) => ({
  ...{ index: String(i), designation: '', description: null, productId: product.productId },
  ...{ imageId: product.imageId, imagePath: sources.get(imageStem(product)) },
  label: ids.indexOf(product.categoryId),
}));
const labels = rows.map(({ label }) => label);
const folds = stratifiedFolds(labels, foldCount, seed);
const classes = ids.length;
console.log(`${rows.length} photos, ${classes} categories, ${foldCount} folds, seed ${seed}\n`);

const root = await mkdtemp(join(tmpdir(), 'vitrine-bench-image-'));
const sides = {};
try {
  const peer = await benchPeer();
  sides['scikit-learn'] = peer.plain;
  sides['scikit-learn, standardised'] = peer.scaled;
  print('scikit-learn', 'scikit-learn, standardised');
  sides['Vitrine, frozen'] = await benchOurs(false);
  print('Vitrine, frozen');
  if (options['fine-tune'] !== 'none') {
    sides['Vitrine, fine-tuned'] = await benchOurs(options['fine-tune']);
    print('Vitrine, fine-tuned');
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
printTable();

/** Probabilities of every photo, by the model that has not seen its fold, and what the trainings took. */
async function benchOurs(fineTune) {
  const probabilities = new Float64Array(rows.length * classes);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  for (let fold = 0; fold < foldCount; fold++) {
    const dir = join(root, `${fineTune}-${fold}`);
    const [modelDir, checkpointDir] = [join(dir, 'model'), join(dir, 'checkpoint')];
    await mkdir(modelDir, { recursive: true });
    await mkdir(checkpointDir);
    const categories = ids.map((id) => ({ id, label: String(id) }));
    const train = rows.filter((_, i) => folds[i] !== fold);
    const trained = await imageTrainer.train({
      dataset: { dir, categories, train, test: [], hash: '', testHash: '' },
      options: {
        ...{ inputDir, outputDir: dir, batchSize: 96, epochs: 100, trainPatience: 10, seed },
        ...{ baseModel, dataAugmentation: true, fineTune, cacheDir },
      },
      ...{ modelDir, checkpointDir, signal, progress: silentProgress, logEpoch: async () => undefined },
    });
    await predictFold(modelDir, trained, categories, fold, probabilities);
    await rm(dir, { recursive: true });
    console.error(`fold ${fold + 1} of ${foldCount} (${fineTune || 'frozen'}) ${seconds(start)} s`);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { probabilities, seconds: seconds(start), cpu: ((user + system) / 1e6).toFixed(1) };
}

async function predictFold(modelDir, trained, categories, fold, probabilities) {
  const draft = draftPackage(modelDir, {
    ...{ modality: 'image', categories, processors: trained.processors, network: trained.network },
    calibration: { ...trained.calibration, abstentionThreshold: 0 },
    ...{ metrics: {}, datasetHash: '', testHash: '', gitSha: null, runId: '', seed },
  });
  const predictor = await loadPredictor(draft);
  try {
    for (const [i, { imagePath }] of rows.entries()) {
      if (folds[i] !== fold) continue;
      const [prediction] = await predictor.predict([{ image: await readFile(imagePath) }]);
      probabilities.set(prediction.probabilities, i * classes);
    }
  } finally {
    await predictor.dispose();
  }
}

async function benchPeer() {
  const columns = await writeFeatures();
  await writeFile(join(root, 'folds.json'), JSON.stringify({ labels, folds: [...folds], columns }));
  const script = join(import.meta.dirname, 'image', 'peer.py');
  const sums = { seconds: 0, cpu: 0 };
  const [plain, scaled] = [new Float64Array(rows.length * classes), new Float64Array(rows.length * classes)];
  for (let fold = 0; fold < foldCount; fold++) {
    const usage = await runMeasured(python, [script, root, String(fold)]);
    sums.seconds += usage.seconds;
    sums.cpu += usage.cpu;
    const held = [...folds.keys()].filter((i) => folds[i] === fold);
    for (const [name, target] of Object.entries({ plain, scaled })) {
      const bytes = await readFile(join(root, `peer-${name}-${fold}.f64`));
      const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      held.forEach((row, i) => target.set(values.subarray(i * classes, (i + 1) * classes), row * classes));
    }
  }
  const cost = { seconds: sums.seconds.toFixed(1), cpu: sums.cpu.toFixed(1) };
  return { plain: { probabilities: plain, ...cost }, scaled: { probabilities: scaled, ...cost } };
}

/** The means of the last map of the backbone at its own size, kept in the cache. */
async function writeFeatures() {
  const backbone = await openBackbone(baseModel, cacheDir, silentProgress);
  const mean = { name: 'mean', className: 'GlobalAveragePooling2D', config: {}, weights: {} };
  const model = appendLayers(backbone.cut, [{ ...mean, inputs: [backbone.cut.output] }]);
  const file = join(cacheDir, `bench-${backbone.hash.slice(0, 16)}-${rows.length}.f32`);
  const config = { ...SQUARE_PHOTO_DEFAULTS, size: model.inputShape[0] };
  const { size } = config;
  const kept = await readFile(file).catch(() => null);
  if (kept) {
    await writeFile(join(root, 'features.f32'), kept);
    return kept.length / 4 / rows.length;
  }
  const onnx = join(root, 'mean.onnx');
  await writeFile(onnx, exportOnnx(model));
  const network = await OnnxNetwork.open(onnx);
  const vectors = [];
  for (const { imagePath } of rows) {
    const { pixels } = await prepareSquarePhoto(await readFile(imagePath), config);
    const photo = new Float32Array(3 * size * size);
    writeNchw(pixels, photo, 0, SYMMETRIC_UNIT);
    const vector = await network.run(photo, [1, 3, size, size]);
    vectors.push(Buffer.from(vector.buffer));
  }
  await network.dispose();
  const bytes = Buffer.concat(vectors);
  await mkdir(cacheDir, { recursive: true });
  for (const path of [file, join(root, 'features.f32')]) await writeFile(path, bytes);
  return bytes.length / 4 / rows.length;
}

function seconds(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}

function print(...names) {
  for (const name of names) {
    const { accuracy, log_loss } = score({ labels, probabilities: sides[name].probabilities, classes });
    console.error(`${name}: accuracy ${accuracy.toFixed(4)}, log loss ${log_loss.toFixed(4)}`);
  }
}

function printTable() {
  const cells = Object.entries(sides).map(([name, { probabilities, seconds: time, cpu }]) => {
    const scores = score({ labels, probabilities, classes });
    const figures = [scores.accuracy, scores.weighted_f1, scores.log_loss, scores.ece].map((v) =>
      v.toFixed(4),
    );
    return [name, ...figures, time, cpu];
  });
  const head = ['', 'accuracy', 'weighted F1', 'log loss', 'ECE', 'seconds, all folds', 'CPU seconds'];
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((line) => line[i].length)));
  const write = (line) =>
    `| ${line.map((cell, i) => cell[i ? 'padStart' : 'padEnd'](widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((w, i) => (i ? `${'-'.repeat(w - 1)}:` : '-'.repeat(w))).join(' | ')} |`;
  console.log(`\n${[write(head), rule, ...cells.map(write)].join('\n')}\n`);
}
