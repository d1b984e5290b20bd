import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The right category of predictions. */
export class CreateFeedback1763600200000 implements MigrationInterface {
  readonly name = 'CreateFeedback1763600200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE feedback (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        prediction_id uuid REFERENCES predictions (id) ON DELETE CASCADE,
        product_id text,
        model_name text NOT NULL,
        model_version integer NOT NULL,
        predicted_category_id integer,
        real_category_id integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT feedback_subject_check CHECK (num_nonnulls(prediction_id, product_id) = 1),
        CONSTRAINT feedback_prediction_key UNIQUE (prediction_id),
        CONSTRAINT feedback_product_key UNIQUE (user_id, product_id, model_name, model_version)
      )`);
    await runner.query('CREATE INDEX feedback_user_id_idx ON feedback (user_id, created_at)');
    await runner.query('CREATE INDEX feedback_model_idx ON feedback (model_name, model_version)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE feedback');
  }
}
