import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { AppError } from '../common/errors/app.error.js';
import { isDatabaseUnavailable } from '../common/errors/database-errors.js';
import type { AuthUser } from '../users/auth-user.js';
import { checkParameters } from './definitions/parameters.js';
import type { PipelineDefinition } from './definitions/pipeline-definition.js';
import { PipelineRegistry } from './definitions/pipeline-registry.js';
import type { RunParameters } from './definitions/step.js';
import type { BackfillDto, RetryRunDto, RunQueryDto, TriggerRunDto } from './dto/pipeline-input.dto.js';
import { RunLauncher } from './engine/run-launcher.js';
import {
  PipelineInputError,
  PipelineNotScheduledError,
  PipelineRunExistsError,
  PipelineRunNotFoundError,
  PipelineRunStateError,
  PipelinesUnavailableError,
} from './pipelines.errors.js';
import { PipelinesService } from './pipelines.service.js';
import type { LogRecord, RunRecord, StepRecord } from './store/run-records.js';
import { type LogQuery, type NewRun, RunStore } from './store/run-store.js';

/** Intervals of one backfill. */
const MAX_BACKFILL = 240;

/** A run that was asked for, and whether it was created for that. */
export interface RequestedRun {
  run: RunRecord;
  isNew: boolean;
}

/** Starts runs, starts them again, and ends them. */
@Injectable()
export class RunsService {
  constructor(
    private readonly pipelines: PipelinesService,
    private readonly registry: PipelineRegistry,
    private readonly runs: RunStore,
    private readonly launcher: RunLauncher,
  ) {}

  listRuns({ pipeline_id, state, from, to, offset, limit }: RunQueryDto): Promise<[RunRecord[], number]> {
    const filter = {
      pipelineId: pipeline_id,
      state,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
    };
    return this.runs.findPage(filter, offset, limit);
  }

  /** @throws PipelineRunNotFoundError */
  async getRun(id: string): Promise<RunRecord> {
    const run = await this.runs.find(id);
    if (!run) throw new PipelineRunNotFoundError();
    return run;
  }

  /** A run's steps with what each depends on. @throws PipelineRunNotFoundError */
  async getSteps(run: RunRecord): Promise<{ step: StepRecord; dependsOn: readonly string[] }[]> {
    const definition = this.registry.find(run.pipelineId);
    const steps = await this.runs.findSteps(run.id);
    return steps.map((step) => ({
      step,
      dependsOn: definition?.steps.find(({ name }) => name === step.name)?.dependsOn ?? [],
    }));
  }

  /** @throws PipelineRunNotFoundError */
  async getLogs(runId: string, step: string, query: LogQuery): Promise<LogRecord[]> {
    await this.getRun(runId);
    return this.runs.findLogs(runId, step, query);
  }

  /**
   * Asks for the run of a pipeline for one time: there is one alone, whoever asks and how often.
   *
   * @throws PipelineNotFoundError, PipelineInputError, PipelineRunExistsError, PipelinesUnavailableError
   */
  async triggerRun(user: AuthUser, pipelineId: string, input: TriggerRunDto): Promise<RequestedRun> {
    const definition = this.pipelines.getDefinition(pipelineId);
    const parameters = this.checkParameters(definition, input.parameters);
    const scheduledFor = this.findInterval(definition, 'scheduled_for', input.scheduled_for);
    const run: NewRun = { scheduledFor, parameters, trigger: 'manual', triggeredBy: user.email };
    const [requested] = await this.transact((client) => this.request(client, definition, [run]));
    if (!requested!.isNew && !areSame(requested!.run.parameters, parameters))
      throw new PipelineRunExistsError(requested!.run);
    return requested!;
  }

  /**
   * Asks for the runs of a range of intervals.
   *
   * @throws PipelineNotFoundError, PipelineNotScheduledError, PipelineInputError, PipelinesUnavailableError
   */
  async backfill(user: AuthUser, pipelineId: string, input: BackfillDto): Promise<RequestedRun[]> {
    const definition = this.pipelines.getDefinition(pipelineId);
    const cron = this.registry.findSchedule(pipelineId);
    if (!cron) throw new PipelineNotScheduledError();
    const parameters = this.checkParameters(definition, input.parameters);
    const from = this.findInterval(definition, 'from', input.from);
    const to = this.findInterval(definition, 'to', input.to);
    const ticks = cron.ticksBetween(from, to, MAX_BACKFILL + 1);
    if (ticks.length === 0)
      throw new PipelineInputError([{ pointer: '#/to', detail: 'must not be before from' }]);
    if (ticks.length > MAX_BACKFILL)
      throw new PipelineInputError([
        { pointer: '#/to', detail: `must be ${MAX_BACKFILL} intervals after from at most` },
      ]);
    const wanted = ticks.map((scheduledFor): NewRun => ({
      scheduledFor,
      parameters,
      trigger: 'backfill',
      triggeredBy: user.email,
    }));
    return this.transact((client) => this.request(client, definition, wanted));
  }

