/**
 * Tables of the SQLite store. Sums are decimal text because they outgrow 64 bits; `kilos` is the same value as a
 * number, for the index that finds weeks above a limit. Text compares by code point.
 */
export const SQLITE_SCHEMA = `
CREATE TABLE IF NOT EXISTS sales_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL,
  version INTEGER NOT NULL,
  dictionary TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS sales_bronze (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  week INTEGER NOT NULL,
  raw_name TEXT NOT NULL,
  year_week INTEGER NOT NULL,
  sales REAL NOT NULL,
  vegetable TEXT NOT NULL,
  is_known INTEGER NOT NULL,
  UNIQUE (week, raw_name)
) STRICT;
CREATE INDEX IF NOT EXISTS sales_bronze_unknown_idx ON sales_bronze (raw_name) WHERE is_known = 0;
CREATE TABLE IF NOT EXISTS sales_silver (
  vegetable TEXT NOT NULL,
  week INTEGER NOT NULL,
  units TEXT NOT NULL,
  kilos REAL NOT NULL,
  PRIMARY KEY (vegetable, week)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sales_silver_kilos_idx ON sales_silver (vegetable, kilos);
CREATE TABLE IF NOT EXISTS sales_vegetables (
  vegetable TEXT PRIMARY KEY,
  weeks INTEGER NOT NULL,
  sum TEXT NOT NULL,
  sum_of_squares TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sales_gold (
  month INTEGER NOT NULL,
  vegetable TEXT NOT NULL,
  sevenths TEXT NOT NULL,
  weeks INTEGER NOT NULL,
  PRIMARY KEY (month, vegetable)
) STRICT, WITHOUT ROWID;
`;
