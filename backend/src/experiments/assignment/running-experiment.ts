import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import {
  ArmSelectorRegistry,
  type ArmAssignment,
  type ArmSelector,
  type ArmSnapshot,
} from '../../catalog/time-to-sell/arm-selector.js';
import { AppConfig } from '../../config/app-config.js';
import { TabularHost } from '../../models/tabular/tabular-host.js';
import type { ExperimentArm } from '../entities/experiment-arm.entity.js';
import type { Experiment } from '../entities/experiment.entity.js';
import { ExperimentsRepository } from '../experiments.repository.js';
import { assignProduct } from './assign-product.js';

/** What assigns products, ready to be asked. */
interface Running {
  experiment: Experiment;
  answering: readonly (ArmSnapshot & { weight: number })[];
  shadows: readonly ArmSnapshot[];
}

/**
 * The experiment that runs, in memory: assigning a product asks no database. A process that starts or stops one knows at
 * once; the others within `EXPERIMENTS_REFRESH_INTERVAL_MS`.
 */
@Injectable()
export class RunningExperiment implements ArmSelector, OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RunningExperiment.name);
  private running: Running | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lastLook: Promise<void> = Promise.resolve();
  private isPolling = false;

  constructor(
    private readonly config: AppConfig,
    private readonly experiments: ExperimentsRepository,
    private readonly selectors: ArmSelectorRegistry,
    private readonly host: TabularHost,
  ) {}

  onModuleInit(): void {
    this.selectors.register(this);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    const { refreshIntervalMs } = this.config.experiments;
    if (refreshIntervalMs === 0) return;
    this.timer = setInterval(() => void this.poll(), refreshIntervalMs);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.lastLook;
  }

  assign(productIds: readonly number[]): Promise<readonly (ArmAssignment | null)[]> {
    const { running } = this;
    return Promise.resolve(productIds.map((id) => running && assignOne(running, id)));
  }

  /** Looks which experiment runs, after every look that has begun: what was stored before the call is seen. */
  refresh(): Promise<void> {
    const look = this.lastLook.then(() => this.look());
    this.lastLook = look.catch(() => undefined);
    return look;
  }

  /** While the database is away the experiment goes on as it was. */
  private async poll(): Promise<void> {
    if (this.isPolling) return;
    this.isPolling = true;
    try {
      await this.refresh();
    } catch (error) {
      this.logger.debug(`The running experiment cannot be looked up: ${String(error)}`);
    } finally {
      this.isPolling = false;
    }
  }

  private async look(): Promise<void> {
    const { modelName } = this.config.timeToSell;
    const experiment = (await this.experiments.findRunning()).find((one) => one.modelName === modelName);
    const before = this.running?.experiment.id;
    this.running = experiment ? prepare(experiment) : null;
    if (experiment && experiment.id !== before) void this.loadArms(experiment);
  }

  /** The first product of an arm shall not wait for its model. */
  private async loadArms({ modelName, arms }: Experiment): Promise<void> {
    for (const { name, modelVersion } of arms) {
      await this.host
        .useVersion(modelName, modelVersion, () => Promise.resolve())
        .catch((error: unknown) =>
          this.logger.warn(`Arm ${name} cannot answer, production will: ${String(error)}`),
        );
    }
  }
}

function prepare(experiment: Experiment): Running {
  const { arms } = experiment;
  return {
    experiment,
    answering: arms.flatMap((arm) =>
      arm.weight === null ? [] : [{ ...toArmSnapshot(arm), weight: arm.weight }],
    ),
    shadows: arms.filter(({ isShadow }) => isShadow).map(toArmSnapshot),
  };
}

function assignOne({ experiment, answering, shadows }: Running, productId: number): ArmAssignment | null {
  const { id, salt, rampPercent } = experiment;
  const arm = assignProduct({ salt, rampPercent, arms: answering }, productId);
  if (!arm) return null;
  return { experimentId: id, arm: { armId: arm.armId, snapshotId: arm.snapshotId }, shadows };
}

function toArmSnapshot({ id, snapshotId }: ExperimentArm): ArmSnapshot {
  return { armId: id, snapshotId };
}
