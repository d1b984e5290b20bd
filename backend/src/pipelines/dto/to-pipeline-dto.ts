import type { CronSchedule } from '../definitions/cron-schedule.js';
import type { PipelineDefinition, ScheduleDefinition } from '../definitions/pipeline-definition.js';
import { sortSteps } from '../definitions/validate-definitions.js';
import type { RunRecord } from '../store/run-records.js';
import type { ScheduleRecord } from '../store/schedule-store.js';
import type { PipelineDto, PipelineScheduleDto } from './pipeline.dto.js';
import { toRunDto } from './run.dto.js';

/** How a pipeline stands. */
export interface PipelineStatus {
  cron: CronSchedule | null;
  schedule: ScheduleRecord | null;
  lastRun: RunRecord | null;
}

/** What callers see of a pipeline. */
export function toPipelineDto(definition: PipelineDefinition, status: PipelineStatus): PipelineDto {
  const { id, description, schedule, startsAfter, isExclusive, parameters } = definition;
  return {
    id,
    description,
    schedule: schedule && status.cron ? toScheduleDto(schedule, status.cron, status.schedule) : null,
    starts_after: startsAfter,
    is_exclusive: isExclusive,
    parameters: Object.entries(parameters).map(([name, parameter]) => ({
      name,
      type: parameter.type,
      description: parameter.description,
      min: parameter.min ?? null,
      max: parameter.max ?? null,
    })),
    steps: sortSteps(definition).map(({ name, description: text, dependsOn, timeoutMs, retry }) => ({
      name,
      description: text,
      depends_on: [...dependsOn],
      timeout_ms: timeoutMs,
      max_attempts: retry.attempts,
    })),
    last_run: status.lastRun && toRunDto(status.lastRun),
  };
}

function toScheduleDto(
  { cron: expression, catchUp, startsAt }: ScheduleDefinition,
  cron: CronSchedule,
  state: ScheduleRecord | null,
): PipelineScheduleDto {
  const isPaused = state?.isPaused ?? false;
  const last = state?.lastScheduledFor ?? null;
  const next = isPaused ? null : findNext(cron, catchUp, startsAt, last);
  return {
    cron: expression,
    catch_up: catchUp,
    starts_at: startsAt,
    is_paused: isPaused,
    paused_by: state?.pausedBy ?? null,
    last_scheduled_for: last,
    next_scheduled_for: next,
    next_due_at: next && cron.next(next),
  };
}

/** With catch-up the interval after the last one; without it the newest that has not been run. */
function findNext(cron: CronSchedule, catchUp: boolean, startsAt: Date, last: Date | null): Date | null {
  const after = last ? cron.next(last) : startsAt;
  const newest = cron.lastEnded(new Date());
  return !catchUp && newest && after && newest > after ? newest : after;
}
