/**
 * What is gained by looking at text and photo together, measured over folds of a data set: every product is asked about
 * once, by models that had not seen it, trained as `vitrine train-text`, `train-image` and `train-fusion` train them.
 *
 *   pnpm bench:fusion --input-dir DIR [--base-model DIR|URL] [--fine-tune last|all] [--folds 5] [--seed 42] [--no-peer]
 *     [--keep DIR]
 *
 * DIR is a catalogue in the challenge layout or a data set that create-dataset wrote. The first table compares the
 * models, and scikit-learn on the same folds; the second what answers a product with one modality: the member of that
 * modality (routing, as served), or one head to which a missing modality is an input like any other. What --keep keeps
 * is not made again.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Answers, ask, casesOf, mcnemar } from './fusion/answers.mjs';
import { readFolds } from './fusion/folds.mjs';
import { fitOneModel } from './fusion/one-model.mjs';
import { runPeer } from './fusion/peer.mjs';
import { trainFold } from './fusion/train-fold.mjs';
import { machineLine } from './machine.mjs';

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    'input-dir': { type: 'string' },
    'base-model': { type: 'string' },
    'fine-tune': { type: 'string' },
    folds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '42' },
    peer: { type: 'boolean', default: true },
    keep: { type: 'string' },
  },
});
if (!options['input-dir'])
  throw new Error('--input-dir is missing: a created data set, or a catalogue with X.csv, y.csv and images/');
// pnpm runs this in the project's root; a path is meant from where the command was given.
const fromCaller = (path) =>
  path === undefined || /^https?:/.test(path) ? path : resolve(process.env.INIT_CWD ?? '.', path);
const baseModel = fromCaller(options['base-model']);
const seed = Number(options.seed);

console.log(`\n${machineLine()}\n`);
const root = options.keep ? fromCaller(options.keep) : await mkdtemp(join(tmpdir(), 'vitrine-bench-fusion-'));
await mkdir(root, { recursive: true });
try {
  await bench();
} finally {
  if (!options.keep) await rm(root, { recursive: true, force: true });
}

async function bench() {
  const cacheDir = join(root, 'cache');
  const folds = await readFolds(fromCaller(options['input-dir']), root, {
    folds: Number(options.folds),
    seed,
  });
  const settings = { cacheDir, seed, baseModel, fineTune: options['fine-tune'] ?? false };
  const peer = options.peer ? await runPeer(folds, { dir: root, ...settings }) : null;
  const whole = new Answers(folds[0].categories.length);
  const alone = { text: new Answers(whole.classes), image: new Answers(whole.classes) };
  for (const [fold, dataset] of folds.entries()) {
    const { predictors, members } = await trainFold(dataset, {
      dir: join(root, `fold-${fold}`),
      ...settings,
    });
    const oneModel = await fitOneModel(members, dataset, seed);
    for (const row of dataset.test) await askAll(row, predictors, oneModel);
    await Promise.all(Object.values(predictors).map((predictor) => predictor.dispose()));
    console.error(`fold ${fold + 1} of ${folds.length} is done`);
  }
  report(whole, alone, folds, peer);

  async function askAll(row, { text, image, fusion }, oneModel) {
    const cases = await casesOf(row);
    const answers = { text: await ask(text, cases.text), image: await ask(image, cases.image) };
    whole.add(row.label, {
      ...answers,
      fusion: await ask(fusion, cases.both),
      'one model for all': oneModel(answers.text, answers.image),
      ...peer?.answers.get(row),
    });
    for (const modality of ['text', 'image']) {
      const only = { text: null, image: null, [modality]: answers[modality] };
      alone[modality].add(row.label, {
        routing: await ask(fusion, cases[modality]),
        'one model for all': answers[modality] && oneModel(only.text, only.image),
      });
    }
  }
}

function report(whole, alone, folds, peer) {
  const products = whole.labels.length;
  console.log(
    `\n${products} products, ${whole.classes} categories, ${folds.length} folds, seed ${seed}; each product tested once\n`,
  );
  const [text, image] = [whole.right('text'), whole.right('image')];
  const count = (flags) => flags.filter(Boolean).length;
  const better = count(image) > count(text) ? image : text;
  const lines = Object.keys(whole.sides).map((side) => {
    const scores = whole.score(side);
    const right = whole.right(side);
    const errors = scores.rows - count(right);
    const { wins, losses, p } = mcnemar(right, better);
    const test = right.every((own, i) => own === better[i]) ? '–' : `+${wins} −${losses}, p ${p.toFixed(3)}`;
    return [side, ...figures(scores), String(errors), test];
  });
  print(['', 'weighted F1', 'macro F1', 'log loss', 'ECE', 'errors', 'against the better member'], lines);
  const oracle = better.map((own, i) => own || text[i] || image[i]);
  console.log(
    `\nOf the ${products - count(text)} products that text gets wrong the photo alone is right about ` +
      `${count(image.map((own, i) => own && !text[i]))}: whoever always knew which of the two to believe would be right about ` +
      `${(count(oracle) / products).toFixed(4)} of all.`,
  );
  if (peer) console.log(`scikit-learn trained for ${peer.seconds.toFixed(0)} s.`);
  console.log('\nOne modality alone:\n');
  const single = Object.entries(alone).flatMap(([modality, answers]) =>
    Object.keys(answers.sides).map((side) => [`${modality} alone, ${side}`, ...figures(answers.score(side))]),
  );
  const both = ['fusion', 'one model for all'].map((side) => [
    `both, ${side === 'fusion' ? 'routing' : side}`,
    ...figures(whole.score(side)),
  ]);
  print(['', 'weighted F1', 'macro F1', 'log loss', 'ECE'], [...both, ...single]);
}

function figures({ weighted_f1, macro_f1, log_loss, ece }) {
  return [weighted_f1, macro_f1, log_loss, ece].map((value) => value.toFixed(4));
}

function print(header, lines) {
  const widths = header.map((_, i) => Math.max(...[header, ...lines].map((line) => line[i].length)));
  const write = (line) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  console.log([write(header), `| ${rule.join(' | ')} |`, ...lines.map(write)].join('\n'));
}
