import type { LayersModel as TfjsModel, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-node';
import { softmax } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { score } from '../evaluation/metrics.js';
import { drawChange, UNCHANGED, writeChanged } from './augmentation.js';
import type { ImageTrainContext } from './image-options.js';
import type { PhotoSource } from './photo-source.js';
import type { Tensorflow } from './tensorflow.js';
import type { TrainableHead } from './trainable-head.js';
import { readState, saveState, type SavedTensor, type TrainingState } from './training-checkpoint.js';

/** A network under training and what it is trained on. */
export interface NetworkTraining {
  tf: Tensorflow;
  /** Photos [n, size, size, 3] in [-1, 1] to logits [n, classes]; to the last map where there is a head. */
  model: TfjsModel;
  /** From the last map to logits. */
  head?: TrainableHead;
  /** Photos are enlarged to this side before the model reads them. */
  enlargedSize?: number;
  /** Whether batch normalisation follows the batches; false keeps the statistics of a pretrained network. */
  normalisesBatches: boolean;
  learningRate: number;
  /** The rate rises and falls to 0 over this many epochs; without it, it falls where the loss no longer does. */
  cycleEpochs?: number;
  source: PhotoSource;
  /** Class of each position of the source. */
  labels: readonly number[];
  classes: number;
  /** Positions of the source. */
  training: readonly number[];
  validation: readonly number[];
}

const STATE_FILE = 'network-training.bin';
/** An epoch has this many steps at least, as far as batches of the smallest size allow. */
const MIN_STEPS = 48;
const MIN_BATCH = 16;
/** Photos computed at once where nothing is learned: more gains no speed and costs gigabytes. */
const PREDICTION_BATCH = 16;
/** Right answers count this much less than 1, and the others share it. */
const LABEL_SMOOTHING = 0.05;
/** The rate is multiplied by it when the validation loss no longer falls. */
const RATE_DECAY = 0.3;
/** The part of a cycle in which the rate rises. */
const CYCLE_RISE = 0.15;
/** A smaller relative gain of the validation loss is none. */
const MIN_GAIN = 0.002;

/**
 * Trains a network by Adam with early stopping on the validation photos, one checkpoint an epoch, and leaves it with
 * the weights of its best epoch. An interrupted training goes on after its last whole epoch.
 *
 * @returns logits of the validation photos, row-major, and the number of epochs
 */
export async function trainNetwork(
  context: ImageTrainContext,
  training: NetworkTraining,
): Promise<{ logits: Float32Array; epochs: number }> {
  const { options, checkpointDir, progress } = context;
  const optimizer = training.tf.train.adam(training.learningRate);
  let state = await readState<TrainingState>(checkpointDir, STATE_FILE);
  if (state) {
    progress.info(`Resuming after epoch ${state.epoch}`);
    loadWeights(training, state.weights);
    await optimizer.setWeights(
      state.optimizer.map(({ name, shape, data }) => ({
        name,
        tensor: training.tf.tensor(Float32Array.from(data), shape),
      })),
    );
    for (const [i, metrics] of state.history.entries()) await context.logEpoch(i + 1, metrics);
  }
  state ??= await initialState(training);
  const { cycleEpochs } = training;
  const epochs = Math.min(options.epochs, cycleEpochs ?? Infinity);
  while (state.epoch < epochs && state.stale < options.trainPatience) {
    if (cycleEpochs) state.learningRate = training.learningRate * cycleShare(state.epoch, epochs);
    (optimizer as unknown as { learningRate: number }).learningRate = state.learningRate;
    const loss = await trainEpoch(context, training, optimizer, state.epoch);
    const scores = scoreLogits(training, await predictLogits(training));
    const metrics = {
      loss,
      val_loss: scores.log_loss,
      val_accuracy: scores.accuracy,
      learning_rate: state.learningRate,
    };
    state = advance(state, metrics, saveWeights(training), options.trainPatience);
    state.optimizer = await saveOptimizer(optimizer);
    await context.logEpoch(state.epoch, metrics);
    await saveState(checkpointDir, STATE_FILE, state);
    progress.info(
      `Epoch ${state.epoch}: loss ${loss.toFixed(4)}, validation loss ${scores.log_loss.toFixed(4)}, ` +
        `accuracy ${scores.accuracy.toFixed(4)}`,
    );
  }
  loadWeights(training, state.bestWeights);
  optimizer.dispose();
  return { logits: await predictLogits(training), epochs: state.epoch };
}

/** Before the first epoch. A network that comes with a head is good already: an epoch has to be better. */
async function initialState(training: NetworkTraining): Promise<TrainingState> {
  const weights = saveWeights(training);
  const start = training.head ? scoreLogits(training, await predictLogits(training)).log_loss : Infinity;
  return {
    epoch: 0,
    learningRate: training.learningRate,
    stale: 0,
    staleAtRate: 0,
    bestLoss: start,
    weights,
    bestWeights: weights,
    optimizer: [],
    history: [],
  };
}

/** The state after an epoch: the best weights so far, and a lower rate where the loss no longer falls. */
function advance(
  state: TrainingState,
  metrics: Record<string, number> & { val_loss: number },
  weights: SavedTensor[],
  patience: number,
): TrainingState {
  const improved = metrics.val_loss < state.bestLoss * (1 - MIN_GAIN);
  const staleAtRate = improved ? 0 : state.staleAtRate + 1;
  const slows = staleAtRate >= Math.max(2, Math.floor(patience / 3));
  const best = metrics.val_loss < state.bestLoss;
  return {
    ...state,
    epoch: state.epoch + 1,
    weights,
    bestLoss: best ? metrics.val_loss : state.bestLoss,
    bestWeights: best ? weights : state.bestWeights,
    stale: improved ? 0 : state.stale + 1,
    staleAtRate: slows ? 0 : staleAtRate,
    learningRate: slows ? state.learningRate * RATE_DECAY : state.learningRate,
    history: [...state.history, metrics],
  };
}

/** Of the highest rate in an epoch of a cycle: a linear rise, then a cosine. */
function cycleShare(epoch: number, epochs: number): number {
  const rise = Math.max(1, Math.round(epochs * CYCLE_RISE));
  if (epoch < rise) return (epoch + 1) / (rise + 1);
  return 0.5 * (1 + Math.cos((Math.PI * (epoch - rise)) / (epochs - rise)));
}

/** @returns the mean loss of a photo */
async function trainEpoch(
  { options, progress, signal }: ImageTrainContext,
  training: NetworkTraining,
  optimizer: ReturnType<Tensorflow['train']['adam']>,
  epoch: number,
): Promise<number> {
  const random = new Random(options.seed * 1_000_003 + epoch);
  const order = random.shuffle([...training.training]);
  const batches = chunk(order, stepSize(order.length, options.batchSize));
  const task = progress.task(`Epoch ${epoch + 1}`, order.length);
  const load = (i: number) => loadBatch(training, batches[i] ?? [], options.dataAugmentation ? random : null);
  let total = 0;
  let next = load(0);
  for (const [i, batch] of batches.entries()) {
    signal.throwIfAborted();
    const data = await next;
    // The next photos are read while TensorFlow computes.
    next = load(i + 1);
    total += trainStep(training, optimizer, data, batch) * batch.length;
    task.advance(batch.length);
  }
  task.finish();
  await next;
  return total / order.length;
}

/** Few photos are shown in small batches: an epoch of a few steps teaches little. */
function stepSize(photos: number, batchSize: number): number {
  return Math.min(batchSize, Math.max(MIN_BATCH, Math.floor(photos / MIN_STEPS)));
}

function trainStep(
  training: NetworkTraining,
  optimizer: ReturnType<Tensorflow['train']['adam']>,
  data: Float32Array,
  batch: readonly number[],
): number {
  const { tf, classes } = training;
  const own = Int32Array.from(batch, (position) => training.labels[position] as number);
  const value = tf.tidy(() => {
    const target = tf.oneHot(tf.tensor1d(own, 'int32'), classes).toFloat();
    const loss = () =>
      tf.losses
        .softmaxCrossEntropy(target, forward(training, data, batch.length, true), undefined, LABEL_SMOOTHING)
        .asScalar();
    const { value, grads } = tf.variableGrads(loss, trainableVariables(training));
    // A map from name to gradient is what tfjs's own `minimize` hands over, too.
    optimizer.applyGradients(grads as Parameters<typeof optimizer.applyGradients>[0]);
    return value;
  });
  const loss = value.dataSync()[0] as number;
  value.dispose();
  if (!Number.isFinite(loss)) throw new Error('The training diverged: its loss is not a number');
  return loss;
}

/** Logits of the validation photos, row-major. */
async function predictLogits(training: NetworkTraining): Promise<Float32Array> {
  const { tf, validation, classes } = training;
  const logits = new Float32Array(validation.length * classes);
  let offset = 0;
  for (const batch of chunk(validation, PREDICTION_BATCH)) {
    const data = await loadBatch(training, batch, null);
    const output = tf.tidy(() => forward(training, data, batch.length, false));
    logits.set(output.dataSync(), offset);
    output.dispose();
    offset += batch.length * classes;
  }
  return logits;
}

function forward(training: NetworkTraining, data: Float32Array, count: number, trains: boolean): Tensor2D {
  const { tf, model, source, enlargedSize } = training;
  const photos: Tensor4D = tf.tensor4d(data, [count, source.size, source.size, 3]);
  const input = enlargedSize ? tf.image.resizeBilinear(photos, [enlargedSize, enlargedSize], true) : photos;
  const output = model.apply(input, { training: trains && training.normalisesBatches });
  return training.head ? training.head.apply(output as Tensor4D) : (output as Tensor2D);
}

/** Photos in the order of `batch`; the random numbers are drawn in that order, whenever the photos arrive. */
async function loadBatch(
  { source }: NetworkTraining,
  batch: readonly number[],
  random: Random | null,
): Promise<Float32Array> {
  const changes = batch.map(() => (random ? drawChange(random) : UNCHANGED));
  const photos = await Promise.all(batch.map((position) => source.read(position)));
  const data = new Float32Array(batch.length * source.size * source.size * 3);
  photos.forEach((pixels, i) => writeChanged(pixels, source.size, changes[i] ?? UNCHANGED, data, i));
  return data;
}

function scoreLogits({ validation, labels, classes }: NetworkTraining, logits: Float32Array) {
  const probabilities = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i += classes) {
    probabilities.set(softmax(logits.subarray(i, i + classes)), i);
  }
  return score({ labels: validation.map((i) => labels[i] as number), probabilities, classes });
}

