import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Trained time-to-sell models, the jobs that train them, what they answered and what it came to. */
export class CreateTimeToSell1763600800000 implements MigrationInterface {
  readonly name = 'CreateTimeToSell1763600800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE time_to_sell_jobs (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        state text NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'interrupted')),
        reason text NOT NULL CHECK (reason IN ('request', 'first-start')),
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        rows integer,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz
      )`);
    // Whatever else goes wrong, the database admits one at a time.
    await runner.query(
      "CREATE UNIQUE INDEX time_to_sell_jobs_running_key ON time_to_sell_jobs (state) WHERE state = 'running'",
    );
    await runner.query('CREATE INDEX time_to_sell_jobs_created_at_idx ON time_to_sell_jobs (created_at)');
    await runner.query(`
      CREATE TABLE snapshots (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        model_name text NOT NULL,
        model_version integer NOT NULL,
        run_id text NOT NULL,
        job_id uuid REFERENCES time_to_sell_jobs (id) ON DELETE SET NULL,
        log_loss double precision,
        accuracy double precision,
        metrics jsonb NOT NULL,
        reliability jsonb,
        problem text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT snapshots_version_key UNIQUE (model_name, model_version, run_id)
      )`);
    await runner.query('CREATE INDEX snapshots_created_at_idx ON snapshots (created_at)');
    await runner.query(`
      CREATE TABLE time_to_sell_predictions (
        id uuid PRIMARY KEY,
        created_at timestamptz NOT NULL,
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        product_id bigint,
        input jsonb NOT NULL,
        probabilities double precision[] NOT NULL,
        snapshot_id uuid NOT NULL REFERENCES snapshots (id),
        role text NOT NULL CHECK (role IN ('answer', 'shadow')),
        answer_id uuid,
        experiment_id uuid,
        arm_id uuid,
        fallback_reason text
      )`);
    await runner.query(
      'CREATE INDEX time_to_sell_predictions_user_id_idx ON time_to_sell_predictions (user_id)',
    );
    await runner.query(
      'CREATE INDEX time_to_sell_predictions_product_idx ON time_to_sell_predictions (product_id)',
    );
    await runner.query(`
      CREATE INDEX time_to_sell_predictions_arm_idx
      ON time_to_sell_predictions (experiment_id, arm_id, role, product_id, id)
      WHERE experiment_id IS NOT NULL`);
    await runner.query(`
      CREATE TABLE time_to_sell_outcomes (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        product_id bigint,
        prediction_id uuid REFERENCES time_to_sell_predictions (id) ON DELETE CASCADE,
        days_to_sell double precision,
        delai_vente smallint NOT NULL CHECK (delai_vente BETWEEN 0 AND 2),
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT time_to_sell_outcomes_subject_check CHECK (num_nonnulls(product_id, prediction_id) = 1),
        CONSTRAINT time_to_sell_outcomes_product_key UNIQUE (product_id),
        CONSTRAINT time_to_sell_outcomes_prediction_key UNIQUE (prediction_id)
      )`);
    await runner.query('CREATE INDEX time_to_sell_outcomes_user_id_idx ON time_to_sell_outcomes (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE time_to_sell_outcomes, time_to_sell_predictions, snapshots, time_to_sell_jobs',
    );
  }
}
