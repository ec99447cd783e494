/** One run at a time per key within this process; whoever comes while one is waiting joins it instead of queueing up. */

interface Waiting<C, R> {
  readonly causes: C[];
  readonly result: Promise<R>;
}

/**
 * Wraps `run` so that calls for the same key never overlap. A call that arrives during a run starts another one
 * afterwards, because the run under way may already have looked; all that arrive meanwhile share it, and its causes are
 * handed over together.
 */
export function takingTurns<K, C, R>(
  keyOf: (key: K) => string,
  run: (key: K, causes: readonly C[]) => Promise<R>,
): (key: K, cause: C) => Promise<R> {
  const running = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, Waiting<C, R>>();

  const start = async (
    name: string,
    key: K,
    causes: readonly C[],
    before: Promise<unknown> | undefined,
  ): Promise<R> => {
    await before?.catch(() => undefined);
    waiting.delete(name);
    const result = run(key, causes);
    running.set(name, result);
    try {
      return await result;
    } finally {
      if (running.get(name) === result) running.delete(name);
    }
  };

  return (key, cause) => {
    const name = keyOf(key);
    const joined = waiting.get(name);
    if (joined) {
      joined.causes.push(cause);
      return joined.result;
    }
    const causes = [cause];
    const current = running.get(name);
    if (!current) {
      const result = start(name, key, causes, undefined);
      running.set(name, result);
      return result;
    }
    const result = start(name, key, causes, current);
    waiting.set(name, { causes, result });
    return result;
  };
}
