import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Weekly sales as received (bronze), summed by vegetable (silver) and by month (gold), and the running sums that
 * outliers are decided by. Names sort by code point, as every store sorts them.
 */
export class CreateSales1763600500000 implements MigrationInterface {
  readonly name = 'CreateSales1763600500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sales_state (
        id integer PRIMARY KEY CHECK (id = 1),
        epoch uuid NOT NULL DEFAULT gen_random_uuid(),
        version bigint NOT NULL DEFAULT 0,
        dictionary text
      )`);
    await runner.query('INSERT INTO sales_state (id) VALUES (1)');
    await runner.query(`
      CREATE TABLE sales_bronze (
        position bigint GENERATED ALWAYS AS IDENTITY,
        week integer NOT NULL,
        raw_name text COLLATE "C" NOT NULL,
        year_week integer NOT NULL,
        sales double precision NOT NULL,
        vegetable text COLLATE "C" NOT NULL,
        is_known boolean NOT NULL,
        PRIMARY KEY (week, raw_name)
      ) WITH (fillfactor = 90)`);
    await runner.query('CREATE UNIQUE INDEX sales_bronze_position_idx ON sales_bronze (position)');
    await runner.query('CREATE INDEX sales_bronze_unknown_idx ON sales_bronze (raw_name) WHERE NOT is_known');
    await runner.query(`
      CREATE TABLE sales_silver (
        vegetable text COLLATE "C" NOT NULL,
        week integer NOT NULL,
        units numeric NOT NULL,
        PRIMARY KEY (vegetable, week)
      )`);
    // The weeks above a limit are found without looking at the others.
    await runner.query('CREATE INDEX sales_silver_units_idx ON sales_silver (vegetable, units)');
    await runner.query(`
      CREATE TABLE sales_vegetables (
        vegetable text COLLATE "C" PRIMARY KEY,
        weeks bigint NOT NULL,
        sum numeric NOT NULL,
        sum_of_squares numeric NOT NULL
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE sales_gold (
        month integer NOT NULL,
        vegetable text COLLATE "C" NOT NULL,
        sevenths numeric NOT NULL,
        weeks integer NOT NULL,
        PRIMARY KEY (month, vegetable)
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sales_gold, sales_vegetables, sales_silver, sales_bronze, sales_state');
  }
}
