import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-node';
import { Random } from '../common/random.js';
import type { ImageTrainContext } from './image-options.js';
import type { LastConvolution } from './last-convolution.js';
import type { PooledHead } from './pooled-head.js';
import type { Tensorflow } from './tensorflow.js';
import { TrainableHead } from './trainable-head.js';
import type { ViewActivations } from './view-activations.js';

/** A convolution and its head under training. */
export interface ConvolutionTraining {
  tf: Tensorflow;
  activations: ViewActivations;
  start: LastConvolution;
  head: PooledHead;
  /** Class of each photo. */
  labels: readonly number[];
  classes: number;
  /** Tells this training's random numbers from those of another. */
  stream: number;
}

/** A convolution and a head, as they were trained. */
export interface TrainedConvolution {
  convolution: LastConvolution;
  head: PooledHead;
}

/** What `trainConvolution` goes on from after an interruption. */
export interface ConvolutionState {
  epoch: number;
  /** Kernel, bias, the head's kernel and bias, then both moments of each. */
  tensors: Float32Array[];
}

/** Passes over the photos at most: each shows one view of every photo. */
export const MAX_EPOCHS = 8;
const BATCH_SIZE = 32;
const LEARNING_RATE = 2e-4;
const WARM_UP_STEPS = 20;
/** Right answers count this much less than 1, and the others share it. */
const LABEL_SMOOTHING = 0.1;
const PREDICTION_BATCH = 64;
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-7];

/**
 * Trains the last convolution together with its head on kept activations: Adam with a warm-up and a cosine schedule,
 * label smoothing, a random view of each photo in each epoch.
 */
export class ConvolutionTrainer {
  private readonly kernel: Variable;
  private readonly bias: Variable;
  private readonly head: TrainableHead;
  private readonly moments: Variable[];

  constructor(private readonly training: ConvolutionTraining) {
    const { tf, start, head } = training;
    this.kernel = tf.variable(tf.tensor(start.kernel.data, [...start.kernel.shape]), true);
    this.bias = tf.variable(tf.tensor1d(start.bias), true);
    this.head = new TrainableHead(tf, head);
    this.moments = this.variables.flatMap((variable) =>
      [0, 1].map(() => tf.variable(tf.zerosLike(variable as Tensor), false)),
    );
  }

  /**
   * @param photos positions that are trained on
   * @param state where an interrupted training stood
   * @param onEpoch called after each epoch with what to go on from
   */
  async train(
    { options, signal, progress }: ImageTrainContext,
    photos: readonly number[],
    state: ConvolutionState | null,
    onEpoch: (state: ConvolutionState, loss: number) => Promise<void>,
  ): Promise<void> {
    const epochs = Math.min(MAX_EPOCHS, options.epochs);
    const stepsOfEpoch = Math.ceil(photos.length / BATCH_SIZE);
    if (state) this.restore(state.tensors);
    const task = progress.task('Last convolution', epochs * photos.length);
    for (let epoch = state?.epoch ?? 0; epoch < epochs; epoch++) {
      const random = new Random(options.seed * 1_000_003 + this.training.stream * 1_009 + epoch);
      const order = random.shuffle([...photos]);
      let loss = 0;
      for (let step = 0; step < stepsOfEpoch; step++) {
        signal.throwIfAborted();
        const batch = order.slice(step * BATCH_SIZE, (step + 1) * BATCH_SIZE);
        const views = batch.map(() => random.integer(this.training.activations.views));
        const maps = await this.load(batch, views);
        const number = epoch * stepsOfEpoch + step + 1;
        loss += this.step(maps, batch, number, rateAt(number, epochs * stepsOfEpoch)) / stepsOfEpoch;
        task.advance(batch.length);
      }
      if (!Number.isFinite(loss)) throw new Error('The training diverged: its loss is not a number');
      await onEpoch({ epoch: epoch + 1, tensors: this.snapshot() }, loss);
    }
    task.finish();
  }

