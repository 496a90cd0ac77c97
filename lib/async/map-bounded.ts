/** Maps items, at most `limit` at a time, and returns the results in their order; after the first failure no further item is started. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    for (const _ of queue);
    await Promise.allSettled(workers);
    throw error;
  }
  return results;
}
