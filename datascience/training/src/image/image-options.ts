import type { TrainContext, TrainOptions } from '../runs/trainer.js';

/** What of a base model is trained besides the head: its last convolution, or every layer. */
export const FINE_TUNED_PARTS = ['last', 'all'] as const;
type FineTunedPart = (typeof FINE_TUNED_PARTS)[number];

/** Flags of `train-image`. */
export interface ImageTrainOptions extends TrainOptions {
  /** Folder or address of a tfjs layers model, or `none`; MobileNet v1 by default. */
  baseModel?: string;
  dataAugmentation: boolean;
  /** Also train this part of the base model; false leaves it as it is. */
  fineTune: FineTunedPart | false;
  /** Where backbones and features are kept between runs. */
  cacheDir: string;
}

/** `baseModel` of a network trained from scratch. */
export const NO_BASE_MODEL = 'none';

export type ImageTrainContext = TrainContext<ImageTrainOptions>;
