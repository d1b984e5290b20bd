import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppConfig } from '../../../config/app-config.js';
import { ModelsService } from '../../../models/models.service.js';
import { PromotionsService, type Mover } from '../../../models/promotions/promotions.service.js';
import { TrainingRunner } from '../../../models/training/training-runner.js';
import type { Snapshot } from '../entities/snapshot.entity.js';
import { SnapshotsService } from '../snapshots/snapshots.service.js';
import { exportCatalog } from './export-catalog.js';
import { readReliability } from './read-reliability.js';
import { TrainingJobsRepository } from './training-jobs.repository.js';

/** Trains one snapshot on the catalogue, in a child process. */
@Injectable()
export class SnapshotTrainer {
  private readonly logger = new Logger(SnapshotTrainer.name);

  constructor(
    private readonly config: AppConfig,
    private readonly dataSource: DataSource,
    private readonly runner: TrainingRunner,
    private readonly snapshots: SnapshotsService,
    private readonly models: ModelsService,
    private readonly promotions: PromotionsService,
    private readonly jobs: TrainingJobsRepository,
  ) {}

  /**
   * Exports the catalogue, trains, registers, stores the snapshot, and puts it into production where nothing is.
   *
   * @throws TrainingUnavailableError, TrainingFailedError; Error where the job was taken for interrupted meanwhile
   */
  async train(jobId: string, mover: Mover): Promise<Snapshot> {
    const { modelName } = this.config.timeToSell;
    const dir = workDir(jobId);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    try {
      const input = join(dir, 'catalog.csv');
      await this.jobs.noteRows(jobId, await exportCatalog(this.dataSource, input));
      const outputDir = join(dir, 'training');
      const { runId, version, metrics } = await this.runner.run({
        command: 'train-time-to-sell',
        outputDir,
        args: ['--input', input, '--registered-model', modelName, '--register'],
      });
      if (version === null) throw new Error('the training registered nothing');
      if (!(await this.jobs.isRunning(jobId))) throw new Error('the job was taken for interrupted');
      const snapshot = await this.snapshots.store({
        modelName,
        modelVersion: version,
        runId,
        jobId,
        metrics: { ...metrics },
        reliability: await readReliability(outputDir),
      });
      await this.promoteFirst(snapshot, mover);
      return snapshot;
    } finally {
      await this.clear(jobId);
    }
  }

  /** Removes what a training left on disk. */
  async clear(jobId: string): Promise<void> {
    await rm(workDir(jobId), { recursive: true, force: true }).catch((error: unknown) =>
      this.logger.warn({ msg: `The files of training ${jobId} stay`, err: error }),
    );
  }

  /** Later snapshots are put into production by whoever has looked at them. */
  private async promoteFirst({ modelName, modelVersion }: Snapshot, mover: Mover): Promise<void> {
    const { alias } = this.config.models;
    const { aliases } = await this.models.getModel(modelName);
    if (aliases[alias] !== undefined) return;
    await this.promotions.promote(mover, modelName, {
      version: modelVersion,
      alias,
      reason: 'first snapshot',
    });
  }
}

const workDir = (jobId: string): string => join(tmpdir(), `vitrine-time-to-sell-${jobId}`);
