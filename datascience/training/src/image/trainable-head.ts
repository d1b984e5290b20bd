import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-node';
import type { PooledHead } from './pooled-head.js';
import type { Tensorflow } from './tensorflow.js';

/** Keeps the length of a vector of zeros away from 0. */
const TINY = 1e-12;

/** The head of a pooled backbone under TensorFlow, where its weights are trained on. */
export class TrainableHead {
  readonly variables: Variable[];
  private readonly mean: Tensor2D;
  private readonly deviation: Tensor2D;

  constructor(
    private readonly tf: Tensorflow,
    private readonly start: PooledHead,
  ) {
    const { kernel, bias, standardisation } = start;
    const row = (values: Float64Array) => tf.tensor2d(Float32Array.from(values), [1, values.length]);
    this.mean = row(standardisation.mean);
    this.deviation = row(standardisation.deviation);
    this.variables = [
      tf.variable(tf.tensor2d(kernel, [kernel.length / bias.length, bias.length]), true),
      tf.variable(tf.tensor1d(bias), true),
    ];
  }

  /** Logits [n, classes] of the last maps [n, height, width, channels]. */
  apply(map: Tensor4D): Tensor2D {
    const { tf } = this;
    const pooled = tf.concat([tf.mean(map, [1, 2]), tf.max(map, [1, 2])], 1) as Tensor2D;
    const standardised = pooled.sub<Tensor2D>(this.mean).div<Tensor2D>(this.deviation);
    const length = standardised.square().sum(1, true).add(TINY).sqrt();
    const [kernel, bias] = this.variables as [Variable, Variable];
    return standardised
      .div<Tensor2D>(length)
      .matMul(kernel as unknown as Tensor2D)
      .add<Tensor2D>(bias);
  }

  /** The head as it is now. */
  read(): PooledHead {
    const [kernel, bias] = this.variables as [Variable, Variable];
    return {
      kernel: Float32Array.from(kernel.dataSync()),
      bias: Float32Array.from(bias.dataSync()),
      standardisation: this.start.standardisation,
    };
  }

  dispose(): void {
    this.tf.dispose([this.mean, this.deviation, ...this.variables]);
  }
}
