import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FUSION_HEAD_KIND, FUSION_HEAD_VERSION, FUSION_MEMBERS, type FusionHead } from '@vitrine/inference';
import type { FusionMember } from '../runs/fusion-members.js';
import type { TrainContext, TrainedModel, Trainer, TrainOptions } from '../runs/trainer.js';
import { chooseHead, HEAD_FITS } from './choose-head.js';
import { intersectHeldOut } from './held-out-intersection.js';

/** Flags of `train-fusion`, its members resolved. */
export interface FusionTrainOptions extends TrainOptions {
  text: FusionMember;
  image: FusionMember;
}

/** Trains a head over a text and an image model, on the rows that neither had seen. */
export const fusionTrainer: Trainer<FusionTrainOptions> = { modality: 'fusion', train };

const HEAD_FILE = 'head.json';

async function train(context: TrainContext<FusionTrainOptions>): Promise<TrainedModel> {
  const { dataset, options, modelDir, progress, signal, logEpoch } = context;
  const both = intersectHeldOut(options.text.heldOut, options.image.heldOut, dataset);
  progress.info(`Training the head on ${both.rows.length} rows that neither model had seen`);
  const task = progress.task('training the head', HEAD_FITS);
  const chosen = await chooseHead(both, dataset.categories.length, options.seed, async () => {
    task.advance();
    await setImmediate(); // a turn for Ctrl-C
    signal.throwIfAborted();
  });
  task.finish();
  const { head, l2, temperature, probabilities, logLoss, mended, spoilt } = chosen;
  await logEpoch(1, { val_loss: logLoss, mended, spoilt });
  progress.info(
    `Held-out log loss ${logLoss.toFixed(4)}; ${mended} answers of the better model mended, ${spoilt} spoilt`,
  );
  signal.throwIfAborted();
  await writePackage(modelDir, head, options);
  return {
    processors: [],
    network: {
      kind: FUSION_HEAD_KIND,
      version: FUSION_HEAD_VERSION,
      config: { members: FUSION_MEMBERS },
      files: { head: HEAD_FILE },
    },
    calibration: { temperature },
    heldOut: { rows: both.rows, probabilities },
    params: {
      text_run_id: options.text.runId,
      image_run_id: options.image.runId,
      l2,
      temperature,
      fusion_rows: both.rows.length,
    },
  };
}

async function writePackage(modelDir: string, head: FusionHead, options: FusionTrainOptions): Promise<void> {
  await cp(options.text.dir, join(modelDir, FUSION_MEMBERS.text), { recursive: true });
  await cp(options.image.dir, join(modelDir, FUSION_MEMBERS.image), { recursive: true });
  await writeFile(join(modelDir, HEAD_FILE), `${JSON.stringify(head)}\n`);
}
