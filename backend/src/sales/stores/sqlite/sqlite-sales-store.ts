import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { SalesRecord } from '../../bronze/sales-record.js';
import { MIN_WEEKS_FOR_OUTLIER, outlierLimit } from '../../silver/mean-outliers.js';
import { planChanges } from '../plan-changes.js';
import type {
  MonthlyFilter,
  MonthlyState,
  NameMapping,
  RawRow,
  UnknownName,
  VegetableSums,
  WeekRow,
  WeekSelection,
  WriteOutcome,
} from '../sales-store.js';
import { SalesStore } from '../sales-store.js';
import { toRecord } from '../to-record.js';
import { SQLITE_SCHEMA } from './sqlite-schema.js';
import { SqliteTables } from './sqlite-tables.js';

const BUSY_TIMEOUT_MS = 5_000;
const REBUILD_ROWS = 5_000;
/** A limit computed in doubles may be off by a hair: the exact decision is made afterwards. */
const LIMIT_SLACK = 1 - 1e-9;

interface SilverRow {
  vegetable: string;
  week: number;
  units: string;
}

/** Sales in one SQLite file. Statements run in this thread: meant for one machine and modest load. */
export class SqliteSalesStore extends SalesStore {
  private opened: { database: Database.Database; tables: SqliteTables } | undefined;

  constructor(
    private readonly path: string,
    private readonly names: NameMapping,
  ) {
    super();
  }

