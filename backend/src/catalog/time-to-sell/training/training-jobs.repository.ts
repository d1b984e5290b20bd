import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { TrainingJob, type JobState } from '../entities/training-job.entity.js';

/** Queries on trainings that deserve a name. */
@Injectable()
export class TrainingJobsRepository {
  constructor(@InjectRepository(TrainingJob) private readonly jobs: Repository<TrainingJob>) {}

  find(id: string): Promise<TrainingJob | null> {
    return this.jobs.findOneBy({ id });
  }

  findRunning(): Promise<TrainingJob | null> {
    return this.jobs.findOneBy({ state: 'running' });
  }

  /** The training that was asked for last. */
  findLast(): Promise<TrainingJob | null> {
    return this.jobs.findOne({ where: {}, order: { createdAt: 'DESC', id: 'DESC' } });
  }

  create(values: Pick<TrainingJob, 'reason' | 'userId'>): Promise<TrainingJob> {
    return this.jobs.save(
      this.jobs.create({ ...values, state: 'running', rows: null, error: null, finishedAt: null }),
    );
  }

  async noteRows(id: string, rows: number): Promise<void> {
    await this.jobs.update({ id }, { rows });
  }

  /** Whether it is still running, as far as the others know. */
  isRunning(id: string): Promise<boolean> {
    return this.jobs.existsBy({ id, state: 'running' });
  }

  /** Ends a training that runs; one that others took for interrupted stays so. */
  async finish(id: string, state: JobState, error: string | null = null): Promise<void> {
    await this.jobs.update({ id, state: 'running' }, { state, error, finishedAt: new Date() });
  }

  /** Ends those whose process is gone, and answers their ids. */
  async interruptAll(): Promise<string[]> {
    const { raw } = await this.jobs
      .createQueryBuilder()
      .update()
      .set({ state: 'interrupted', error: 'the process that trained is gone', finishedAt: new Date() })
      .where({ state: 'running' })
      .returning('id')
      .execute();
    return (raw as { id: string }[]).map(({ id }) => id);
  }
}
