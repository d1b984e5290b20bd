import { Injectable } from '@nestjs/common';
import type { Page, PageQueryDto } from '../../common/crud/page.dto.js';
import { AppConfig } from '../../config/app-config.js';
import { TabularHost } from '../../models/tabular/tabular-host.js';
import type { AuthUser } from '../../users/auth-user.js';
import { ProductsService } from '../products/products.service.js';
import { toSnapshotDto, type SnapshotDto } from './dto/snapshot.dto.js';
import type { TimeToSellStateDto } from './dto/time-to-sell-state.dto.js';
import { toTrainingJobDto, type TrainingJobDto } from './dto/training.dto.js';
import type { Snapshot } from './entities/snapshot.entity.js';
import type { TrainingJob } from './entities/training-job.entity.js';
import { SnapshotsService } from './snapshots/snapshots.service.js';
import { TrainingService } from './training/training.service.js';

/** Skipped snapshots that are told. */
const MAX_SKIPPED = 20;

/** What serves, what served and what is being trained, as callers see it. */
@Injectable()
export class TimeToSellService {
  constructor(
    private readonly config: AppConfig,
    private readonly host: TabularHost,
    private readonly snapshots: SnapshotsService,
    private readonly training: TrainingService,
    private readonly products: ProductsService,
  ) {}

  /**
   * Starts a training, or joins the one that runs; waits for its end where that is asked for.
   *
   * @throws TrainingUnavailableError, CatalogTooSmallError, OverloadedError; TrainingFailedError at the end
   */
  async train(user: AuthUser, wait: boolean): Promise<TrainingJobDto> {
    const job = await this.training.start(user);
    return this.describeJob(wait ? await this.training.waitFor(job.id) : job);
  }

  /** @throws TrainingJobNotFoundError */
  async getJob(id: string): Promise<TrainingJobDto> {
    return this.describeJob(await this.training.getJob(id));
  }

  /** Newest first. */
  async listSnapshots(query: PageQueryDto): Promise<Page<SnapshotDto>> {
    const [snapshots, total] = await this.snapshots.listSnapshots(query);
    return { items: snapshots.map((snapshot) => this.describe(snapshot)), total, ...query };
  }

  /** @throws SnapshotNotFoundError */
  async getSnapshot(id: string): Promise<SnapshotDto> {
    return this.describe(await this.snapshots.getSnapshot(id));
  }

  /** What answers now, what is being trained, and what there is to learn from. */
  async getState(): Promise<TimeToSellStateDto> {
    const { modelName } = this.config.timeToSell;
    const current = this.host.current(modelName);
    const [snapshot, skipped, { running, last }, { total, known }] = await Promise.all([
      current && this.snapshots.identify(current),
      this.snapshots.findBroken(MAX_SKIPPED),
      this.training.findJobs(),
      this.products.countKnown(),
    ]);
    const status = this.host.status().find(({ name }) => name === modelName);
    return {
      model: {
        name: modelName,
        state: status?.state ?? 'missing',
        version: status?.version ?? null,
        wanted_version: status?.wantedVersion ?? null,
        reason: status?.reason ?? null,
      },
      snapshot: snapshot && this.describe(snapshot),
      skipped_snapshots: skipped.map((broken) => this.describe(broken)),
      running_job: running && (await this.describeJob(running)),
      last_job: last && (await this.describeJob(last)),
      catalog: { total, known, unknown: total - known },
    };
  }

  private async describeJob(job: TrainingJob): Promise<TrainingJobDto> {
    return toTrainingJobDto(job, await this.snapshots.findIdByJob(job.id));
  }

  private describe(snapshot: Snapshot): SnapshotDto {
    const current = this.host.current(snapshot.modelName);
    const isServed = current?.version === snapshot.modelVersion && current.manifest.runId === snapshot.runId;
    return toSnapshotDto(snapshot, isServed);
  }
}
