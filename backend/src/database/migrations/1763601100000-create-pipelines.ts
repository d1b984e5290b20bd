import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs of pipelines, their steps and logs, which workers are alive, and how far each schedule has come. */
export class CreatePipelines1763601100000 implements MigrationInterface {
  readonly name = 'CreatePipelines1763601100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [runs, steps, logs, workers, schedules, ...indexes, ...notifications])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pipeline_logs, pipeline_steps, pipeline_runs');
    await runner.query('DROP TABLE pipeline_workers, pipeline_schedules');
    await runner.query('DROP FUNCTION notify_pipeline_change');
  }
}

/** One execution of a pipeline for one `scheduled_for`; `round` counts how often it was started again. */
const runs = `
  CREATE TABLE pipeline_runs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    pipeline_id text NOT NULL,
    scheduled_for timestamptz NOT NULL,
    parameters jsonb NOT NULL,
    trigger text NOT NULL,
    triggered_by text NOT NULL,
    state text NOT NULL,
    round integer NOT NULL DEFAULT 1,
    worker_id text,
    error text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT pipeline_runs_identity_key UNIQUE (pipeline_id, scheduled_for),
    CONSTRAINT pipeline_runs_trigger_check CHECK (trigger IN ('schedule', 'manual', 'backfill', 'pipeline')),
    CONSTRAINT pipeline_runs_state_check
      CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
  )`;

/** One node of a run. A running step belongs to the worker that is named, in the attempt that is counted. */
const steps = `
  CREATE TABLE pipeline_steps (
    run_id uuid NOT NULL REFERENCES pipeline_runs (id) ON DELETE CASCADE,
    name text NOT NULL,
    position smallint NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    attempt integer NOT NULL DEFAULT 0,
    interruptions integer NOT NULL DEFAULT 0,
    worker_id text,
    rows_in bigint,
    rows_out bigint,
    details jsonb,
    error text,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (run_id, name),
    CONSTRAINT pipeline_steps_state_check
      CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'))
  )`;

const logs = `
  CREATE TABLE pipeline_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL,
    step text NOT NULL,
    attempt integer NOT NULL,
    logged_at timestamptz NOT NULL,
    level text NOT NULL,
    message text NOT NULL,
    CONSTRAINT pipeline_logs_step_fkey
      FOREIGN KEY (run_id, step) REFERENCES pipeline_steps (run_id, name) ON DELETE CASCADE,
    CONSTRAINT pipeline_logs_level_check CHECK (level IN ('info', 'warn', 'error'))
  )`;

/** Who is alive: a row that is not refreshed in time is removed, and its owner's runs are taken over. */
const workers = `
  CREATE TABLE pipeline_workers (
    id text PRIMARY KEY,
    host text NOT NULL,
    pid integer NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

/** How far a schedule has come; a pipeline without a row is not paused and has not begun. */
const schedules = `
  CREATE TABLE pipeline_schedules (
    pipeline_id text PRIMARY KEY,
    is_paused boolean NOT NULL DEFAULT false,
    paused_by text,
    last_scheduled_for timestamptz,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

const indexes = [
  'CREATE INDEX pipeline_runs_created_idx ON pipeline_runs (pipeline_id, created_at DESC)',
  'CREATE INDEX pipeline_runs_recent_idx ON pipeline_runs (created_at DESC)',
  `CREATE INDEX pipeline_runs_open_idx ON pipeline_runs (id) WHERE state IN ('queued', 'running')`,
  `CREATE INDEX pipeline_steps_running_idx ON pipeline_steps (worker_id) WHERE state = 'running'`,
  'CREATE INDEX pipeline_logs_step_idx ON pipeline_logs (run_id, step, id)',
];

/** Whoever listens on `pipeline_changes` hears of each change of state when it is committed, and never of one that is not. */
const notifications = [
  `CREATE FUNCTION notify_pipeline_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_TABLE_NAME = 'pipeline_runs' THEN
        PERFORM pg_notify('pipeline_changes', json_build_object('kind', 'run', 'run_id', NEW.id,
          'pipeline_id', NEW.pipeline_id, 'state', NEW.state, 'round', NEW.round)::text);
      ELSE
        PERFORM pg_notify('pipeline_changes', json_build_object('kind', 'step', 'run_id', NEW.run_id,
          'step', NEW.name, 'state', NEW.state, 'attempt', NEW.attempt)::text);
      END IF;
      RETURN NULL;
    END $$`,
  `CREATE TRIGGER pipeline_run_added AFTER INSERT ON pipeline_runs
    FOR EACH ROW EXECUTE FUNCTION notify_pipeline_change()`,
  `CREATE TRIGGER pipeline_run_changed AFTER UPDATE ON pipeline_runs FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR OLD.round <> NEW.round) EXECUTE FUNCTION notify_pipeline_change()`,
  `CREATE TRIGGER pipeline_step_changed AFTER UPDATE ON pipeline_steps FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR OLD.attempt <> NEW.attempt) EXECUTE FUNCTION notify_pipeline_change()`,
];
