import type { DataSource } from 'typeorm';
import type { PoolClient } from 'pg';

/** Advisory locks of this feature, by what they guard. */
const LOCKS = {
  /** What everyone reads: published and derived tables. */
  published: 8_010_007,
} as const;

/** Of each sort and hash: joins of some hundred thousand rows stay in memory. */
const WORK_MEM = '64MB';

/** One transaction of a step. */
export interface StepTransaction {
  query<T = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<T[]>;
  /** Runs a statement and tells how many rows it changed. */
  change(sql: string, parameters?: unknown[]): Promise<number>;
  /** The connection itself, for COPY. */
  readonly client: PoolClient;
}

/** How a transaction runs, and what ends it. */
export interface TransactOptions {
  signal: AbortSignal;
  /** Whoever names the same takes turns, in every process; nobody waits where it is left out. */
  lock?: keyof typeof LOCKS;
}

/**
 * Runs a step's work in one transaction: it happens entirely or not at all. Statements may take as long as the step
 * may: the signal ends the one that is running.
 *
 * @throws AbortError; what the work throws
 */
export async function transact<T>(
  dataSource: DataSource,
  { signal, lock }: TransactOptions,
  work: (transaction: StepTransaction) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  let cancelling: Promise<unknown> = Promise.resolve();
  const cancel = (): void => void (cancelling = cancelStatement(dataSource, client));
  signal.addEventListener('abort', cancel);
  const transaction: StepTransaction = {
    client,
    query: async (sql, parameters = []) => {
      signal.throwIfAborted();
      return (await client.query(sql, parameters)).rows as never;
    },
    change: async (sql, parameters = []) => {
      signal.throwIfAborted();
      return (await client.query(sql, parameters)).rowCount ?? 0;
    },
  };
  try {
    // In one exchange.
    await client.query(
      `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '${WORK_MEM}'${lock ? `; SELECT pg_advisory_xact_lock(${LOCKS[lock]})` : ''}`,
    );
    const result = await work(transaction);
    signal.throwIfAborted();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // What ends a statement must not end the next one, nor that of whoever gets the connection afterwards.
    await cancelling;
    // Where the connection is lost there is nothing to roll back.
    await client.query('ROLLBACK').catch(() => client.query('ROLLBACK').catch(() => undefined));
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    await cancelling;
    await runner.release();
  }
}

/** Ends what a connection is executing, from another one. */
async function cancelStatement(dataSource: DataSource, client: PoolClient): Promise<void> {
  // The driver's types leave out what it learns when it connects.
  const { processID } = client as PoolClient & { processID: number };
  await dataSource.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
}
