import type { SquarePhotoConfig } from '@vitrine/inference';
import { fitTemperature } from '../evaluation/calibration.js';
import type { TrainedModel } from '../runs/trainer.js';
import { toHeldOut } from './held-out-photos.js';
import type { ImageTrainContext } from './image-options.js';
import { PhotoSource } from './photo-source.js';
import type { TrainingRows } from './training-rows.js';

/** Photos of a network that is trained once: fold 0 stops the training and calibrates, the others train. */
export interface SingleHoldOut {
  source: PhotoSource;
  labels: number[];
  /** Positions in the source. */
  training: number[];
  validation: number[];
  rows: TrainingRows;
}

/** @throws Error where fold 0 or the others hold no photo that can be read */
export async function prepareHoldOut(
  { progress, signal }: ImageTrainContext,
  rows: TrainingRows,
  photo: SquarePhotoConfig,
  reduction: number,
): Promise<SingleHoldOut> {
  const source = new PhotoSource(
    rows.photos.map(({ path }) => path),
    photo,
    reduction,
  );
  const readable = await source.check(progress, signal);
  const isHeld = (i: number) => rows.photos[i]?.fold === 0;
  const validation = readable.filter(isHeld);
  const training = readable.filter((i) => !isHeld(i));
  if (validation.length === 0 || training.length === 0)
    throw new Error('There are too few photos to train on');
  return { source, labels: rows.photos.map(({ label }) => label), training, validation, rows };
}

/** Calibration and held-out predictions from the logits of the held-out photos. */
export function packHoldOut(
  { dataset }: ImageTrainContext,
  { validation, labels, rows }: SingleHoldOut,
  logits: Float32Array,
): Pick<TrainedModel, 'calibration' | 'heldOut'> {
  const classes = dataset.categories.length;
  const temperature = fitTemperature(
    logits,
    validation.map((i) => labels[i] as number),
    classes,
  );
  return {
    calibration: { temperature },
    heldOut: toHeldOut(logits, validation, rows.photos, classes, temperature),
  };
}
