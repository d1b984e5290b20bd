import type { LayersModel as TfjsModel, SymbolicTensor } from '@tensorflow/tfjs-node';
import { join } from 'node:path';
import type { TrainedModel } from '../runs/trainer.js';
import { DEFAULT_BASE_MODEL, openBackbone, type Backbone } from './backbone.js';
import { fitSingleHead } from './frozen-backbone.js';
import type { ImageTrainContext } from './image-options.js';
import { packageNetwork, photoConfigFor } from './image-package.js';
import { enlargePhoto } from './layers-model.js';
import { MODEL_JSON } from './layers-model-files.js';
import type { LinearHead } from './logistic-regression.js';
import { trainNetwork } from './network-training.js';
import { packHoldOut, prepareHoldOut } from './single-hold-out.js';
import { loadTensorflow, type Tensorflow } from './tensorflow.js';
import { toLayersModel } from './tfjs-layers-model.js';
import type { TrainingRows } from './training-rows.js';

/** The share of the convolutions, from the end, that are trained. */
const TRAINED_SHARE = 0.2;
/** Small: the network is good already, and few photos would soon spoil it. */
const LEARNING_RATE = 5e-5;

/**
 * Trains the last blocks of a backbone together with a linear head, starting from the best head over the backbone as it
 * is.
 */
export async function trainFineTuned(context: ImageTrainContext, rows: TrainingRows): Promise<TrainedModel> {
  const { options, progress, dataset } = context;
  const backbone = await openBackbone(options.baseModel ?? DEFAULT_BASE_MODEL, options.cacheDir, progress);
  const tf = loadTensorflow();
  const head = await fitSingleHead(context, rows, backbone);
  const model = await buildNetwork(tf, backbone, head);
  const prepared = await prepareHoldOut(context, rows, photoConfigFor(backbone.model), 1);
  const result = await trainNetwork(context, {
    tf,
    model,
    enlargedSize: backbone.enlargedSize,
    normalisesBatches: false,
    learningRate: LEARNING_RATE,
    classes: dataset.categories.length,
    ...prepared,
  });
  const network = enlargePhoto(
    { ...toLayersModel(model), inputShape: backbone.cut.inputShape },
    backbone.enlargedSize,
  );
  model.dispose();
  return {
    ...(await packageNetwork(context.modelDir, network)),
    ...packHoldOut(context, prepared, result.logits),
    params: {
      base_model_hash: backbone.hash,
      epochs_trained: result.epochs,
      photos: prepared.training.length + prepared.validation.length,
    },
  };
}

/** The backbone for enlarged photos, pooled, with the head's weights; all but its last blocks are frozen. */
async function buildNetwork(tf: Tensorflow, backbone: Backbone, head: LinearHead): Promise<TfjsModel> {
  const base = await tf.loadLayersModel(`file://${join(backbone.dir, MODEL_JSON)}`);
  const wider = await resizeInput(tf, base, backbone);
  const classes = head.bias.length;
  const map = wider.getLayer(backbone.cut.output).output as SymbolicTensor;
  const pooled = tf.layers
    .concatenate()
    .apply([
      tf.layers.globalAveragePooling2d({}).apply(map) as SymbolicTensor,
      tf.layers.globalMaxPooling2d({}).apply(map) as SymbolicTensor,
    ]) as SymbolicTensor;
  const dense = tf.layers.dense({ units: classes, name: 'vitrine_logits' });
  const model = tf.model({ inputs: wider.inputs, outputs: dense.apply(pooled) as SymbolicTensor });
  dense.setWeights([
    tf.tensor2d(head.kernel, [head.kernel.length / classes, classes]),
    tf.tensor1d(head.bias),
  ]);
  freezeFirstBlocks(model);
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

function freezeFirstBlocks(model: TfjsModel): void {
  const convolutions = model.layers.filter((layer) => /Conv2D$/.test(layer.getClassName()));
  const trained = Math.max(1, Math.round(convolutions.length * TRAINED_SHARE));
  const firstTrained = convolutions.at(-trained);
  let frozen = true;
  for (const layer of model.layers) {
    if (layer === firstTrained) frozen = false;
    // The statistics of batch normalisation stay: few photos would estimate them badly.
    layer.trainable = !frozen && layer.getClassName() !== 'BatchNormalization';
  }
}
