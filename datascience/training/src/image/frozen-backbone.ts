import { fitTemperature } from '../evaluation/calibration.js';
import type { TrainedModel } from '../runs/trainer.js';
import { DEFAULT_BASE_MODEL, openBackbone, type Backbone } from './backbone.js';
import { fitFinalHead, fitFrozenHeads, type FrozenHeads } from './frozen-head.js';
import { toHeldOut } from './held-out-photos.js';
import type { ImageTrainContext } from './image-options.js';
import { packageNetwork } from './image-package.js';
import { appendPooledHead } from './pooled-head.js';
import type { PhotoRow, TrainingRows } from './training-rows.js';

/** Trains a linear head on the features of a backbone that stays as it is. */
export async function trainFrozen(context: ImageTrainContext, rows: TrainingRows): Promise<TrainedModel> {
  const { options, progress } = context;
  const backbone = await openBackbone(options.baseModel ?? DEFAULT_BASE_MODEL, options.cacheDir, progress);
  const heads = await fitFrozenHeads(context, rows, backbone, rows.outOfFold ? rows.folds : 1);
  return packageFrozen(context, backbone, heads);
}

/** Fits the final head and packages it with its backbone. */
export async function packageFrozen(
  { options, dataset, progress, modelDir }: ImageTrainContext,
  backbone: Backbone,
  heads: FrozenHeads,
): Promise<TrainedModel> {
  const { data, held, l2, logits } = heads;
  const temperature = fitTemperature(
    logits,
    held.map((i) => (data.photos[i] as PhotoRow).label),
    data.classes,
  );
  progress.info('Fitting the final head on every row');
  const network = appendPooledHead(backbone.model, fitFinalHead(heads, options.epochs));
  return {
    ...(await packageNetwork(modelDir, network)),
    calibration: { temperature },
    heldOut: toHeldOut(logits, held, data.photos, dataset.categories.length, temperature),
    params: {
      base_model_hash: backbone.hash,
      l2,
      temperature,
      photos: data.photos.length,
      mirrored: data.mirrored,
    },
  };
}
