/** Runs a task for each item, at most `limit` at once; the first failure ends it, after the tasks under way. */
export async function eachOf<T>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items.values();
  let failed = false;
  const worker = async () => {
    for (const item of iterator) {
      if (failed) return;
      try {
        await task(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  const rejected = results.find((result) => result.status === 'rejected');
  if (rejected) throw rejected.reason as Error;
}

/** The results of `task`, in the order of the items, at most `limit` at once. */
export async function mapEach<T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  await eachOf([...items.entries()], limit, async ([index, item]) => {
    results[index] = await task(item);
  });
  return results;
}
