import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import {
  HealthRegistry,
  type HealthContributor,
  type HealthReport,
} from '../../../common/health/health-registry.js';
import { AppConfig } from '../../../config/app-config.js';
import { SnapshotAsker } from './snapshot-asker.js';
import { SnapshotsService } from './snapshots.service.js';
import { SnapshotNotServableError } from '../time-to-sell.errors.js';

/** Snapshots whose packages are looked at when the server starts: the newest, which may be asked for. */
const CHECKED = 5;
/** Snapshots that readiness names. */
const TOLD = 20;

/** Readiness of the snapshots: names those whose package is missing or damaged. None of them makes it unready. */
@Injectable()
export class SnapshotsHealth
  implements HealthContributor, OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown
{
  readonly name = 'time_to_sell';
  readonly isRequired = false;
  private readonly logger = new Logger(SnapshotsHealth.name);
  private checking: Promise<void> = Promise.resolve();
  private isClosing = false;

  constructor(
    private readonly config: AppConfig,
    private readonly registry: HealthRegistry,
    private readonly snapshots: SnapshotsService,
    private readonly asker: SnapshotAsker,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  /** Looks at the packages behind the start: it takes as long as loading them. */
  onApplicationBootstrap(): void {
    this.checking = this.checkNewest().catch((error: unknown) =>
      this.logger.warn({ msg: 'The snapshots could not be looked at', err: error }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await this.checking;
  }

  async checkHealth(): Promise<HealthReport> {
    const broken = await this.snapshots.findBroken(TOLD);
    return {
      status: 'up',
      model: this.config.timeToSell.modelName,
      skipped_snapshots: broken.map(({ id, modelVersion, problem }) => ({
        id,
        version: modelVersion,
        problem,
      })),
    };
  }

  private async checkNewest(): Promise<void> {
    const [newest] = await this.snapshots.listSnapshots({ offset: 0, limit: CHECKED });
    for (const snapshot of newest) {
      if (this.isClosing) return;
      await this.asker.check(snapshot).catch((error: unknown) => {
        if (!(error instanceof SnapshotNotServableError)) throw error;
      });
    }
  }
}
