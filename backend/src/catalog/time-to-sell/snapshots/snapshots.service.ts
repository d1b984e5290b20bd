import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { IsNull, Repository } from 'typeorm';
import type { PageQueryDto } from '../../../common/crud/page.dto.js';
import { AppConfig } from '../../../config/app-config.js';
import type { ServedTabular } from '../../../models/tabular/version-pool.js';
import { Snapshot } from '../entities/snapshot.entity.js';
import { SnapshotNotFoundError } from '../time-to-sell.errors.js';

/** Snapshots remembered by id: what a snapshot is never changes. */
const MAX_REMEMBERED = 200;

/** What a training knows of its snapshot. */
export type NewSnapshot = Pick<
  Snapshot,
  'modelName' | 'modelVersion' | 'runId' | 'jobId' | 'metrics' | 'reliability'
>;

/** The trained time-to-sell models. */
@Injectable()
export class SnapshotsService {
  private readonly logger = new Logger(SnapshotsService.name);
  private readonly byId = new LRUCache<string, Snapshot>({ max: MAX_REMEMBERED });
  private readonly byVersion = new LRUCache<string, Promise<Snapshot>>({ max: MAX_REMEMBERED });

  constructor(
    private readonly config: AppConfig,
    @InjectRepository(Snapshot) private readonly snapshots: Repository<Snapshot>,
  ) {}

  /** Newest first, with the number of all. */
  listSnapshots({ offset, limit }: PageQueryDto): Promise<[Snapshot[], number]> {
    return this.snapshots.findAndCount({
      order: { createdAt: 'DESC', id: 'DESC' },
      skip: offset,
      take: limit,
    });
  }

  /** @throws SnapshotNotFoundError */
  async getSnapshot(id: string): Promise<Snapshot> {
    const known = this.byId.get(id);
    if (known) return known;
    const snapshot = await this.snapshots.findOneBy({ id });
    if (!snapshot) throw new SnapshotNotFoundError();
    this.byId.set(id, snapshot);
    return snapshot;
  }

  /** The newest snapshots of the model in service of which nothing bad is known. */
  findSound(limit: number): Promise<Snapshot[]> {
    return this.snapshots.find({
      where: { modelName: this.config.timeToSell.modelName, problem: IsNull() },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: limit,
    });
  }

  /** Those whose package cannot be served, newest first. */
  findBroken(limit: number): Promise<Snapshot[]> {
    return this.snapshots
      .createQueryBuilder('snapshot')
      .where('snapshot.problem IS NOT NULL')
      .orderBy('snapshot.createdAt', 'DESC')
      .limit(limit)
      .getMany();
  }

  /** The snapshot that a training made, or null. */
  async findIdByJob(jobId: string): Promise<string | null> {
    const snapshot = await this.snapshots.findOne({ where: { jobId }, select: { id: true } });
    return snapshot?.id ?? null;
  }

  async hasAny(): Promise<boolean> {
    return this.snapshots.exists();
  }

  /** Stores a snapshot; the one that is there where its version was seen in service first. */
  async store(values: NewSnapshot): Promise<Snapshot> {
    const { modelName, modelVersion, runId, metrics } = values;
    const row = { ...values, logLoss: metrics.log_loss ?? null, accuracy: metrics.accuracy ?? null };
    await this.snapshots.upsert(row, ['modelName', 'modelVersion', 'runId']);
    return this.snapshots.findOneByOrFail({ modelName, modelVersion, runId });
  }

  /** The snapshot of a version in service; one that was registered by hand becomes one. */
  identify({ name, version, manifest }: ServedTabular): Promise<Snapshot> {
    const key = `${name}/${version}/${manifest.runId}`;
    const known = this.byVersion.get(key);
    if (known) return known;
    const found = this.findOrAdopt({
      modelName: name,
      modelVersion: version,
      runId: manifest.runId,
      jobId: null,
      metrics: manifest.metrics,
      reliability: null,
    });
    this.byVersion.set(key, found);
    found.catch(() => this.byVersion.delete(key));
    return found;
  }

  /** Notes why a snapshot cannot be served, or that it can. */
  async noteProblem(snapshot: Snapshot, problem: string | null): Promise<void> {
    if (snapshot.problem === problem) return;
    snapshot.problem = problem;
    this.byId.set(snapshot.id, snapshot);
    if (problem !== null) {
      this.logger.warn(`Snapshot ${snapshot.id} (version ${snapshot.modelVersion}) is skipped: ${problem}`);
    }
    await this.snapshots.update({ id: snapshot.id }, { problem });
  }

  private async findOrAdopt(values: NewSnapshot): Promise<Snapshot> {
    const { modelName, modelVersion, runId } = values;
    const known = await this.snapshots.findOneBy({ modelName, modelVersion, runId });
    return known ?? this.store(values);
  }
}
