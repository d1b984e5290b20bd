import { Injectable } from '@nestjs/common';
import type { AuthUser } from '../users/auth-user.js';
import type { PipelineDefinition } from './definitions/pipeline-definition.js';
import { PipelineRegistry } from './definitions/pipeline-registry.js';
import { buildGraph } from './graph/build-graph.js';
import { toPipelineDto } from './dto/to-pipeline-dto.js';
import type { PipelineDto, PipelineGraphDto, PipelineWorkerDto } from './dto/pipeline.dto.js';
import { PipelineInputError, PipelineNotFoundError, PipelineNotScheduledError } from './pipelines.errors.js';
import { RunStore } from './store/run-store.js';
import { ScheduleStore } from './store/schedule-store.js';
import { WorkerStore } from './store/worker-store.js';

/** What pipelines there are, when they run, and what they look like. */
@Injectable()
export class PipelinesService {
  constructor(
    private readonly registry: PipelineRegistry,
    private readonly runs: RunStore,
    private readonly schedules: ScheduleStore,
    private readonly workers: WorkerStore,
  ) {}

  async listPipelines(): Promise<PipelineDto[]> {
    const [latest, schedules] = await Promise.all([this.runs.findLatest(), this.schedules.list()]);
    return this.registry.list().map((definition) =>
      toPipelineDto(definition, {
        cron: this.registry.findSchedule(definition.id),
        schedule: schedules.find(({ pipelineId }) => pipelineId === definition.id) ?? null,
        lastRun: latest.find(({ pipelineId }) => pipelineId === definition.id) ?? null,
      }),
    );
  }

  /** @throws PipelineNotFoundError */
  async getPipeline(id: string): Promise<PipelineDto> {
    this.getDefinition(id);
    return (await this.listPipelines()).find((pipeline) => pipeline.id === id)!;
  }

  /** @throws PipelineNotFoundError */
  getDefinition(id: string): PipelineDefinition {
    const definition = this.registry.find(id);
    if (!definition) throw new PipelineNotFoundError();
    return definition;
  }

  /**
   * The graph with the states of a run, its newest where none is named.
   *
   * @throws PipelineNotFoundError, PipelineInputError
   */
  async getGraph(id: string, runId: string | undefined): Promise<PipelineGraphDto> {
    const definition = this.getDefinition(id);
    const [[newest]] = await this.runs.findPage({ pipelineId: id }, 0, 1);
    const run = runId === undefined ? newest : await this.runs.find(runId);
    if (runId !== undefined && run?.pipelineId !== id)
      throw new PipelineInputError([{ pointer: '#/run_id', detail: 'is no run of this pipeline' }]);
    return buildGraph(definition, run ? { id: run.id, steps: await this.runs.findSteps(run.id) } : null);
  }

  /** Makes no run by schedule until it is resumed. @throws PipelineNotFoundError, PipelineNotScheduledError */
  pausePipeline(user: AuthUser, id: string): Promise<PipelineDto> {
    return this.setPaused(user, id, true);
  }

  /** Goes on with the schedule where it was. @throws PipelineNotFoundError, PipelineNotScheduledError */
  resumePipeline(user: AuthUser, id: string): Promise<PipelineDto> {
    return this.setPaused(user, id, false);
  }

  async listWorkers(): Promise<PipelineWorkerDto[]> {
    const workers = await this.workers.list();
    return workers.map(({ id, host, pid, startedAt, seenAt }) => ({
      id,
      host,
      pid,
      started_at: startedAt,
      seen_at: seenAt,
    }));
  }

  private async setPaused(user: AuthUser, id: string, isPaused: boolean): Promise<PipelineDto> {
    if (!this.getDefinition(id).schedule) throw new PipelineNotScheduledError();
    await this.schedules.setPaused(id, isPaused, user.email);
    return this.getPipeline(id);
  }
}
