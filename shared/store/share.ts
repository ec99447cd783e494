/** Lets many who ask for the same thing at once share one reading of it, so that a storm of events is a few reads. */

/**
 * A function that reads one thing of each key at a time. Who asks while a read is under way shares the next one with
 * everybody else who does: every answer comes from a read that began after it was asked for.
 */
export function sharing<A, T>(keyOf: (asked: A) => string, read: (asked: A) => Promise<T>): (asked: A) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  const waiting = new Map<string, Promise<T>>();

  async function begin(key: string, asked: A): Promise<T> {
    const work = read(asked);
    running.set(key, work);
    try {
      return await work;
    } finally {
      if (running.get(key) === work) running.delete(key);
    }
  }

  async function afterwards(key: string, asked: A, before: Promise<T>): Promise<T> {
    // Whether it succeeded is the business of those who asked for it.
    await before.catch(() => undefined);
    waiting.delete(key);
    return begin(key, asked);
  }

  return (asked) => {
    const key = keyOf(asked);
    const shared = waiting.get(key);
    if (shared) return shared;
    const before = running.get(key);
    if (!before) return begin(key, asked);
    const next = afterwards(key, asked, before);
    waiting.set(key, next);
    return next;
  };
}
