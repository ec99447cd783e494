// A seeded source of numbers and ids, so that one seed replays one run.

export interface Random {
  /** A number in [0, 1). */
  readonly number: () => number;
  /** A version 4 shaped GUID. */
  readonly guid: () => string;
}

/** Starts a sequence (mulberry32) from `seed`. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function number(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  function hex(length: number): string {
    return Array.from({ length }, () => Math.floor(number() * 16).toString(16)).join('');
  }
  function guid(): string {
    const variant = '89ab'.charAt(Math.floor(number() * 4));
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
  }
  return { number, guid };
}
