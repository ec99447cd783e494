// A list that forgets its oldest entries, so that a playground may run for days.

export interface Recent<T> {
  readonly add: (entry: T) => void;
  readonly list: () => readonly T[];
  readonly clear: () => void;
}

/** Keeps at least the last `limit` entries, oldest first. */
export function createRecent<T>(limit = 50_000): Recent<T> {
  let entries: T[] = [];
  return {
    add(entry) {
      entries.push(entry);
      if (entries.length > 2 * limit) entries = entries.slice(-limit);
    },
    list: () => entries,
    clear() {
      entries = [];
    },
  };
}
