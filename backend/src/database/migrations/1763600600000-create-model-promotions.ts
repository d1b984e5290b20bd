import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who moved which alias to which model version, when and why. */
export class CreateModelPromotions1763600600000 implements MigrationInterface {
  readonly name = 'CreateModelPromotions1763600600000';

  async up(runner: QueryRunner): Promise<void> {
    // The clock rather than the start of the transaction: those of one alias wait for each other.
    await runner.query(`
      CREATE TABLE model_promotions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        model_name text NOT NULL,
        alias text NOT NULL,
        sequence integer NOT NULL,
        from_version integer,
        to_version integer,
        action text NOT NULL,
        source text NOT NULL,
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        moved_by text NOT NULL,
        reason text NOT NULL,
        is_forced boolean NOT NULL,
        gate jsonb,
        moved_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT model_promotions_sequence_key UNIQUE (model_name, alias, sequence),
        CONSTRAINT model_promotions_action_check CHECK (action IN ('promote', 'rollback', 'move', 'remove')),
        CONSTRAINT model_promotions_source_check CHECK (source IN ('api', 'direct'))
      )`);
    await runner.query(
      'CREATE INDEX model_promotions_model_idx ON model_promotions (model_name, created_at)',
    );
    await runner.query('CREATE INDEX model_promotions_user_id_idx ON model_promotions (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE model_promotions');
  }
}
