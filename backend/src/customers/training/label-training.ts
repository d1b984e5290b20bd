import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { PromotionRefusedError } from '../../models/models.errors.js';
import { PromotionsService } from '../../models/promotions/promotions.service.js';
import {
  readTrainingResult,
  RESULT_FILE,
  type TrainingResult,
} from '../../models/training/training-result.js';
import { TrainingRunner } from '../../models/training/training-runner.js';
import type { StepContext, StepResult } from '../loading/step.js';
import { FeatureCursor, type ExportRow } from '../features/feature-cursor.js';
import { writeParquet } from '../features/write-parquet.js';

/** Folder of the trainings, below the project's data. */
const TRAINING_DIR = join('data', 'training', 'customer-label');
const COMMAND = 'train-customer-label';
/** Who promotes, in the history of promotions. */
const MOVER = { id: null, email: COMMAND };
const FEATURES_FILE = 'features.parquet';

/** Trains, registers and promotes the label model on the feature store. */
@Injectable()
export class LabelTraining {
  constructor(
    private readonly config: AppConfig,
    private readonly cursor: FeatureCursor,
    private readonly runner: TrainingRunner,
    private readonly promotions: PromotionsService,
  ) {}

  /**
   * Trains on the feature store as it is now and registers the model. Where this run has done so before, its result
   * is taken.
   *
   * @throws TrainingUnavailableError, TrainingFailedError
   */
  async train(context: StepContext): Promise<StepResult> {
    const dir = this.folderOf(context);
    const outputDir = join(dir, 'output');
    const before = await readTrainingResult(join(outputDir, RESULT_FILE)).catch(() => null);
    if (before) return describeTraining(before);
    const input = join(dir, FEATURES_FILE);
    const rows = await this.writeFeatures(input, context);
    context.log(`${rows} customers exported to ${input}`);
    const { seed } = context.parameters;
    const result = await this.runner.run({
      command: COMMAND,
      outputDir,
      args: [
        ...[
          '--input',
          input,
          '--registered-model',
          this.config.customers.modelName,
          '--register',
          '--set-staging',
        ],
        ...(seed === undefined ? [] : ['--seed', String(seed)]),
      ],
      signal: context.signal,
    });
    await rm(input, { force: true });
    for (const [name, value] of Object.entries(result.metrics)) context.log(`${name} ${value}`);
    return describeTraining(result);
  }

  /**
   * Promotes what this run has trained. A gate that refuses is an answer, not a failure: it is in the details.
   *
   * @throws RegistryUnavailableError, ModelVersionNotFoundError
   */
  async promote(context: StepContext): Promise<StepResult> {
    const result = await readTrainingResult(join(this.folderOf(context), 'output', RESULT_FILE));
    const version = result.version!;
    const { modelName } = this.config.customers;
    const force = context.parameters.force ?? false;
    try {
      await this.promotions.promote(MOVER, modelName, { version, force, reason: `run ${context.runId}` });
    } catch (error) {
      if (!(error instanceof PromotionRefusedError)) throw error;
      context.log(`${modelName} version ${version} is not promoted: ${error.detail}`);
      return { rowsIn: 1, rowsOut: 0, details: { version, promoted: false, objections: error.detail } };
    }
    context.log(`${modelName} version ${version} is promoted`);
    return { rowsIn: 1, rowsOut: 1, details: { version, promoted: true } };
  }

  private folderOf({ runId }: StepContext): string {
    return join(this.config.rootDir, TRAINING_DIR, encodeURIComponent(runId));
  }

  private async writeFeatures(path: string, { signal }: StepContext): Promise<number> {
    await mkdir(join(path, '..'), { recursive: true });
    let rows = 0;
    async function* count(parts: AsyncIterable<ExportRow[]>): AsyncGenerator<ExportRow[]> {
      for await (const part of parts) {
        rows += part.length;
        yield part;
      }
    }
    const partial = `${path}.partial`;
    await pipeline(writeParquet(count(this.cursor.readParts())), createWriteStream(partial), { signal });
    await rename(partial, path);
    return rows;
  }
}

function describeTraining({ runId, model, version, metrics }: TrainingResult): StepResult {
  const rows = metrics.n_train ?? 0;
  const tested = metrics.n_test ?? 0;
  return { rowsIn: rows + tested, rowsOut: 1, details: { run_id: runId, model, version, metrics } };
}
