import { fitTemperature } from '../evaluation/calibration.js';
import type { TrainedModel } from '../runs/trainer.js';
import { DEFAULT_BASE_MODEL, openBackbone, type Backbone } from './backbone.js';
import { packageFrozen } from './frozen-backbone.js';
import { fitFinalHead, fitFrozenHeads, scoreHeldOut, type FrozenHeads } from './frozen-head.js';
import { toHeldOut } from './held-out-photos.js';
import type { ImageTrainContext } from './image-options.js';
import { packageNetwork, photoConfigFor } from './image-package.js';
import { splitLastConvolution, type LastConvolution } from './last-convolution.js';
import {
  ConvolutionTrainer,
  MAX_EPOCHS,
  type ConvolutionState,
  type TrainedConvolution,
} from './last-convolution-training.js';
import { joinNetworks } from './joined-network.js';
import type { LinearHead } from './logistic-regression.js';
import { PhotoSource } from './photo-source.js';
import type { PooledHead } from './pooled-head.js';
import { readState, saveState } from './training-checkpoint.js';
import type { PhotoRow, TrainingRows } from './training-rows.js';
import { ViewActivations } from './view-activations.js';

const STATE_FILE = 'last-convolution.bin';
/** How much the trained convolution may count beside the frozen one; 0 leaves the base model as it is. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** Where an interrupted training stood. */
interface Progress {
  /** Held-out logits of the folds that are done. */
  folds: Float32Array[];
  /** Of the training under way: the next fold, or the final one after the last fold. */
  current: ConvolutionState | null;
  history: Record<string, number>[];
}

/** Everything that the trainings of one run share. */
interface Tuning {
  context: ImageTrainContext;
  heads: FrozenHeads;
  last: LastConvolution;
  activations: ViewActivations;
  progress: Progress;
}

/**
 * Trains the last convolution of a backbone beside the frozen one: both read the same maps, and their logits are
 * averaged. Every fold is held out in turn; what was held out decides how much the trained one counts, if at all.
 */
export async function trainLastConvolution(
  context: ImageTrainContext,
  rows: TrainingRows,
): Promise<TrainedModel> {
  const { options, progress, checkpointDir } = context;
  const backbone = await openBackbone(options.baseModel ?? DEFAULT_BASE_MODEL, options.cacheDir, progress);
  const last = splitLastConvolution(backbone.model);
  const folds = rows.outOfFold ? rows.folds : 1;
  const heads = await fitFrozenHeads({ ...context, logEpoch: async () => undefined }, rows, backbone, folds);
  const { photos } = heads.data;
  const source = new PhotoSource(
    photos.map(({ path }) => path),
    photoConfigFor(backbone.model),
    1,
  );
  const activations = await ViewActivations.open(context, last.lower, source, photos.length);
  const found = await readState<Progress>(checkpointDir, STATE_FILE);
  const state = found ?? { folds: [], current: null, history: [] };
  for (const [i, metrics] of state.history.entries()) await context.logEpoch(i + 1, metrics);
  const tuning: Tuning = { context, heads, last, activations, progress: state };
  try {
    for (let fold = state.folds.length; fold < folds; fold++) await trainFold(tuning, fold);
    return await finish(tuning, backbone);
  } finally {
    await activations.close();
  }
}

/** Trains without one fold and keeps what comes out for it. */
async function trainFold(tuning: Tuning, fold: number): Promise<void> {
  const { context, heads, progress } = tuning;
  const { photos } = heads.data;
  const positions = photos.map((_, i) => i);
  const held = positions.filter((i) => photos[i]?.fold === fold);
  const training = positions.filter((i) => photos[i]?.fold !== fold);
  const head = { ...(heads.heads[fold] as LinearHead), standardisation: heads.standardisation };
  const logits = await withTrainer(tuning, fold, head, training, (trainer) => trainer.predict(held));
  const scores = scoreHeldOut(heads.data, held, logits);
  Object.assign(progress.history.at(-1) ?? {}, { val_accuracy: scores.accuracy, val_loss: scores.log_loss });
  context.progress.info(`Fold ${fold + 1}: held-out accuracy ${scores.accuracy.toFixed(4)}`);
  progress.folds.push(logits);
  progress.current = null;
  await saveState(context.checkpointDir, STATE_FILE, progress);
}

