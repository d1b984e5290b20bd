import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { PageQueryDto } from '../common/crud/page.dto.js';
import { ExperimentArm } from './entities/experiment-arm.entity.js';
import { Experiment, type ExperimentStatus } from './entities/experiment.entity.js';

/** What an arm is made of. */
export type ArmValues = Omit<ExperimentArm, 'id' | 'experiment'>;
/** What an experiment is made of, without its arms. */
export type ExperimentValues = Omit<Experiment, 'id' | 'arms' | 'createdAt' | 'updatedAt'>;

const ARMS_IN_ORDER = { arms: { position: 'ASC' } } as const;

/** Experiments with their arms in order. */
@Injectable()
export class ExperimentsRepository {
  constructor(@InjectRepository(Experiment) private readonly experiments: Repository<Experiment>) {}

  /** Newest first, with the number of all. */
  findPage({ offset, limit }: PageQueryDto): Promise<[Experiment[], number]> {
    return this.experiments.findAndCount({
      order: { createdAt: 'DESC', id: 'DESC', ...ARMS_IN_ORDER },
      skip: offset,
      take: limit,
    });
  }

  findOne(id: string): Promise<Experiment | null> {
    return this.experiments.findOne({ where: { id }, order: ARMS_IN_ORDER });
  }

  /** Those that run, the latest first. */
  findRunning(): Promise<Experiment[]> {
    return this.experiments.find({
      where: { status: 'running' },
      order: { startedAt: 'DESC', ...ARMS_IN_ORDER },
    });
  }

  /** Stores an experiment with its arms. */
  async insert(values: ExperimentValues, arms: readonly ArmValues[]): Promise<Experiment> {
    const { id } = await this.experiments.save(this.experiments.create({ ...values, arms: [...arms] }));
    return this.experiments.findOneOrFail({ where: { id }, order: ARMS_IN_ORDER });
  }

  /**
   * Changes an experiment of one of the statuses; its arms too where they are given.
   *
   * @returns whether there was one
   * @throws QueryFailedError of `experiments_running_key` where another one runs
   */
  update(
    id: string,
    statuses: readonly ExperimentStatus[],
    changes: Partial<ExperimentValues>,
    arms?: readonly ArmValues[],
  ): Promise<boolean> {
    return this.experiments.manager.transaction(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(Experiment)
        .set({ ...changes, updatedAt: new Date() })
        .where('id = :id AND status IN (:...statuses)', { id, statuses })
        .execute();
      if (affected !== 1) return false;
      if (arms) {
        await manager.delete(ExperimentArm, { experiment: { id } });
        await manager.insert(
          ExperimentArm,
          arms.map((arm) => ({ ...arm, experiment: { id } })),
        );
      }
      return true;
    });
  }

  /** @returns whether there was one that does not run */
  async delete(id: string): Promise<boolean> {
    const { affected } = await this.experiments
      .createQueryBuilder()
      .delete()
      .where("id = :id AND status <> 'running'", { id })
      .execute();
    return affected === 1;
  }
}
