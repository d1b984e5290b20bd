import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PageQueryDto } from '../common/crud/page.dto.js';
import { isUniqueViolation } from '../common/errors/database-errors.js';
import type { AuthUser } from '../users/auth-user.js';
import { ArmBuilder } from './arm-builder.js';
import { RunningExperiment } from './assignment/running-experiment.js';
import type { CreateExperimentDto, UpdateExperimentDto } from './dto/experiment-input.dto.js';
import type { Experiment, ExperimentStatus } from './entities/experiment.entity.js';
import {
  ExperimentNotFoundError,
  ExperimentRunningError,
  ExperimentStatusError,
} from './experiments.errors.js';
import { ExperimentsRepository, type ExperimentValues } from './experiments.repository.js';

/** Unique index: one experiment of a model runs. */
const RUNNING_KEY = 'experiments_running_key';

/** Puts experiments together, starts and stops them. */
@Injectable()
export class ExperimentsService {
  constructor(
    private readonly experiments: ExperimentsRepository,
    private readonly arms: ArmBuilder,
    private readonly running: RunningExperiment,
  ) {}

  /** Newest first, with the number of all. */
  listExperiments(query: PageQueryDto): Promise<[Experiment[], number]> {
    return this.experiments.findPage(query);
  }

  /** @throws ExperimentNotFoundError */
  async getExperiment(id: string): Promise<Experiment> {
    const experiment = await this.experiments.findOne(id);
    if (!experiment) throw new ExperimentNotFoundError();
    return experiment;
  }

  /** @throws ArmsInvalidError */
  async createExperiment(user: AuthUser, input: CreateExperimentDto): Promise<Experiment> {
    const { modelName, arms } = await this.arms.build(input.arms);
    const values = {
      name: input.name,
      hypothesis: input.hypothesis ?? '',
      modelName,
      status: 'draft' as const,
      rampPercent: input.ramp_percent ?? 100,
      maturityDays: input.maturity_days ?? 0,
      salt: randomUUID(),
      userId: user.id,
      startedAt: null,
      stoppedAt: null,
      promotedArmId: null,
    };
    return this.experiments.insert(values, arms);
  }

  /**
   * Changes an experiment that has not started.
   *
   * @throws ExperimentNotFoundError, ExperimentStatusError, ArmsInvalidError
   */
  async updateExperiment(id: string, input: UpdateExperimentDto): Promise<Experiment> {
    await this.getExperiment(id);
    const built = input.arms && (await this.arms.build(input.arms));
    const changes: Partial<ExperimentValues> = {
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.hypothesis === undefined ? {} : { hypothesis: input.hypothesis }),
      ...(input.ramp_percent === undefined ? {} : { rampPercent: input.ramp_percent }),
      ...(input.maturity_days === undefined ? {} : { maturityDays: input.maturity_days }),
      ...(built ? { modelName: built.modelName } : {}),
    };
    const isChanged = await this.experiments.update(id, ['draft'], changes, built?.arms);
    return this.after(id, isChanged, 'a draft');
  }

  /**
   * Removes an experiment that does not run; the predictions of its arms stay.
   *
   * @throws ExperimentNotFoundError, ExperimentStatusError
   */
  async deleteExperiment(id: string): Promise<void> {
    if (await this.experiments.delete(id)) return;
    throw new ExperimentStatusError('a draft or stopped', (await this.getExperiment(id)).status);
  }

  /**
   * Has the experiment assign products from now on.
   *
   * @throws ExperimentNotFoundError, ExperimentStatusError; ExperimentRunningError where another one of the model runs
   */
  async startExperiment(id: string): Promise<Experiment> {
    try {
      return await this.move(id, ['draft'], { status: 'running', startedAt: new Date() }, 'a draft');
    } catch (error) {
      throw isUniqueViolation(error, RUNNING_KEY) ? new ExperimentRunningError(error) : error;
    }
  }

  /**
   * Ends the experiment for good: production answers for its products again.
   *
   * @throws ExperimentNotFoundError, ExperimentStatusError
   */
  stopExperiment(id: string): Promise<Experiment> {
    return this.move(id, ['running'], { status: 'stopped', stoppedAt: new Date() }, 'running');
  }

  /**
   * Sets the share of products in the experiment. Those that are in when it rises stay, each in its arm.
   *
   * @throws ExperimentNotFoundError, ExperimentStatusError
   */
  setRamp(id: string, rampPercent: number): Promise<Experiment> {
    return this.move(id, ['draft', 'running'], { rampPercent }, 'a draft or running');
  }

  /** Notes which arm was promoted, and stops the experiment where it runs. */
  async notePromotion(experiment: Experiment, armId: string): Promise<Experiment> {
    const { id, status, stoppedAt } = experiment;
    const isRunning = status === 'running';
    const stop = isRunning ? { status: 'stopped' as const, stoppedAt: new Date() } : { stoppedAt };
    return this.move(id, ['running', 'stopped'], { promotedArmId: armId, ...stop }, 'running or stopped');
  }

  private async move(
    id: string,
    from: readonly ExperimentStatus[],
    changes: Partial<ExperimentValues>,
    needed: string,
  ): Promise<Experiment> {
    const isMoved = await this.experiments.update(id, from, changes);
    const experiment = await this.after(id, isMoved, needed);
    await this.running.refresh();
    return experiment;
  }

  private async after(id: string, isChanged: boolean, needed: string): Promise<Experiment> {
    const experiment = await this.getExperiment(id);
    if (!isChanged) throw new ExperimentStatusError(needed, experiment.status);
    return experiment;
  }
}
