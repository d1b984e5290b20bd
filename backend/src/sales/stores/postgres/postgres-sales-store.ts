import type { DataSource, EntityManager } from 'typeorm';
import type { SalesRecord } from '../../bronze/sales-record.js';
import { bronzeKey, planChanges, silverKey, type Changes, type StoredBefore } from '../plan-changes.js';
import type {
  MonthlyFilter,
  MonthlyState,
  NameMapping,
  RawRow,
  UnknownName,
  WeekSelection,
  WriteOutcome,
} from '../sales-store.js';
import { SalesStore } from '../sales-store.js';
import { toRecord } from '../to-record.js';
import {
  buildMonthlyQuery,
  LOCK_STATE,
  READ_BEFORE,
  READ_RAW,
  READ_UNKNOWN_NAMES,
  readBeforeParameters,
  WRITE_CHANGES,
  writeChangesParameters,
} from './postgres-statements.js';

const REBUILD_ROWS = 5_000;

interface BeforeRow {
  kind: 0 | 1;
  week: number;
  name: string;
  year_week: number;
  sales: number;
  units: string;
}

interface MonthlyQueryRow {
  kind: 0 | 1;
  key: number;
  vegetable: string;
  amount: string;
  weeks: string;
  sum: string;
  sum_of_squares: string;
}

interface RawQueryRow {
  position: string;
  year_week: number;
  raw_name: string;
  sales: number;
}

/** Sales in the application's own Postgres, for any number of processes: its tables come with the migrations. */
export class PostgresSalesStore extends SalesStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly names: NameMapping,
  ) {
    super();
  }

  async open(): Promise<void> {
    const [state] = await this.dataSource.query<{ dictionary: string | null }[]>(
      'SELECT dictionary FROM sales_state',
    );
    if (state?.dictionary !== this.names.fingerprint) await this.rebuild();
  }

  async close(): Promise<void> {
    // The connections are the application's.
  }

  write(records: readonly SalesRecord[]): Promise<WriteOutcome[]> {
    return this.transact(async (manager) => {
      const changes = planChanges(records, await readBefore(manager, records));
      if (changes.bronze.length > 0) await writeChanges(manager, changes);
      return changes.outcomes;
    });
  }

  async getVersion(): Promise<string> {
    const [state] = await this.dataSource.query<{ epoch: string; version: string }[]>(
      'SELECT epoch, version FROM sales_state',
    );
    return `${state!.epoch.slice(0, 8)}-${state!.version}`;
  }

  async readRaw(after: number, limit: number): Promise<RawRow[]> {
    return readRaw(this.dataSource.manager, after, limit);
  }

  async readMonthly(filter: MonthlyFilter, selection: WeekSelection): Promise<MonthlyState> {
    const rows = await this.dataSource.query<MonthlyQueryRow[]>(...buildMonthlyQuery(filter, selection));
    const state: MonthlyState = { months: [], weeks: [], sums: new Map() };
    for (const { kind, key, vegetable, amount, weeks, sum, sum_of_squares } of rows) {
      if (kind === 0) {
        state.months.push({ month: key, vegetable, sevenths: BigInt(amount), weeks: Number(weeks) });
        continue;
      }
      state.weeks.push({ week: key, vegetable, units: BigInt(amount) });
      if (state.sums.has(vegetable)) continue;
      const sums = { count: Number(weeks), sum: BigInt(sum), sumOfSquares: BigInt(sum_of_squares) };
      state.sums.set(vegetable, sums);
    }
    return state;
  }

  async readUnknownNames(after: string, limit: number): Promise<UnknownName[]> {
    const rows = await this.dataSource.query<{ raw_name: string; vegetable: string; weeks: number }[]>(
      READ_UNKNOWN_NAMES,
      [after, limit],
    );
    return rows.map(({ raw_name, vegetable, weeks }) => ({ rawName: raw_name, vegetable, weeks }));
  }

  rebuild(): Promise<void> {
    return this.transact(async (manager) => {
      await manager.query('SET LOCAL statement_timeout = 0');
      for (const table of ['sales_silver', 'sales_vegetables', 'sales_gold']) {
        await manager.query(`DELETE FROM ${table}`);
      }
      for (let after = 0; ;) {
        const rows = await readRaw(manager, after, REBUILD_ROWS);
        if (rows.length === 0) break;
        const records = rows.map((row) => toRecord(row, this.names));
        const { silver } = await readBefore(manager, records);
        await writeChanges(manager, planChanges(records, { bronze: new Map(), silver }));
        after = rows.at(-1)!.position;
      }
      await manager.query('UPDATE sales_state SET dictionary = $1, version = version + 1', [
        this.names.fingerprint,
      ]);
    });
  }

  async clear(): Promise<void> {
    await this.transact(async (manager) => {
      await manager.query('TRUNCATE sales_bronze, sales_silver, sales_vegetables, sales_gold');
      await manager.query('UPDATE sales_state SET version = version + 1');
    });
  }

  /** One writer at a time; the transaction and the lock are begun in one exchange. */
  private async transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.query(`BEGIN; ${LOCK_STATE}`);
      const result = await work(runner.manager);
      await runner.query('COMMIT');
      return result;
    } catch (error) {
      // Where the connection is lost there is nothing to roll back.
      await runner.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

async function readBefore(manager: EntityManager, records: readonly SalesRecord[]): Promise<StoredBefore> {
  const rows = await manager.query<BeforeRow[]>(READ_BEFORE, readBeforeParameters(records));
  const bronze = new Map<string, { yearWeek: number; sales: number }>();
  const silver = new Map<string, bigint>();
  for (const { kind, week, name, year_week, sales, units } of rows) {
    if (kind === 0) bronze.set(bronzeKey(week, name), { yearWeek: year_week, sales });
    else silver.set(silverKey(week, name), BigInt(units));
  }
  return { bronze, silver };
}

async function writeChanges(manager: EntityManager, changes: Changes): Promise<void> {
  await manager.query(WRITE_CHANGES, writeChangesParameters(changes));
}

async function readRaw(manager: EntityManager, after: number, limit: number): Promise<RawRow[]> {
  const rows = await manager.query<RawQueryRow[]>(READ_RAW, [after, limit]);
  return rows.map(({ position, year_week, raw_name, sales }) => ({
    position: Number(position),
    yearWeek: year_week,
    rawName: raw_name,
    sales,
  }));
}
