import type { SalesRecord } from '../bronze/sales-record.js';
import type { SalesStore, WriteOutcome } from './sales-store.js';
import { WriteQueue, WriteQueueFullError } from './write-queue.js';

const record = (week: number): SalesRecord => ({
  week,
  yearWeek: week,
  rawName: 'Leek',
  sales: 1,
  units: 1_000_000n,
  vegetable: 'leek',
  isKnown: true,
});
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** A store whose transactions are finished by hand. */
function buildStore() {
  const transactions: { weeks: number[]; commit(): void; fail(error: Error): void }[] = [];
  const store = {
    write: (records: readonly SalesRecord[]) =>
      new Promise<WriteOutcome[]>((resolve, reject) =>
        transactions.push({
          weeks: records.map(({ week }) => week),
          commit: () => resolve(records.map(({ week }) => (week % 2 ? 'inserted' : 'replaced'))),
          fail: reject,
        }),
      ),
  } as unknown as SalesStore;
  return { transactions, queue: new WriteQueue(store, { maxRecords: 3, maxWaiting: 6 }) };
}

describe('WriteQueue', () => {
  it('writes together what comes together, and tells each its own outcomes', async () => {
    const { transactions, queue } = buildStore();
    const posts = [queue.add([record(1)]), queue.add([record(2), record(3)])];
    await turn();
    expect(transactions.map(({ weeks }) => weeks)).toEqual([[1, 2, 3]]);
    transactions[0]!.commit();
    expect(await Promise.all(posts)).toEqual([['inserted'], ['replaced', 'inserted']]);
  });

  it('writes one transaction at a time, in order and within bounds', async () => {
    const { transactions, queue } = buildStore();
    const posts = [[1, 2], [3, 4], [5]].map((weeks) => queue.add(weeks.map(record)));
    await turn();
    expect(transactions).toHaveLength(1);
    transactions[0]!.commit();
    await turn();
    transactions[1]!.commit();
    await Promise.all(posts);
    expect(transactions.map(({ weeks }) => weeks)).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('tells everyone of a transaction that failed, and goes on', async () => {
    const { transactions, queue } = buildStore();
    const lost = Promise.allSettled([queue.add([record(1)]), queue.add([record(2)])]);
    await turn();
    transactions[0]!.fail(new Error('gone'));
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = queue.add([record(3)]);
    await turn();
    transactions[1]!.commit();
    await expect(next).resolves.toEqual(['inserted']);
  });

  it('refuses what it cannot hold', async () => {
    const { transactions, queue } = buildStore();
    const held = queue.add([1, 2, 3, 4, 5, 6].map(record));
    await expect(queue.add([record(7)])).rejects.toBeInstanceOf(WriteQueueFullError);
    await turn();
    transactions[0]!.commit();
    await held;
  });

  it('writes nothing while something runs alone', async () => {
    const { transactions, queue } = buildStore();
    const first = queue.add([record(1)]);
    await turn();
    let finish = (): void => undefined;
    let isStarted = false;
    const alone = queue.runAlone(() => {
      isStarted = true;
      return new Promise<void>((resolve) => (finish = resolve));
    });
    await turn();
    expect(isStarted).toBe(false);
    transactions[0]!.commit();
    await first;
    await turn();
    expect(isStarted).toBe(true);
    const second = queue.add([record(2)]);
    await turn();
    expect(transactions).toHaveLength(1);
    finish();
    await alone;
    await turn();
    await turn();
    transactions[1]!.commit();
    await second;
    await queue.flush();
  });
});
