import { join } from 'node:path';
import { loadPredictor, readPackage } from '../../inference/dist/index.js';
import { openModelStore } from '../../mlflow/dist/index.js';
import { createProgress } from '../../training/dist/cli/progress.js';
import { fusionTrainer } from '../../training/dist/fusion/fusion-trainer.js';
import { imageTrainer } from '../../training/dist/image/image-trainer.js';
import { resolveFusionMember } from '../../training/dist/runs/fusion-members.js';
import { runTraining } from '../../training/dist/runs/run-training.js';
import { textTrainer } from '../../training/dist/text/text-trainer.js';

/**
 * Trains the three models of a fold as `train-text`, `train-image` and `train-fusion` do; what an earlier run left in
 * the folder is taken as it is.
 *
 * @param {object} dataset of the fold
 * @param {{ dir: string, cacheDir: string, seed: number, baseModel?: string, fineTune: string | false }} settings
 * @returns {Promise<{ predictors: Record<'text' | 'image' | 'fusion', object>, members: object }>}
 */
export async function trainFold(dataset, { dir, cacheDir, seed, baseModel, fineTune }) {
  const progress = createProgress();
  const store = openModelStore({ registryDir: join(dir, 'registry') });
  const common = { inputDir: dataset.dir, batchSize: 96, epochs: 100, trainPatience: 10, seed };
  const train = async (trainer, options, identity) => {
    const { modality } = trainer;
    const outputDir = join(dir, modality);
    const kept = await readPackage(join(outputDir, 'model')).catch(() => null);
    if (kept?.manifest.datasetHash === dataset.hash) return kept.manifest.runId;
    const { runId } = await runTraining(
      trainer,
      { ...common, ...options, outputDir },
      {
        store,
        progress,
        signal: new AbortController().signal,
        registeredModel: null,
        setStaging: false,
        dataset,
        identity: { ...common, ...identity },
      },
    );
    return runId;
  };
  const image = { baseModel, dataAugmentation: true, fineTune };
  const runs = {
    text: await train(textTrainer, {}),
    image: await train(imageTrainer, { ...image, cacheDir }, image),
  };
  const member = (modality) =>
    resolveFusionMember(
      { store, environment: { cacheDir } },
      `runs:/${runs[modality]}/model`,
      modality,
      dataset,
    );
  const members = { text: await member('text'), image: await member('image') };
  await train(fusionTrainer, members, runs);
  const predictors = {};
  for (const modality of ['text', 'image', 'fusion'])
    predictors[modality] = await loadPredictor(join(dir, modality, 'model'));
  return { predictors, members };
}
