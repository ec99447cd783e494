/** Works through a list in several worlds at once: most of the time each of them waits. */
import { startWorld, type World } from './world';

/** Calls `work` for each item, in order of the list as far as worlds are free; results come in the list's order. */
export async function inWorlds<T, R>(
  count: number,
  items: readonly T[],
  work: (world: World, item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  async function serve(): Promise<void> {
    const world = await startWorld();
    try {
      for (const [index, item] of left) results[index] = await work(world, item);
    } finally {
      await world.close();
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, serve));
  return results;
}
