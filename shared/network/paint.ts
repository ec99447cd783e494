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
  const { starts, cells } = cellsOf(layers);
  const owners = new Int32Array(starts.length).fill(-1);
  const next = new Int32Array(starts.length + 1);
  for (let cell = 0; cell <= starts.length; cell++) next[cell] = cell;
  let point = 0;
  for (let owner = 0; owner < layers.length; owner++) {
    for (let count = layers[owner]?.length ?? 0; count > 0; count--) {
      const end = cells[point + 1] as number;
      for (let cell = unpainted(next, cells[point] as number); cell < end; cell = unpainted(next, cell + 1)) {
        owners[cell] = owner;
        next[cell] = cell + 1;
      }
      point += 2;
    }
  }
  return merge(starts, owners);
}

interface Cells<T extends number | bigint> {
  /** Where cells begin: at each interval's first value and just after its last; sorted, each once. */
  readonly starts: readonly T[];
  /** For every interval, in order of layers, the cell it begins with and the cell just after it. */
  readonly cells: Int32Array;
}

function cellsOf<T extends number | bigint>(layers: readonly Intervals<T>[]): Cells<T> {
  const points: T[] = [];
  for (const layer of layers) for (const [low, high] of layer) points.push(low, successor(high));
  const starts: T[] = [];
  const cells = new Int32Array(points.length);
  for (const index of ascending(points as readonly number[] | readonly bigint[])) {
    const point = points[index] as T;
    if (starts.length === 0 || starts[starts.length - 1] !== point) starts.push(point);
    cells[index] = starts.length - 1;
  }
  return { starts, cells };
}

/** The indices of the values in ascending order of value. */
function ascending(values: readonly number[] | readonly bigint[]): Uint32Array<ArrayBuffer> {
  const indices = new Uint32Array(values.length);
  for (let index = 0; index < indices.length; index++) indices[index] = index;
  if (typeof values[0] === 'bigint' || values.length < WORTH_COUNTING) {
    return indices.toSorted((a, b) => ascendingOrder(values[a] as bigint, values[b] as bigint));
  }
  return radixSorted(values as readonly number[], indices);
}

function ascendingOrder(a: number | bigint, b: number | bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Below this many values, counting digits costs more than comparing. */
const WORTH_COUNTING = 512;
const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;

/** Three digits of eleven bits hold every value up to 2^33, and so the end of the IPv4 space too. */
function radixSorted(values: readonly number[], indices: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  let from = indices;
  let to = new Uint32Array(indices.length);
  const digits = new Uint16Array(values.length);
  for (let divisor = 1; divisor < 2 ** 33; divisor *= DIGITS) {
    const offsets = new Uint32Array(DIGITS + 1);
    for (let index = 0; index < digits.length; index++) {
      const digit = Math.floor((values[index] as number) / divisor) & (DIGITS - 1);
      digits[index] = digit;
      offsets[digit + 1]!++;
    }
    for (let place = 1; place <= DIGITS; place++) offsets[place]! += offsets[place - 1]!;
    for (let at = 0; at < from.length; at++) {
      const index = from[at]!;
      to[offsets[digits[index]!]!++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
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
