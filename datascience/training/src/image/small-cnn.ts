import type { LayersModel as TfjsModel } from '@tensorflow/tfjs-node';
import { SQUARE_PHOTO_DEFAULTS } from '@vitrine/inference';
import type { TrainedModel } from '../runs/trainer.js';
import type { ImageTrainContext } from './image-options.js';
import { packageNetwork } from './image-package.js';
import type { Layer, LayersModel } from './layers-model.js';
import { trainNetwork } from './network-training.js';
import { packHoldOut, prepareHoldOut } from './single-hold-out.js';
import { loadTensorflow, type Tensorflow } from './tensorflow.js';
import { toLayersModel } from './tfjs-layers-model.js';
import type { TrainingRows } from './training-rows.js';

/** Squares of this side become one pixel before anything is learned: 224 → 56, where a network trains in minutes. */
const REDUCTION = 4;
/** Channels of each stage; the map is halved between them. */
const STAGES = [24, 48, 96, 160];
const LEARNING_RATE = 3e-3;
/** One cycle of the learning rate: few epochs at a high rate beat many with a rate that waits for the loss. */
const CYCLE_EPOCHS = 24;

/** Trains a small network from scratch: for drawn or very uniform photos, and where no backbone can be had. */
export async function trainFromScratch(
  context: ImageTrainContext,
  rows: TrainingRows,
): Promise<TrainedModel> {
  const tf = loadTensorflow();
  const classes = context.dataset.categories.length;
  const photo = SQUARE_PHOTO_DEFAULTS;
  const prepared = await prepareHoldOut(context, rows, photo, REDUCTION);
  const model = buildNetwork(tf, prepared.source.size, classes, context.options.seed);
  const result = await trainNetwork(context, {
    tf,
    model,
    normalisesBatches: true,
    learningRate: LEARNING_RATE,
    cycleEpochs: CYCLE_EPOCHS,
    classes,
    ...prepared,
  });
  const network = reducePhoto(toLayersModel(model), photo.size);
  model.dispose();
  return {
    ...(await packageNetwork(context.modelDir, network)),
    ...packHoldOut(context, prepared, result.logits),
    params: { epochs_trained: result.epochs, photos: prepared.training.length + prepared.validation.length },
  };
}

function buildNetwork(tf: Tensorflow, size: number, classes: number, seed: number): TfjsModel {
  const model = tf.sequential();
  STAGES.forEach((filters, stage) => {
    model.add(
      tf.layers.conv2d({
        name: `stage_${stage}`,
        filters,
        kernelSize: stage === 0 ? 5 : 3,
        strides: stage === 0 ? 2 : 1,
        padding: 'same',
        useBias: false,
        kernelInitializer: tf.initializers.heNormal({ seed: seed + stage }),
        ...(stage === 0 ? { inputShape: [size, size, 3] } : {}),
      }),
    );
    model.add(tf.layers.batchNormalization({ name: `stage_${stage}_normalised`, momentum: 0.9 }));
    model.add(tf.layers.activation({ name: `stage_${stage}_relu`, activation: 'relu' }));
    if (stage < STAGES.length - 1)
      model.add(tf.layers.maxPooling2d({ name: `stage_${stage}_pooled`, poolSize: 2 }));
  });
  model.add(tf.layers.globalAveragePooling2d({ name: 'mean' }));
  model.add(
    tf.layers.dense({
      name: 'logits',
      units: classes,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + STAGES.length }),
    }),
  );
  return model;
}

/** Puts the reduction of the photo before the network, which was trained on reduced ones. */
function reducePhoto(model: LayersModel, size: number): LayersModel {
  const first: Layer = {
    name: 'vitrine_reduced',
    className: 'AveragePooling2D',
    config: { pool_size: REDUCTION, strides: REDUCTION, padding: 'valid' },
    inputs: [],
    weights: {},
  };
  const layers = model.layers.map((layer) =>
    layer.inputs.length === 0 ? { ...layer, inputs: [first.name] } : layer,
  );
  return { ...model, layers: [first, ...layers], inputShape: [size, size, 3] };
}
