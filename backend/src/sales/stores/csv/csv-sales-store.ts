import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SalesInput, SalesRecord } from '../../bronze/sales-record.js';
import { planChanges } from '../plan-changes.js';
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
import { CsvLog } from './csv-log.js';
import { FileLock } from './file-lock.js';
import { SalesMemory } from './sales-memory.js';

const FILE_NAME = 'sales.csv';
/** The file is written anew when fewer than half of its lines still count, beyond this many. */
const COMPACT_FROM_LINES = 10_000;
const PAGE_ROWS = 5_000;

/** Sales in a CSV file that only grows; silver and gold are in memory and built from it at the start. One process. */
export class CsvSalesStore extends SalesStore {
  private memory = new SalesMemory();
  private opened: { log: CsvLog; lock: FileLock } | undefined;
  /** Versions of an earlier process must not come again: its rows may be others. */
  private readonly epoch = randomUUID().slice(0, 8);
  private version = 0;
  private compactFromLines = COMPACT_FROM_LINES;

  constructor(
    private readonly dir: string,
    private readonly names: NameMapping,
  ) {
    super();
  }

  async open(): Promise<void> {
    if (this.opened) return;
    await mkdir(this.dir, { recursive: true });
    const lock = await FileLock.acquire(join(this.dir, 'sales.lock'));
    try {
      const log = await this.load();
      this.opened = { log, lock };
      await this.compactWhereWorthwhile();
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.opened?.log.close();
    await this.opened?.lock.release();
    this.opened = undefined;
  }

  async write(records: readonly SalesRecord[]): Promise<WriteOutcome[]> {
    const changes = planChanges(records, this.memory.readBefore(records));
    if (changes.bronze.length > 0) {
      await this.log.append(changes.bronze);
      this.memory.apply(changes);
      this.version++;
      await this.compactWhereWorthwhile();
    }
    return changes.outcomes;
  }

  async getVersion(): Promise<string> {
    return `${this.epoch}-${this.version}`;
  }

  async readRaw(after: number, limit: number): Promise<RawRow[]> {
    return this.memory.readRaw(after, limit);
  }

  async readMonthly(filter: MonthlyFilter, selection: WeekSelection): Promise<MonthlyState> {
    return this.memory.readMonthly(filter, selection);
  }

  async readUnknownNames(after: string, limit: number): Promise<UnknownName[]> {
    return this.memory.readUnknownNames(after, limit);
  }

  async rebuild(): Promise<void> {
    const old = this.memory;
    this.memory = new SalesMemory();
    for (const page of this.listPages(old)) this.applyInputs(page);
    this.version++;
  }

  async clear(): Promise<void> {
    await this.log.rewrite([]);
    this.memory = new SalesMemory();
    this.version++;
  }

  private get log(): CsvLog {
    if (!this.opened) throw new Error('The CSV store is not open');
    return this.opened.log;
  }

  private async load(): Promise<CsvLog> {
    this.memory = new SalesMemory();
    let page: SalesInput[] = [];
    const log = await CsvLog.open(join(this.dir, FILE_NAME), (input) => {
      page.push(input);
      if (page.length < PAGE_ROWS) return;
      this.applyInputs(page);
      page = [];
    });
    this.applyInputs(page);
    return log;
  }

  private applyInputs(inputs: readonly SalesInput[]): void {
    const records = inputs.map((input) => toRecord(input, this.names));
    this.memory.apply(planChanges(records, this.memory.readBefore(records)));
  }

  /** What was appended is safe without it: where it fails, it is tried again when the file has doubled. */
  private async compactWhereWorthwhile(): Promise<void> {
    const { lineCount } = this.log;
    if (lineCount < this.compactFromLines || lineCount < 2 * this.memory.rowCount) return;
    try {
      await this.log.rewrite(this.listPages(this.memory));
      this.compactFromLines = COMPACT_FROM_LINES;
    } catch {
      this.compactFromLines = 2 * lineCount;
    }
  }

  private *listPages(memory: SalesMemory): Generator<RawRow[]> {
    for (let after = 0; after < memory.rowCount; after += PAGE_ROWS) yield memory.readRaw(after, PAGE_ROWS);
  }
}