  /** Logits of photos as they are, row-major. */
  async predict(photos: readonly number[]): Promise<Float32Array> {
    const { tf, classes } = this.training;
    const logits = new Float32Array(photos.length * classes);
    for (let start = 0; start < photos.length; start += PREDICTION_BATCH) {
      const batch = photos.slice(start, start + PREDICTION_BATCH);
      const maps = await this.load(
        batch,
        batch.map(() => 0),
      );
      const output = tf.tidy(() => this.forward(this.toTensor(maps, batch.length)));
      logits.set(output.dataSync(), start * classes);
      output.dispose();
    }
    return logits;
  }

  read(): TrainedConvolution {
    const { start } = this.training;
    const data = Float32Array.from(this.kernel.dataSync());
    const convolution = {
      ...start,
      kernel: { shape: start.kernel.shape, data },
      bias: Float32Array.from(this.bias.dataSync()),
    };
    return { convolution, head: this.head.read() };
  }

  dispose(): void {
    this.training.tf.dispose([this.kernel, this.bias, ...this.moments]);
    this.head.dispose();
  }

  private get variables(): Variable[] {
    return [this.kernel, this.bias, ...this.head.variables];
  }

  private async load(photos: readonly number[], views: readonly number[]): Promise<Float32Array> {
    const { activations } = this.training;
    const [height, width, channels] = activations.shape;
    const maps = new Float32Array(photos.length * height * width * channels);
    await Promise.all(photos.map((photo, i) => activations.read(photo, views[i] ?? 0, maps, i)));
    return maps;
  }

  private toTensor(maps: Float32Array, count: number): Tensor4D {
    const [height, width, channels] = this.training.activations.shape;
    return this.training.tf.tensor4d(maps, [count, height, width, channels]);
  }

  private forward(maps: Tensor4D): Tensor2D {
    const { tf, start } = this.training;
    const map = tf
      .conv2d(maps, this.kernel as unknown as Tensor4D, start.strides, start.padding)
      .add<Tensor4D>(this.bias);
    if (start.activation === 'linear') return this.head.apply(map);
    return this.head.apply(start.activation === 'relu6' ? tf.relu6(map) : tf.relu(map));
  }

  private step(maps: Float32Array, batch: readonly number[], number: number, rate: number): number {
    const { tf, labels, classes } = this.training;
    const own = Int32Array.from(batch, (photo) => labels[photo] as number);
    const loss = tf.tidy(() => {
      const input = this.toTensor(maps, batch.length);
      const target = tf.oneHot(tf.tensor1d(own, 'int32'), classes).toFloat();
      const { value, grads } = tf.variableGrads(
        () =>
          tf.losses.softmaxCrossEntropy(target, this.forward(input), undefined, LABEL_SMOOTHING).asScalar(),
        this.variables,
      );
      this.descend(grads, number, rate);
      return value;
    });
    const value = loss.dataSync()[0] as number;
    loss.dispose();
    return value;
  }

  /** One step of Adam (Kingma and Ba, 2015); its moments are kept here so that they can be saved. */
  private descend(gradients: Record<string, Tensor>, number: number, rate: number): void {
    this.variables.forEach((variable, i) => {
      const gradient = gradients[variable.name] as Tensor;
      const [first, second] = this.moments.slice(2 * i) as [Variable, Variable];
      first.assign(first.mul(BETA_1).add(gradient.mul(1 - BETA_1)));
      second.assign(second.mul(BETA_2).add(gradient.square().mul(1 - BETA_2)));
      const direction = first.div(1 - BETA_1 ** number).div(
        second
          .div(1 - BETA_2 ** number)
          .sqrt()
          .add(EPSILON),
      );
      variable.assign(variable.sub(direction.mul(rate)));
    });
  }

  private snapshot(): Float32Array[] {
    return [...this.variables, ...this.moments].map((variable) => Float32Array.from(variable.dataSync()));
  }

  private restore(tensors: readonly Float32Array[]): void {
    const { tf } = this.training;
    [...this.variables, ...this.moments].forEach((variable, i) =>
      tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(tensors[i] ?? []), variable.shape))),
    );
  }
}

function rateAt(step: number, steps: number): number {
  const warmUp = Math.min(1, step / WARM_UP_STEPS);
  return LEARNING_RATE * warmUp * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
}
