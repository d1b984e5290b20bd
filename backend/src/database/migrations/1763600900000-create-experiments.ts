import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Experiments that compare snapshots, and their arms. */
export class CreateExperiments1763600900000 implements MigrationInterface {
  readonly name = 'CreateExperiments1763600900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE experiments (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        hypothesis text NOT NULL,
        model_name text NOT NULL,
        status text NOT NULL CHECK (status IN ('draft', 'running', 'stopped')),
        ramp_percent double precision NOT NULL CHECK (ramp_percent BETWEEN 0 AND 100),
        maturity_days integer NOT NULL CHECK (maturity_days >= 0),
        salt text NOT NULL,
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        started_at timestamptz,
        stopped_at timestamptz,
        promoted_arm_id uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    // One at a time for each model, whoever starts them.
    await runner.query(
      "CREATE UNIQUE INDEX experiments_running_key ON experiments (model_name) WHERE status = 'running'",
    );
    await runner.query('CREATE INDEX experiments_created_at_idx ON experiments (created_at)');
    await runner.query('CREATE INDEX experiments_user_id_idx ON experiments (user_id)');
    await runner.query(`
      CREATE TABLE experiment_arms (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        experiment_id uuid NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
        position integer NOT NULL,
        name text NOT NULL,
        snapshot_id uuid NOT NULL REFERENCES snapshots (id),
        model_version integer NOT NULL,
        weight double precision CHECK (weight > 0 AND weight < 'Infinity'),
        is_shadow boolean NOT NULL,
        CONSTRAINT experiment_arms_shadow_check CHECK (is_shadow = (weight IS NULL)),
        CONSTRAINT experiment_arms_name_key UNIQUE (experiment_id, name),
        CONSTRAINT experiment_arms_snapshot_key UNIQUE (experiment_id, snapshot_id)
      )`);
    await runner.query('CREATE INDEX experiment_arms_snapshot_id_idx ON experiment_arms (snapshot_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE experiment_arms, experiments');
  }
}