function trainableVariables({ model, head }: NetworkTraining): Variable[] {
  const own = model.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val);
  return [...own, ...(head?.variables ?? [])];
}

function saveWeights({ model, head }: NetworkTraining): SavedTensor[] {
  const own = model.getWeights().map((tensor, i) => toSaved(model.weights[i]?.name ?? String(i), tensor));
  return [...own, ...(head?.variables ?? []).map((variable) => toSaved(variable.name, variable))];
}

/** Moments and the number of steps; tfjs makes a tensor of the latter that nobody else would dispose of. */
async function saveOptimizer(optimizer: ReturnType<Tensorflow['train']['adam']>): Promise<SavedTensor[]> {
  const [iterations, ...moments] = await optimizer.getWeights();
  if (!iterations) return [];
  const saved = [iterations, ...moments].map(({ name, tensor }) => toSaved(name, tensor));
  iterations.tensor.dispose();
  return saved;
}

function loadWeights({ tf, model, head }: NetworkTraining, saved: readonly SavedTensor[]): void {
  tf.tidy(() => {
    const tensors = saved.map(({ shape, data }) => tf.tensor(Float32Array.from(data), shape));
    const own = tensors.length - (head?.variables.length ?? 0);
    model.setWeights(tensors.slice(0, own));
    head?.variables.forEach((variable, i) => variable.assign(tensors[own + i] as Tensor));
  });
}

function toSaved(name: string, tensor: Tensor): SavedTensor {
  return { name, shape: [...tensor.shape], data: Float32Array.from(tensor.dataSync()) };
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