  /**
   * Starts an ended run again from where it failed, or from a step that is named.
   *
   * @throws PipelineRunNotFoundError, PipelineRunStateError, PipelineInputError, PipelinesUnavailableError
   */
  retryRun(id: string, { from_step }: RetryRunDto): Promise<RunRecord> {
    return this.transact(async (client) => {
      const run = await this.lock(client, id);
      const definition = this.registry.find(run.pipelineId);
      if (!definition) throw new PipelineRunStateError('This version of the program has no such pipeline');
      if (run.state === 'queued' || run.state === 'running')
        throw new PipelineRunStateError(`It is ${run.state}: cancel it first`);
      if (from_step !== undefined && !definition.steps.some(({ name }) => name === from_step))
        throw new PipelineInputError([{ pointer: '#/from_step', detail: 'is no step of this pipeline' }]);
      if (run.state === 'succeeded' && from_step === undefined)
        throw new PipelineRunStateError('It has succeeded: name the step to do again');
      return this.launcher.restart(client, definition, id, from_step ?? null);
    });
  }

  /**
   * Ends a run: what it is doing is stopped and rolled back.
   *
   * @throws PipelineRunNotFoundError, PipelineRunStateError
   */
  cancelRun(user: AuthUser, id: string): Promise<RunRecord> {
    return this.transact(async (client) => {
      const run = await this.lock(client, id);
      if (run.state !== 'queued' && run.state !== 'running')
        throw new PipelineRunStateError(
          `It has ${run.state === 'cancelled' ? 'been cancelled' : run.state} already`,
        );
      return this.runs.cancel(client, id, `cancelled by ${user.email}`);
    });
  }

  private async request(
    client: PoolClient,
    definition: PipelineDefinition,
    wanted: readonly NewRun[],
  ): Promise<RequestedRun[]> {
    const requested: RequestedRun[] = [];
    for (const run of wanted) {
      const created = await this.launcher.launch(client, definition, run);
      const existing = created ?? (await this.runs.findByIdentity(definition.id, run.scheduledFor, client));
      requested.push({ run: existing!, isNew: created !== null });
    }
    return requested;
  }

  private async lock(client: PoolClient, id: string): Promise<RunRecord> {
    const run = await this.runs.lock(client, id);
    if (!run) throw new PipelineRunNotFoundError();
    return run;
  }

  private checkParameters(
    definition: PipelineDefinition,
    given: Record<string, unknown> = {},
  ): RunParameters {
    const checked = checkParameters(definition.parameters, given);
    if ('errors' in checked) throw new PipelineInputError(checked.errors);
    return checked.parameters;
  }

  /** The start of the interval that a time lies in; without a schedule the time itself. */
  private findInterval({ id, schedule }: PipelineDefinition, field: string, given: string | undefined): Date {
    const cron = this.registry.findSchedule(id);
    if (given === undefined) return cron?.lastEnded(new Date()) ?? new Date();
    const time = new Date(given);
    const start = cron ? cron.floor(time) : time;
    if (!start || Number.isNaN(time.getTime()) || (schedule && start < schedule.startsAt)) {
      const since = schedule ? ` not before ${schedule.startsAt.toISOString()}` : '';
      throw new PipelineInputError([{ pointer: `#/${field}`, detail: `must be a time${since}` }]);
    }
    return start;
  }

  /** Whatever is neither ours nor an outage of the database is the engine's: its tables cannot be used. */
  private async transact<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    try {
      return await this.launcher.transact(work);
    } catch (error) {
      if (error instanceof AppError || isDatabaseUnavailable(error)) throw error;
      throw new PipelinesUnavailableError(error);
    }
  }
}

/** Whether two runs were asked for with the same parameters, in whatever order. */
function areSame(left: RunParameters, right: RunParameters): boolean {
  const sort = (parameters: RunParameters): string => JSON.stringify(Object.entries(parameters).sort());
  return sort(left) === sort(right);
}
