import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was asked and answered. */
export class CreatePredictions1763600100000 implements MigrationInterface {
  readonly name = 'CreatePredictions1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE predictions (
        id uuid PRIMARY KEY,
        created_at timestamptz NOT NULL,
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        modality text NOT NULL CHECK (modality IN ('text', 'image', 'fusion')),
        model_name text NOT NULL,
        model_version integer NOT NULL,
        designation text,
        description text,
        image_sha256 text,
        input_hash text NOT NULL,
        category_id integer NOT NULL,
        category_ids integer[] NOT NULL,
        probabilities double precision[] NOT NULL,
        abstained boolean NOT NULL,
        timings_ms jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX predictions_user_id_idx ON predictions (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE predictions');
  }
}
