import { join } from 'node:path';
import { openModelStore } from '@vitrine/mlflow';
import { silentProgress } from '../cli/progress.js';
import { runTraining } from '../runs/run-training.js';
import { textTrainer } from '../text/text-trainer.js';
import { writeTinyDataset } from './tiny-dataset.js';

/** Trains a text model on the tiny data set and registers it in `<root>/registry`; returns its package's folder. */
export async function trainTinyTextModel(root: string): Promise<string> {
  const outputDir = join(root, 'out');
  await runTraining(
    textTrainer,
    {
      inputDir: await writeTinyDataset(root),
      outputDir,
      batchSize: 96,
      epochs: 3,
      trainPatience: 3,
      seed: 42,
    },
    {
      store: openModelStore({ registryDir: join(root, 'registry') }),
      progress: silentProgress,
      signal: new AbortController().signal,
      registeredModel: 'text',
      setStaging: true,
    },
  );
  return join(outputDir, 'model');
}
