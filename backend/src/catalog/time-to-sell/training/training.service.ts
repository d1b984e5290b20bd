import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { TrainingFailedError, TrainingUnavailableError } from '../../../models/training/training.errors.js';
import { TrainingRunner } from '../../../models/training/training-runner.js';
import type { AuthUser } from '../../../users/auth-user.js';
import { AppConfig } from '../../../config/app-config.js';
import { OverloadedError } from '../../../common/errors/overloaded.error.js';
import { ProductsService } from '../../products/products.service.js';
import type { TrainingJob } from '../entities/training-job.entity.js';
import { SnapshotsService } from '../snapshots/snapshots.service.js';
import { CatalogTooSmallError, TrainingJobNotFoundError } from '../time-to-sell.errors.js';
import { JobLock } from './job-lock.js';
import { SnapshotTrainer } from './snapshot-trainer.js';
import { TrainingJobsRepository } from './training-jobs.repository.js';

/** Products of each class at least: fewer cannot be cross-validated. */
const MIN_PRODUCTS_PER_CLASS = 10;
/** Looks for the training that another process is just beginning, and the time between them. */
const LOOKS = 20;
const LOOK_MS = 50;
/** Who moves the alias where nobody asked for the training. */
const NOBODY = { id: null, email: 'vitrine' };

/** Trainings on the catalogue, one at a time over all processes. */
@Injectable()
export class TrainingService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(TrainingService.name);
  /** Trainings of this process. */
  private readonly underWay = new Map<string, Promise<void>>();
  private isClosing = false;

  constructor(
    private readonly config: AppConfig,
    private readonly lock: JobLock,
    private readonly jobs: TrainingJobsRepository,
    private readonly trainer: SnapshotTrainer,
    private readonly runner: TrainingRunner,
    private readonly snapshots: SnapshotsService,
    private readonly products: ProductsService,
  ) {}

  /** Ends the jobs of processes that are gone; trains where there is a catalogue and no snapshot. */
  async onApplicationBootstrap(): Promise<void> {
    const release = await this.lock.tryTake();
    if (!release) return;
    try {
      await this.interruptLost();
    } finally {
      await release();
    }
    await this.trainFirst().catch((error: unknown) =>
      this.logger.warn({ msg: 'The first training could not be started', err: error }),
    );
  }

  /** Comes before the runner, which this service needs, ends its trainings. */
  onModuleDestroy(): void {
    this.isClosing = true;
  }

  /** Trainings have been ended by now: they note it before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  /**
   * Starts a training, or answers the one that runs.
   *
   * @throws TrainingUnavailableError, CatalogTooSmallError, OverloadedError
   */
  async start(user: AuthUser): Promise<TrainingJob> {
    return this.startAs('request', user);
  }

  /**
   * Waits for the end of a training.
   *
   * @throws TrainingFailedError where it did not succeed, TrainingJobNotFoundError
   */
  async waitFor(id: string): Promise<TrainingJob> {
    await this.underWay.get(id);
    for (;;) {
      const job = await this.getJob(id);
      if (job.state === 'succeeded') return job;
      if (job.state !== 'running') throw new TrainingFailedError(job.error ?? job.state, []);
      // Another process trains it.
      await pause(LOOK_MS * 20);
    }
  }

  /** @throws TrainingJobNotFoundError */
  async getJob(id: string): Promise<TrainingJob> {
    const job = await this.jobs.find(id);
    if (!job) throw new TrainingJobNotFoundError();
    return job;
  }

  /** The training that runs, and the last one, which may be the same. */
  async findJobs(): Promise<{ running: TrainingJob | null; last: TrainingJob | null }> {
    const [running, last] = await Promise.all([this.jobs.findRunning(), this.jobs.findLast()]);
    return { running, last };
  }

  private async startAs(reason: TrainingJob['reason'], user: AuthUser | null): Promise<TrainingJob> {
    if (!(await this.runner.isAvailable())) throw new TrainingUnavailableError();
    await this.requireCatalog();
    for (let look = 0; look < LOOKS; look++) {
      const release = await this.lock.tryTake();
      if (release) return this.begin(reason, user, release);
      const running = await this.jobs.findRunning();
      if (running) return running;
      await pause(LOOK_MS);
    }
    throw new OverloadedError();
  }

  private async begin(
    reason: TrainingJob['reason'],
    user: AuthUser | null,
    release: () => Promise<void>,
  ): Promise<TrainingJob> {
    let job: TrainingJob;
    try {
      await this.interruptLost();
      job = await this.jobs.create({ reason, userId: user?.id ?? null });
    } catch (error) {
      await release();
      throw error;
    }
    const work = this.run(job, user, release).finally(() => this.underWay.delete(job.id));
    this.underWay.set(job.id, work);
    return job;
  }

  /** Never rejects. */
  private async run(job: TrainingJob, user: AuthUser | null, release: () => Promise<void>): Promise<void> {
    try {
      const snapshot = await this.trainer.train(job.id, user ?? NOBODY);
      await this.jobs.finish(job.id, 'succeeded');
      this.logger.log(`Training ${job.id} made version ${snapshot.modelVersion} of ${snapshot.modelName}`);
    } catch (error) {
      this.logger.error({ msg: `Training ${job.id} failed`, err: error });
      await this.jobs
        .finish(job.id, this.isClosing ? 'interrupted' : 'failed', describe(error))
        .catch((cause: unknown) => this.logger.error({ msg: 'Its end could not be noted', err: cause }));
    } finally {
      await release();
    }
  }

  /** To be called with the place taken: whoever is noted as running is not. */
  private async interruptLost(): Promise<void> {
    for (const id of await this.jobs.interruptAll()) {
      this.logger.warn(`Training ${id} was interrupted`);
      await this.trainer.clear(id);
    }
  }

  private async trainFirst(): Promise<void> {
    if (!this.config.timeToSell.trainsAtFirstStart || (await this.snapshots.hasAny())) return;
    if (!(await this.runner.isAvailable()) || (await this.findFault()) !== null) return;
    await this.startAs('first-start', null);
  }

  private async requireCatalog(): Promise<void> {
    const fault = await this.findFault();
    if (fault !== null) throw new CatalogTooSmallError(fault);
  }

  private async findFault(): Promise<string | null> {
    const counts = await this.products.countByClass(MIN_PRODUCTS_PER_CLASS);
    if (counts.every((count) => count >= MIN_PRODUCTS_PER_CLASS)) return null;
    return `At least ${MIN_PRODUCTS_PER_CLASS} products of each class of delai_vente (0, 1 and 2) are needed`;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** For administrators, who read the rest in the log. */
function describe(error: unknown): string {
  if (error instanceof TrainingFailedError) return [error.reason, ...error.output.slice(-3)].join('\n');
  return error instanceof Error ? error.message : String(error);
}
