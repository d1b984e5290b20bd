import type { RunParameters } from '../definitions/step.js';

/** How a run came to be. */
export type RunTrigger = 'schedule' | 'manual' | 'backfill' | 'pipeline';

/** States of a run, in the order in which it may pass through them. */
export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
/** Where a run is; the last three are ends. */
export type RunState = (typeof runStates)[number];

/** Where a step is; `skipped`: what it depends on did not succeed. */
export type StepState = 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'cancelled';

/** One execution of a pipeline, as it is stored. */
export interface RunRecord {
  id: string;
  pipelineId: string;
  scheduledFor: Date;
  parameters: RunParameters;
  trigger: RunTrigger;
  /** Who or what started it, in words. */
  triggeredBy: string;
  state: RunState;
  /** 1, and one more each time it was started again. */
  round: number;
  /** Who executes it, or did. */
  workerId: string | null;
  error: string | null;
  createdAt: Date;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** One node of a run, as it is stored. */
export interface StepRecord {
  runId: string;
  name: string;
  state: StepState;
  /** Tries so far, over all rounds and workers. */
  attempt: number;
  /** How often its worker was lost. */
  interruptions: number;
  workerId: string | null;
  rowsIn: number | null;
  rowsOut: number | null;
  details: Record<string, unknown> | null;
  error: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** One line of a step's log. */
export interface LogRecord {
  id: number;
  attempt: number;
  loggedAt: Date;
  level: 'info' | 'warn' | 'error';
  message: string;
}

/** Columns of `pipeline_runs` as a `RunRecord`. */
export const RUN_COLUMNS = `
  id, pipeline_id AS "pipelineId", scheduled_for AS "scheduledFor", parameters, trigger, triggered_by AS "triggeredBy",
  state, round, worker_id AS "workerId", error, created_at AS "createdAt", queued_at AS "queuedAt",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

/** Columns of `pipeline_steps` as a `StepRecord`. */
export const STEP_COLUMNS = `
  run_id AS "runId", name, state, attempt, interruptions, worker_id AS "workerId", rows_in::float8 AS "rowsIn",
  rows_out::float8 AS "rowsOut", details, error, started_at AS "startedAt", finished_at AS "finishedAt"`;
