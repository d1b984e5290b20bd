import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Customer files as they arrive (staging, one slice a run, nothing checked but the form), what was published of them,
 * what is derived from that, and the label predictions.
 */
export class CreateCustomers1763601000000 implements MigrationInterface {
  readonly name = 'CreateCustomers1763601000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...STAGING, ...PUBLISHED, ...DERIVED, ...PREDICTIONS]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE customer_predictions, feature_store, customer_activity_latest, monthly_avg_count, monthly_sales,
        store_sales, labels, customer_activity, customer_profiles, stores, customer_loads, staging_store_sales,
        staging_stores, staging_labels, staging_customer_activity, staging_customer_profiles`);
  }
}

/**
 * A line of a staged file is known by the load that staged it and its number in the file. There are few loads at a
 * time: an index would cost more than it saves.
 */
const LINE = 'load_id integer NOT NULL, line integer NOT NULL';

const STAGING = [
  `CREATE TABLE staging_customer_profiles (
    idx bigint, attr_a integer, attr_b text, attr_c text, ${LINE})`,
  `CREATE TABLE staging_customer_activity (
    idx bigint, valid_from timestamptz, valid_to timestamptz, scd_a double precision, scd_b integer, ${LINE})`,
  `CREATE TABLE staging_labels (
    idx bigint, label integer, labeled_at timestamptz, ${LINE})`,
  `CREATE TABLE staging_stores (
    idx bigint, location text, ${LINE})`,
  `CREATE TABLE staging_store_sales (
    idx bigint, value numeric, date date, store_idx bigint, ${LINE})`,
  `CREATE TABLE customer_loads (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id text NOT NULL,
    dataset text NOT NULL,
    slice text NOT NULL,
    rows integer NOT NULL DEFAULT 0,
    file text NOT NULL DEFAULT '',
    bytes bigint NOT NULL DEFAULT 0,
    modified_at timestamptz,
    loaded_at timestamptz NOT NULL,
    published_at timestamptz,
    UNIQUE (run_id, dataset, slice))`,
  'CREATE INDEX customer_loads_published_idx ON customer_loads (dataset, slice, published_at)',
];

const PUBLISHED = [
  `CREATE TABLE stores (
    idx bigint PRIMARY KEY,
    location text NOT NULL)`,
  `CREATE TABLE customer_profiles (
    idx bigint PRIMARY KEY,
    attr_a integer NOT NULL,
    attr_b text NOT NULL,
    attr_c text NOT NULL)`,
  `CREATE TABLE customer_activity (
    idx bigint NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz CHECK (valid_to >= valid_from),
    scd_a double precision NOT NULL,
    scd_b integer NOT NULL,
    PRIMARY KEY (idx, valid_from))`,
  // seen_at: since when this label is known here; a prediction older than that is judged by it.
  `CREATE TABLE labels (
    idx bigint PRIMARY KEY,
    label integer NOT NULL,
    labeled_at timestamptz,
    seen_at timestamptz NOT NULL DEFAULT now())`,
  `CREATE TABLE store_sales (
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    idx bigint NOT NULL,
    value numeric NOT NULL,
    date date NOT NULL CHECK (date >= month AND date < month + interval '1 month'),
    store_idx bigint NOT NULL,
    PRIMARY KEY (month, idx))`,
];

const DERIVED = [
  `CREATE TABLE monthly_sales (
    month date NOT NULL,
    store_idx bigint NOT NULL,
    count integer NOT NULL,
    value numeric NOT NULL,
    PRIMARY KEY (month, store_idx))`,
  `CREATE TABLE monthly_avg_count (
    location text PRIMARY KEY,
    months integer NOT NULL,
    avg_count double precision NOT NULL,
    avg_value double precision NOT NULL)`,
  `CREATE TABLE customer_activity_latest (
    idx bigint PRIMARY KEY,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    scd_a double precision NOT NULL,
    scd_b integer NOT NULL)`,
  `CREATE TABLE feature_store (
    idx bigint PRIMARY KEY,
    attr_a integer NOT NULL,
    attr_b text NOT NULL,
    scd_a double precision,
    scd_b integer,
    label integer,
    valid_at timestamptz NOT NULL)`,
];

const PREDICTIONS = [
  `CREATE TABLE customer_predictions (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    idx bigint NOT NULL,
    features jsonb NOT NULL,
    from_feature_store boolean NOT NULL,
    label integer NOT NULL,
    probability double precision NOT NULL,
    model_name text NOT NULL,
    model_version integer NOT NULL,
    outcome integer,
    outcome_at timestamptz,
    CHECK ((outcome IS NULL) = (outcome_at IS NULL)))`,
  'CREATE INDEX customer_predictions_open_idx ON customer_predictions (idx) WHERE outcome IS NULL',
  'CREATE INDEX customer_predictions_user_id_idx ON customer_predictions (user_id)',
  `CREATE INDEX customer_predictions_judged_idx
    ON customer_predictions (model_name, model_version, outcome_at DESC) WHERE outcome IS NOT NULL`,
];
