/** Does many things, so many at a time. */

/** The results in the order of the items. What `work` throws is thrown. */
export async function inParallel<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  async function worker(): Promise<void> {
    // One iterator for all workers: each takes the next item.
    for (const [index, item] of queue) results[index] = await work(item, index);
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
