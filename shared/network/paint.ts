/** Paints the address line: layers in order of precedence, each cell keeping the first layer that covers it. */
import { type Interval, type Intervals, predecessor, successor } from './interval';

/** An interval and the index of the layer that owns it. */
export interface Painted<T extends number | bigint> {
  readonly low: T;
  readonly high: T;
  readonly owner: number;
}

/**
 * For layers of intervals, best first, the disjoint sorted intervals with the first layer that covers each.
 * Near-linear in the number of intervals: every cell between two neighbouring end points is painted at most once,
 * and cells already painted are skipped over by a union-find.
 */
export function paint<T extends number | bigint>(layers: readonly Intervals<T>[]): Painted<T>[] {
  const only = layers.length === 1 ? layers[0] : undefined;
  if (only) return only.map(([low, high]) => ({ low, high, owner: 0 }));
  const starts = cellStarts(layers);
  const owners = new Int32Array(starts.length).fill(-1);
  const next = Int32Array.from({ length: starts.length + 1 }, (_, index) => index);
  layers.forEach((layer, owner) => {
    for (const [low, high] of layer) {
      const end = lowerBound(starts, high, true);
      for (let cell = unpainted(next, lowerBound(starts, low, false)); cell < end; cell = unpainted(next, cell + 1)) {
        owners[cell] = owner;
        next[cell] = cell + 1;
      }
    }
  });
  return merge(starts, owners);
}

/** Where cells begin: at each interval's first value and just after its last. */
function cellStarts<T extends number | bigint>(layers: readonly Intervals<T>[]): readonly T[] {
  const values: T[] = [];
  for (const layer of layers) for (const [low, high] of layer) values.push(low, successor(high));
  if (typeof values[0] === 'number') {
    const sorted = Float64Array.from(values as number[]).toSorted();
    return Array.from(sorted.filter((value, index) => index === 0 || value !== sorted[index - 1])) as T[];
  }
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
}

/** The first cell that starts at `value` or later; with `beyond`, the first that starts after it. */
function lowerBound<T extends number | bigint>(starts: readonly T[], value: T, beyond: boolean): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = starts[middle] as T;
    if (start < value || (beyond && start === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function unpainted(next: Int32Array, from: number): number {
  let root = from;
  while (next[root] !== root) root = next[root] as number;
  let cell = from;
  while (next[cell] !== root) {
    const following = next[cell] as number;
    next[cell] = root;
    cell = following;
  }
  return root;
}

function merge<T extends number | bigint>(starts: readonly T[], owners: Int32Array): Painted<T>[] {
  const result: { low: T; high: T; owner: number }[] = [];
  for (let cell = 0; cell + 1 < starts.length; cell++) {
    const owner = owners[cell] as number;
    if (owner < 0) continue;
    const low = starts[cell] as T;
    const high = predecessor(starts[cell + 1] as T);
    const last = result.at(-1);
    if (last && last.owner === owner && successor(last.high) === low) last.high = high;
    else result.push({ low, high, owner });
  }
  return result;
}

/** Where both paintings have an owner, the common intervals with the pair of owners. */
export function overlay<T extends number | bigint>(
  a: readonly Painted<T>[],
  b: readonly Painted<T>[],
): { readonly interval: Interval<T>; readonly a: number; readonly b: number }[] {
  const result: { interval: Interval<T>; a: number; b: number }[] = [];
  let i = 0;
  let j = 0;
  while (true) {
    const left = a[i];
    const right = b[j];
    if (!left || !right) return result;
    const low = left.low > right.low ? left.low : right.low;
    const high = left.high < right.high ? left.high : right.high;
    if (low <= high) result.push({ interval: [low, high], a: left.owner, b: right.owner });
    if (left.high < right.high) i++;
    else j++;
  }
}
