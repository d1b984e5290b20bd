import type Database from 'libsql';
import type { SalesRecord } from '../../bronze/sales-record.js';
import { fromUnits } from '../../units.js';
import { bronzeKey, silverKey, type Changes, type StoredBefore } from '../plan-changes.js';

interface SumsRow {
  weeks: number;
  sum: string;
  sum_of_squares: string;
}

/** The prepared statements of a transaction that writes. */
export class SqliteTables {
  private readonly statements;

  constructor(database: Database.Database) {
    this.statements = {
      findBronze: database.prepare(
        'SELECT year_week, sales FROM sales_bronze WHERE week = ? AND raw_name = ?',
      ),
      findSilver: database.prepare('SELECT units FROM sales_silver WHERE vegetable = ? AND week = ?'),
      findSums: database.prepare(
        'SELECT weeks, sum, sum_of_squares FROM sales_vegetables WHERE vegetable = ?',
      ),
      findGold: database.prepare('SELECT sevenths, weeks FROM sales_gold WHERE month = ? AND vegetable = ?'),
      saveBronze: database.prepare(`
        INSERT INTO sales_bronze (week, raw_name, year_week, sales, vegetable, is_known) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (week, raw_name) DO UPDATE SET year_week = excluded.year_week, sales = excluded.sales,
          vegetable = excluded.vegetable, is_known = excluded.is_known`),
      saveSilver: database.prepare(
        'INSERT OR REPLACE INTO sales_silver (vegetable, week, units, kilos) VALUES (?, ?, ?, ?)',
      ),
      saveSums: database.prepare(
        'INSERT OR REPLACE INTO sales_vegetables (vegetable, weeks, sum, sum_of_squares) VALUES (?, ?, ?, ?)',
      ),
      saveGold: database.prepare(
        'INSERT OR REPLACE INTO sales_gold (month, vegetable, sevenths, weeks) VALUES (?, ?, ?, ?)',
      ),
      raiseVersion: database.prepare('UPDATE sales_state SET version = version + 1'),
    };
  }

  readBefore(records: readonly SalesRecord[]): StoredBefore {
    const bronze = new Map<string, { yearWeek: number; sales: number }>();
    for (const { week, rawName } of records) {
      const row = this.statements.findBronze.get(week, rawName) as
        { year_week: number; sales: number } | undefined;
      if (row) bronze.set(bronzeKey(week, rawName), { yearWeek: row.year_week, sales: row.sales });
    }
    return { bronze, silver: this.readSilver(records) };
  }

  readSilver(records: readonly SalesRecord[]): Map<string, bigint> {
    const silver = new Map<string, bigint>();
    for (const { week, vegetable } of records) {
      const key = silverKey(week, vegetable);
      const row = silver.has(key)
        ? undefined
        : (this.statements.findSilver.get(vegetable, week) as { units: string } | undefined);
      if (row) silver.set(key, BigInt(row.units));
    }
    return silver;
  }

  /** Must run inside a transaction. */
  writeChanges({ bronze, silver, vegetables, gold }: Changes): void {
    const { statements } = this;
    for (const { week, rawName, yearWeek, sales, vegetable, isKnown } of bronze) {
      statements.saveBronze.run(week, rawName, yearWeek, sales, vegetable, isKnown ? 1 : 0);
    }
    for (const { vegetable, week, units } of silver) {
      statements.saveSilver.run(vegetable, week, String(units), fromUnits(units));
    }
    for (const { vegetable, count, sum, sumOfSquares } of vegetables) {
      const old = statements.findSums.get(vegetable) as SumsRow | undefined;
      statements.saveSums.run(
        vegetable,
        (old?.weeks ?? 0) + count,
        String(BigInt(old?.sum ?? 0) + sum),
        String(BigInt(old?.sum_of_squares ?? 0) + sumOfSquares),
      );
    }
    for (const { month, vegetable, sevenths, weeks } of gold) {
      const old = statements.findGold.get(month, vegetable) as
        { sevenths: string; weeks: number } | undefined;
      statements.saveGold.run(
        month,
        vegetable,
        String(BigInt(old?.sevenths ?? 0) + sevenths),
        (old?.weeks ?? 0) + weeks,
      );
    }
    statements.raiseVersion.run();
  }
}