/** Trains from the frozen convolution and a head, going on where an interruption stopped it. */
async function withTrainer<T>(
  { context, heads, last, activations, progress }: Tuning,
  stream: number,
  head: PooledHead,
  training: readonly number[],
  use: (trainer: ConvolutionTrainer) => Promise<T> | T,
): Promise<T> {
  const { tf, photos, classes } = heads.data;
  const labels = photos.map(({ label }) => label);
  const trainer = new ConvolutionTrainer({ tf, activations, start: last, head, labels, classes, stream });
  try {
    await trainer.train(context, training, progress.current, async (current, loss) => {
      progress.current = current;
      progress.history.push({ loss });
      await context.logEpoch(progress.history.length, { loss });
      await saveState(context.checkpointDir, STATE_FILE, progress);
    });
    return await use(trainer);
  } finally {
    trainer.dispose();
  }
}

/** Decides by the held-out photos, trains on every photo and packages both networks as one. */
async function finish(tuning: Tuning, backbone: Backbone): Promise<TrainedModel> {
  const { context, heads, last } = tuning;
  const { data, held } = heads;
  const choice = chooseShare(heads, concatenate(tuning.progress.folds));
  context.progress.info(
    `Held-out log loss ${choice.losses.map((loss) => loss.toFixed(4)).join(', ')} where the trained convolution ` +
      `counts ${SHARES.join(', ')}`,
  );
  if (choice.share === 0) {
    context.progress.warn('training the last convolution did not help: the base model stays as it is');
    return packageFrozen(context, backbone, heads);
  }
  const frozen = fitFinalHead(heads, context.options.epochs);
  const everyPhoto = data.photos.map((_, i) => i);
  const tuned: TrainedConvolution = await withTrainer(tuning, -1, frozen, everyPhoto, (trainer) =>
    trainer.read(),
  );
  const network = joinNetworks(backbone.model, {
    frozen: { head: frozen, weight: choice.frozenWeight },
    tuned: { ...tuned, weight: choice.tunedWeight, input: last.lower.output },
  });
  const temperature = fitTemperature(choice.logits, labelsOf(heads), data.classes);
  return {
    ...(await packageNetwork(context.modelDir, network)),
    calibration: { temperature },
    heldOut: toHeldOut(choice.logits, held, data.photos, data.classes, temperature),
    params: {
      base_model_hash: backbone.hash,
      l2: heads.l2,
      temperature,
      tuned_share: choice.share,
      epochs_trained: Math.min(MAX_EPOCHS, context.options.epochs),
      photos: data.photos.length,
    },
  };
}

/** The share of the trained convolution with the lowest held-out log loss. */
function chooseShare(heads: FrozenHeads, tuned: Float32Array) {
  const labels = labelsOf(heads);
  const { classes } = heads.data;
  const frozenScale = 1 / fitTemperature(heads.logits, labels, classes);
  const tunedScale = 1 / fitTemperature(tuned, labels, classes);
  const candidates = SHARES.map((share) => {
    const [frozenWeight, tunedWeight] = [(1 - share) * frozenScale, share * tunedScale];
    const logits = heads.logits.map((value, i) => frozenWeight * value + tunedWeight * (tuned[i] as number));
    const temperature = fitTemperature(logits, labels, classes);
    const tempered = logits.map((value) => value / temperature);
    const loss = scoreHeldOut(heads.data, heads.held, tempered).log_loss;
    return { share, frozenWeight, tunedWeight, logits, loss };
  });
  const best = candidates.reduce((lowest, candidate) => (candidate.loss < lowest.loss ? candidate : lowest));
  return { ...best, losses: candidates.map(({ loss }) => loss) };
}

function labelsOf({ data, held }: FrozenHeads): number[] {
  return held.map((i) => (data.photos[i] as PhotoRow).label);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
