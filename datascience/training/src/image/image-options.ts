import type { TrainContext, TrainOptions } from '../runs/trainer.js';

/** Flags of `train-image`. */
export interface ImageTrainOptions extends TrainOptions {
  /** Folder or address of a tfjs layers model, or `none`; MobileNet v1 by default. */
  baseModel?: string;
  dataAugmentation: boolean;
  /** Also train the last blocks of the base model. */
  fineTune: boolean;
  /** Where backbones and features are kept between runs. */
  cacheDir: string;
}

/** `baseModel` of a network trained from scratch. */
export const NO_BASE_MODEL = 'none';

export type ImageTrainContext = TrainContext<ImageTrainOptions>;
