/** Gathers what is asked for while a write is under way, so that a storm of events is a few writes and not thousands. */

interface Batch<T> {
  readonly items: T[];
  readonly done: Promise<void>;
}

/**
 * A function that writes items per key, one write at a time. What is given while a write is under way waits for the
 * next one, and goes with it: every caller's promise settles as a write that began after the call.
 */
export function gathering<T>(write: (key: string, items: readonly T[]) => Promise<void>) {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Batch<T>>();

  async function begin(key: string, items: readonly T[]): Promise<void> {
    const work = write(key, items);
    running.set(key, work);
    try {
      await work;
    } finally {
      if (running.get(key) === work) running.delete(key);
    }
  }

  async function afterwards(key: string, before: Promise<void>, items: readonly T[]): Promise<void> {
    // Whether it succeeded is the business of those who asked for it.
    await before.catch(() => undefined);
    waiting.delete(key);
    await begin(key, items);
  }

  return (key: string, item: T): Promise<void> => {
    const batch = waiting.get(key);
    if (batch) {
      batch.items.push(item);
      return batch.done;
    }
    const before = running.get(key);
    if (!before) return begin(key, [item]);
    const items = [item];
    const done = afterwards(key, before, items);
    waiting.set(key, { items, done });
    return done;
  };
}
