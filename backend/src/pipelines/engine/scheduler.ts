import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isDatabaseUnavailable } from '../../common/errors/database-errors.js';
import type { CronSchedule } from '../definitions/cron-schedule.js';
import type { PipelineDefinition, ScheduleDefinition } from '../definitions/pipeline-definition.js';
import type { PipelineRegistry } from '../definitions/pipeline-registry.js';
import type { ServiceResolver } from '../definitions/step.js';
import type { ScheduleRecord, ScheduleStore } from '../store/schedule-store.js';
import { describeError } from './describe-error.js';
import type { RunLauncher } from './run-launcher.js';

/** Milliseconds between two looks at what is due, and at sources that are asked whether data is there. */
const LOOK_MS = 15_000;
const SOURCE_LOOK_MS = 60_000;
/** Intervals that are looked at, and runs that are made, at one look. */
const MAX_INTERVALS = 500;

/** What a scheduler works with. */
export interface SchedulerParts {
  registry: PipelineRegistry;
  schedules: ScheduleStore;
  launcher: RunLauncher;
  resolve: ServiceResolver;
}

/** Makes the runs that schedules ask for; any number of workers do so side by side, and each run is made once. */
export class Scheduler {
  private readonly logger = new Logger('Pipelines');
  private readonly stopping = new AbortController();
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SchedulerParts) {}

  start(): void {
    this.looking = this.lookAgainAndAgain();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.looking;
  }

  private async lookAgainAndAgain(): Promise<void> {
    const { signal } = this.stopping;
    for (let look = 0; !signal.aborted; look += 1) {
      const isSourceTurn = look % (SOURCE_LOOK_MS / LOOK_MS) === 0;
      const definitions = this.parts.registry.list();
      for (const definition of definitions.filter(({ schedule }) => isSourceTurn || !schedule?.hasData))
        await this.launchDue(definition, new Date()).catch((error: unknown) => {
          if (!isDatabaseUnavailable(error))
            this.logger.error(`The schedule of ${definition.id} fails: ${describeError(error)}`);
        });
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Makes the runs of a pipeline that are due, and says for which times. */
  async launchDue(definition: PipelineDefinition, now: Date): Promise<Date[]> {
    const { registry, schedules, launcher } = this.parts;
    const { schedule } = definition;
    const cron = registry.findSchedule(definition.id);
    if (!schedule || !cron) return [];
    const due = await this.findDue(schedule, cron, await this.findState(definition.id), now);
    if (due.length === 0) return [];
    return launcher.transact(async (client) => {
      const state = await schedules.tryLock(client, definition.id);
      if (!state || state.isPaused) return [];
      for (const scheduledFor of due)
        await launcher.launch(client, definition, {
          scheduledFor,
          parameters: {},
          trigger: 'schedule',
          triggeredBy: schedule.cron,
        });
      await schedules.advance(client, definition.id, due.at(-1)!);
      return due;
    });
  }

  private async findState(pipelineId: string): Promise<ScheduleRecord | null> {
    return (await this.parts.schedules.list()).find((record) => record.pipelineId === pipelineId) ?? null;
  }

  /**
   * Intervals that have ended since the last one a run was made for. Those whose data is not there yet are waited for;
   * one that is missing before others that are there is due, as its run then tells that it is missing.
   */
  private async findDue(
    schedule: ScheduleDefinition,
    cron: CronSchedule,
    state: ScheduleRecord | null,
    now: Date,
  ): Promise<Date[]> {
    const newest = cron.lastEnded(now);
    if (state?.isPaused || !newest) return [];
    const last = state?.lastScheduledFor ?? null;
    const from = (last && cron.next(last)) ?? schedule.startsAt;
    const ended = cron.ticksBetween(from, newest, MAX_INTERVALS);
    const candidates = schedule.catchUp ? ended : ended.slice(-1);
    const { hasData } = schedule;
    if (!hasData) return candidates;
    const present = await Promise.all(candidates.map((time) => hasData(time, this.parts.resolve)));
    const first = last === null ? present.indexOf(true) : 0;
    return first === -1 ? [] : candidates.slice(first, present.lastIndexOf(true) + 1);
  }
}
