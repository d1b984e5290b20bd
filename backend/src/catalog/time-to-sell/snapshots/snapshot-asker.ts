import { Injectable } from '@nestjs/common';
import type { TabularPrediction, TabularPredictor, TabularRow } from '@vitrine/inference';
import { AppConfig } from '../../../config/app-config.js';
import { ModelNotLoadableError, ModelVersionNotFoundError } from '../../../models/models.errors.js';
import { TabularHost } from '../../../models/tabular/tabular-host.js';
import type { ServedTabular } from '../../../models/tabular/version-pool.js';
import type { Snapshot } from '../entities/snapshot.entity.js';
import { SnapshotNotServableError, TimeToSellNotReadyError } from '../time-to-sell.errors.js';
import { SnapshotsService } from './snapshots.service.js';

/** Snapshots that are tried, newest first, where production cannot serve. */
const STAND_INS = 3;

/** Probabilities of classes 0, 1 and 2. */
type SaleProbabilities = [number, number, number];

/** What a snapshot answered, row by row. */
export interface SnapshotAnswer {
  snapshot: Snapshot;
  probabilities: SaleProbabilities[];
  /** Why it is not the one that was to answer; null where it is. */
  fallbackReason: string | null;
}

/** Asks snapshots: the one in production, or any other. */
@Injectable()
export class SnapshotAsker {
  constructor(
    private readonly config: AppConfig,
    private readonly host: TabularHost,
    private readonly snapshots: SnapshotsService,
  ) {}

  /**
   * Asks the version in production; where none is in service, the newest snapshot that can be.
   *
   * @throws TimeToSellNotReadyError where no snapshot can answer
   */
  async askProduction(rows: readonly TabularRow[]): Promise<SnapshotAnswer> {
    const answer = this.host.use(this.config.timeToSell.modelName, async (predictor, model) => {
      const snapshot = await this.snapshots.identify(model);
      return this.predict(predictor, model, snapshot, rows);
    });
    if (answer) return answer;
    for (const snapshot of await this.snapshots.findSound(STAND_INS)) {
      const standIn = await this.ask(snapshot, rows).catch((error: unknown) => {
        if (error instanceof SnapshotNotServableError) return null;
        throw error;
      });
      if (standIn) return { ...standIn, fallbackReason: 'production-not-in-service' };
    }
    throw new TimeToSellNotReadyError();
  }

  /**
   * Asks one snapshot.
   *
   * @throws SnapshotNotFoundError, SnapshotNotServableError, RegistryUnavailableError
   */
  async askSnapshot(id: string, rows: readonly TabularRow[]): Promise<SnapshotAnswer> {
    return this.ask(await this.snapshots.getSnapshot(id), rows);
  }

  /**
   * Loads a snapshot, checks it, and notes whether it can be served.
   *
   * @throws SnapshotNotServableError, RegistryUnavailableError
   */
  async check(snapshot: Snapshot): Promise<void> {
    await this.ask(snapshot, []);
    await this.snapshots.noteProblem(snapshot, null);
  }

  private async ask(snapshot: Snapshot, rows: readonly TabularRow[]): Promise<SnapshotAnswer> {
    const { modelName, modelVersion } = snapshot;
    try {
      return await this.host.useVersion(modelName, modelVersion, (predictor, model) =>
        this.predict(predictor, model, snapshot, rows),
      );
    } catch (error) {
      const problem = describeProblem(error);
      if (problem === null) throw error;
      await this.snapshots.noteProblem(snapshot, problem);
      throw new SnapshotNotServableError(problem, { cause: error });
    }
  }

  private async predict(
    predictor: TabularPredictor,
    { manifest }: ServedTabular,
    snapshot: Snapshot,
    rows: readonly TabularRow[],
  ): Promise<SnapshotAnswer> {
    if (manifest.runId !== snapshot.runId) {
      throw new SnapshotNotServableError('its registered version is of another run');
    }
    const ids = manifest.categories.map(({ id }) => id);
    const predictions = await predictor.predict(rows);
    return {
      snapshot,
      probabilities: predictions.map((prediction) => byClass(ids, prediction)),
      fallbackReason: null,
    };
  }
}

/** A class that the catalogue had no product of has no chance. */
function byClass(ids: readonly number[], { probabilities }: TabularPrediction): SaleProbabilities {
  const of = (saleClass: number): number => probabilities[ids.indexOf(saleClass)] ?? 0;
  return [of(0), of(1), of(2)];
}

/** What is wrong with the package itself; null where it is something else that failed. */
function describeProblem(error: unknown): string | null {
  if (error instanceof SnapshotNotServableError) return error.detail ?? error.title;
  if (error instanceof ModelVersionNotFoundError) return 'its version is not in the registry';
  if (error instanceof ModelNotLoadableError) return 'its package is missing or damaged';
  return null;
}
