import type { TrainedModel, Trainer } from '../runs/trainer.js';
import { trainFrozen } from './frozen-backbone.js';
import { trainLastConvolution } from './fine-tuned-last.js';
import { NO_BASE_MODEL, type ImageTrainContext, type ImageTrainOptions } from './image-options.js';
import { trainFromScratch } from './small-cnn.js';
import { planTrainingRows } from './training-rows.js';
import { trainWholeNetwork } from './whole-network.js';

export type { ImageTrainOptions } from './image-options.js';

/**
 * Trains a category model on photos: a linear head over a frozen backbone, a backbone that is trained too
 * (its last convolution or all of it), or a small network from scratch.
 */
export const imageTrainer: Trainer<ImageTrainOptions> = { modality: 'image', train };

async function train(context: ImageTrainContext): Promise<TrainedModel> {
  const { dataset, options, progress } = context;
  const rows = planTrainingRows(dataset, options.seed);
  if (rows.withoutPhoto > 0) {
    progress.warn(
      `${rows.withoutPhoto} of ${dataset.train.length} training rows have no photo and are left out`,
    );
  }
  if (options.baseModel === NO_BASE_MODEL) {
    if (options.fineTune) throw new Error('--fine-tune needs a base model: leave out --base-model none');
    return trainFromScratch(context, rows);
  }
  if (options.fineTune === 'last') return trainLastConvolution(context, rows);
  if (options.fineTune === 'all') return trainWholeNetwork(context, rows);
  return trainFrozen(context, rows);
}