  async open(): Promise<void> {
    if (!this.opened) {
      await mkdir(dirname(this.path), { recursive: true });
      const database = new Database(this.path);
      // A commit is on the disk when it returns; readers do not wait for writers.
      database.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
      );
      database.exec(SQLITE_SCHEMA);
      database.prepare('INSERT OR IGNORE INTO sales_state VALUES (1, ?, 0, NULL)').run(randomUUID());
      this.opened = { database, tables: new SqliteTables(database) };
    }
    const state = this.database.prepare('SELECT dictionary FROM sales_state').get() as {
      dictionary: string | null;
    };
    if (state.dictionary !== this.names.fingerprint) await this.rebuild();
  }

  async close(): Promise<void> {
    this.opened?.database.close();
    this.opened = undefined;
  }

  async write(records: readonly SalesRecord[]): Promise<WriteOutcome[]> {
    return this.transact((tables) => {
      const changes = planChanges(records, tables.readBefore(records));
      if (changes.bronze.length > 0) tables.writeChanges(changes);
      return changes.outcomes;
    });
  }

  async getVersion(): Promise<string> {
    const { epoch, version } = this.database.prepare('SELECT epoch, version FROM sales_state').get() as {
      epoch: string;
      version: number;
    };
    return `${epoch.slice(0, 8)}-${version}`;
  }

  async readRaw(after: number, limit: number): Promise<RawRow[]> {
    const rows = this.database
      .prepare(
        'SELECT position, year_week, raw_name, sales FROM sales_bronze WHERE position > ? ORDER BY position LIMIT ?',
      )
      .all(after, limit) as { position: number; year_week: number; raw_name: string; sales: number }[];
    return rows.map(({ position, year_week, raw_name, sales }) => ({
      position,
      yearWeek: year_week,
      rawName: raw_name,
      sales,
    }));
  }

  async readMonthly(filter: MonthlyFilter, selection: WeekSelection): Promise<MonthlyState> {
    const { database } = this;
    database.exec('BEGIN');
    try {
      const sums = this.readSums(filter);
      return {
        months: this.readMonths(filter),
        sums,
        weeks: [...sums].flatMap(([vegetable, of]) => this.readWeeks(vegetable, of, selection)),
      };
    } finally {
      database.exec('COMMIT');
    }
  }

  async readUnknownNames(after: string, limit: number): Promise<UnknownName[]> {
    return this.database
      .prepare(
        `SELECT raw_name AS rawName, min(vegetable) AS vegetable, count(*) AS weeks FROM sales_bronze
        WHERE is_known = 0 AND raw_name > ? GROUP BY raw_name ORDER BY raw_name LIMIT ?`,
      )
      .all(after, limit)
      .map((row) => ({ ...(row as UnknownName) }));
  }

  async rebuild(): Promise<void> {
    const rows: RawRow[] = [];
    for (let after = 0; ; after = rows.at(-1)!.position) {
      const page = await this.readRaw(after, REBUILD_ROWS);
      if (page.length === 0) break;
      rows.push(...page);
    }
    this.transact((tables) => {
      this.database.exec('DELETE FROM sales_silver; DELETE FROM sales_vegetables; DELETE FROM sales_gold');
      for (let start = 0; start < rows.length; start += REBUILD_ROWS) {
        const records = rows.slice(start, start + REBUILD_ROWS).map((row) => toRecord(row, this.names));
        tables.writeChanges(planChanges(records, { bronze: new Map(), silver: tables.readSilver(records) }));
      }
      this.database
        .prepare('UPDATE sales_state SET dictionary = ?, version = version + 1')
        .run(this.names.fingerprint);
    });
  }

  async clear(): Promise<void> {
    this.transact(() => {
      for (const table of ['bronze', 'silver', 'vegetables', 'gold'])
        this.database.exec(`DELETE FROM sales_${table}`);
      this.database.exec('UPDATE sales_state SET version = version + 1');
    });
  }

  private get database(): Database.Database {
    if (!this.opened) throw new Error('The SQLite store is not open');
    return this.opened.database;
  }

  private transact<T>(work: (tables: SqliteTables) => T): T {
    const { database } = this;
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work(this.opened!.tables);
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  private readSums({ vegetables }: MonthlyFilter): Map<string, VegetableSums> {
    const rows = this.database
      .prepare(
        `SELECT vegetable, weeks, sum, sum_of_squares FROM sales_vegetables ${among(vegetables, 'WHERE')}`,
      )
      .all(...(vegetables ?? [])) as {
      vegetable: string;
      weeks: number;
      sum: string;
      sum_of_squares: string;
    }[];
    return new Map(
      rows.map(({ vegetable, weeks, sum, sum_of_squares }) => [
        vegetable,
        { count: weeks, sum: BigInt(sum), sumOfSquares: BigInt(sum_of_squares) },
      ]),
    );
  }

  private readMonths({ vegetables, from, to }: MonthlyFilter): MonthlyState['months'] {
    const rows = this.database
      .prepare(
        `SELECT month, vegetable, sevenths, weeks FROM sales_gold
        WHERE month BETWEEN ? AND ? ${among(vegetables, 'AND')} ORDER BY month, vegetable`,
      )
      .all(from ?? 0, to ?? 999_999, ...(vegetables ?? [])) as {
      month: number;
      vegetable: string;
      sevenths: string;
      weeks: number;
    }[];
    return rows.map(({ month, vegetable, sevenths, weeks }) => ({
      month,
      vegetable,
      weeks,
      sevenths: BigInt(sevenths),
    }));
  }

  private readWeeks(vegetable: string, sums: VegetableSums, selection: WeekSelection): WeekRow[] {
    if (selection !== 'all' && sums.count < MIN_WEEKS_FOR_OUTLIER) return [];
    const limit = selection === 'all' ? -1 : outlierLimit(sums) * LIMIT_SLACK;
    const rows = this.database
      .prepare(
        'SELECT vegetable, week, units FROM sales_silver WHERE vegetable = ? AND kilos > ? ORDER BY week',
      )
      .all(vegetable, limit) as SilverRow[];
    return rows.map(({ week, units }) => ({ vegetable, week, units: BigInt(units) }));
  }
}

/** A condition on the vegetable, with as many placeholders as there are; none where all are asked for. */
const among = (vegetables: readonly string[] | undefined, keyword: 'WHERE' | 'AND'): string =>
  vegetables ? `${keyword} vegetable IN (${vegetables.map(() => '?').join(', ')})` : '';
