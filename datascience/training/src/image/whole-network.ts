import type { SymbolicTensor, LayersModel as TfjsModel } from '@tensorflow/tfjs-node';
import { join } from 'node:path';
import { fitTemperature } from '../evaluation/calibration.js';
import type { TrainedModel } from '../runs/trainer.js';
import { DEFAULT_BASE_MODEL, openBackbone, type Backbone } from './backbone.js';
import { trainFrozen } from './frozen-backbone.js';
import { fitFrozenHeads, scoreHeldOut } from './frozen-head.js';
import type { ImageTrainContext } from './image-options.js';
import { packageNetwork, photoConfigFor } from './image-package.js';
import { enlargePhoto } from './layers-model.js';
import { MODEL_JSON } from './layers-model-files.js';
import type { LinearHead } from './logistic-regression.js';
import { trainNetwork } from './network-training.js';
import { appendPooledHead } from './pooled-head.js';
import { packHoldOut, prepareHoldOut } from './single-hold-out.js';
import { loadTensorflow, type Tensorflow } from './tensorflow.js';
import { toLayersModel } from './tfjs-layers-model.js';
import { TrainableHead } from './trainable-head.js';
import type { TrainingRows } from './training-rows.js';

/** Small: the network is good already, and few photos would soon spoil it. */
const LEARNING_RATE = 2e-5;

/**
 * Trains every layer of a backbone together with a linear head, starting from the best head over the backbone as it is.
 * Where no epoch lowers the held-out loss, the backbone stays as it is.
 */
export async function trainWholeNetwork(
  context: ImageTrainContext,
  rows: TrainingRows,
): Promise<TrainedModel> {
  const { options, progress, dataset } = context;
  const backbone = await openBackbone(options.baseModel ?? DEFAULT_BASE_MODEL, options.cacheDir, progress);
  const tf = loadTensorflow();
  const frozen = await fitFrozenHeads({ ...context, logEpoch: async () => undefined }, rows, backbone, 1);
  const start = { ...(frozen.heads[0] as LinearHead), standardisation: frozen.standardisation };
  const model = await buildNetwork(tf, backbone);
  const head = new TrainableHead(tf, start);
  const prepared = await prepareHoldOut(context, rows, photoConfigFor(backbone.model), 1);
  const result = await trainNetwork(context, {
    tf,
    model,
    head,
    enlargedSize: backbone.enlargedSize,
    normalisesBatches: false,
    learningRate: LEARNING_RATE,
    classes: dataset.categories.length,
    ...prepared,
  });
  const enlarged = enlargePhoto(
    { ...toLayersModel(model), inputShape: backbone.cut.inputShape },
    backbone.enlargedSize,
  );
  const network = appendPooledHead(enlarged, head.read());
  model.dispose();
  head.dispose();
  const packed = packHoldOut(context, prepared, result.logits);
  const { temperature } = packed.calibration;
  const before = temperedLoss(frozen.logits);
  const after = temperedLoss(result.logits);
  progress.info(`Held-out log loss ${before.toFixed(4)} before fine-tuning, ${after.toFixed(4)} after`);
  if (after >= before) {
    progress.warn('fine-tuning did not lower the held-out log loss: the base model stays as it is');
    return trainFrozen(context, rows);
  }
  return {
    ...(await packageNetwork(context.modelDir, network)),
    ...packed,
    params: {
      base_model_hash: backbone.hash,
      temperature,
      epochs_trained: result.epochs,
      photos: prepared.training.length + prepared.validation.length,
    },
  };

  function temperedLoss(logits: Float32Array): number {
    const { data, held } = frozen;
    const labels = held.map((i) => data.photos[i]?.label ?? 0);
    const temperature = fitTemperature(logits, labels, data.classes);
    return scoreHeldOut(
      data,
      held,
      logits.map((value) => value / temperature),
    ).log_loss;
  }
}

/** The backbone for enlarged photos up to its last map; the statistics of batch normalisation stay. */
async function buildNetwork(tf: Tensorflow, backbone: Backbone): Promise<TfjsModel> {
  const base = await tf.loadLayersModel(`file://${join(backbone.dir, MODEL_JSON)}`);
  const wider = await resizeInput(tf, base, backbone);
  const map = wider.getLayer(backbone.cut.output).output as SymbolicTensor;
  const model = tf.model({ inputs: wider.inputs, outputs: map });
  // Few photos would estimate the statistics, and the scales beside them, badly.
  for (const layer of model.layers) layer.trainable = layer.getClassName() !== 'BatchNormalization';
  return model;
}

/** The same layers and weights for photos of the enlarged size: a loaded model insists on its own. */
async function resizeInput(
  tf: Tensorflow,
  base: TfjsModel,
  { cut, enlargedSize }: Backbone,
): Promise<TfjsModel> {
  const topology = base.toJSON(null, false) as unknown as {
    config: { layers: { config: Record<string, unknown> }[] };
  };
  for (const { config } of topology.config.layers) {
    if (config.batch_input_shape)
      config.batch_input_shape = [null, enlargedSize, enlargedSize, cut.inputShape[2]];
  }
  const weightSpecs = base.weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape as number[],
    dtype: 'float32' as const,
  }));
  const data = base.getWeights().map((tensor) => Float32Array.from(tensor.dataSync()));
  const weightData = Buffer.concat(data.map((values) => Buffer.from(values.buffer)));
  const wider = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: topology,
      weightSpecs,
      weightData: weightData.buffer.slice(
        weightData.byteOffset,
        weightData.byteOffset + weightData.byteLength,
      ) as ArrayBuffer,
    }),
  );
  base.dispose();
  return wider;
}
