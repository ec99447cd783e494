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
  readonly starts: T[];
  /** For every interval, in order of layers, the cell it begins with and the cell just after it. */
  readonly cells: Int32Array;
}

function cellsOf<T extends number | bigint>(layers: readonly Intervals<T>[]): Cells<T> {
  const points = pointsOf(layers);
  const starts: T[] = [];
  const cells = new Int32Array(points.length);
  const order = ascending(points as ArrayLike<number> | ArrayLike<bigint>);
  let last: T | undefined;
  for (let place = 0; place < order.length; place++) {
    const index = order[place] as number;
    const point = points[index] as T;
    if (point !== last) {
      starts.push(point);
      last = point;
    }
    cells[index] = starts.length - 1;
  }
  return { starts, cells };
}

/** Both ends of every interval, in order of layers. */
function pointsOf<T extends number | bigint>(layers: readonly Intervals<T>[]): ArrayLike<T> {
  const points: T[] = [];
  points.length = 2 * layers.reduce((sum, layer) => sum + layer.length, 0);
  let place = 0;
  for (const layer of layers) {
    for (const interval of layer) {
      points[place++] = interval[0];
      points[place++] = successor(interval[1]);
    }
  }
  return points;
}

/** The indices of the values in ascending order of value. */
function ascending(values: ArrayLike<number> | ArrayLike<bigint>): Uint32Array<ArrayBuffer> {
  const indices = new Uint32Array(values.length);
  for (let index = 0; index < indices.length; index++) indices[index] = index;
  if (typeof values[0] === 'bigint' || values.length < WORTH_COUNTING) {
    return indices.toSorted((a, b) => ascendingOrder(values[a] as bigint, values[b] as bigint));
  }
  return radixSorted(values as ArrayLike<number>, indices);
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
function radixSorted(values: ArrayLike<number>, indices: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
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
  const result: Painted<T>[] = [];
  let cell = 0;
  while (cell + 1 < starts.length) {
    const owner = owners[cell] as number;
    const first = cell;
    // Neighbouring cells touch: one begins where the other ends.
    do cell++;
    while (cell + 1 < starts.length && owners[cell] === owner);
    if (owner >= 0) result.push({ low: starts[first] as T, high: predecessor(starts[cell] as T), owner });
  }
  return result;
}

/** The painted parts of the intervals, each with its owner, in ascending order. */
export function overlay<T extends number | bigint>(
  intervals: Intervals<T>,
  painted: readonly Painted<T>[],
): { readonly interval: Interval<T>; readonly owner: number }[] {
  const result: { interval: Interval<T>; owner: number }[] = [];
  let i = 0;
  let j = 0;
  while (true) {
    const left = intervals[i];
    const right = painted[j];
    if (!left || !right) return result;
    const low = left[0] > right.low ? left[0] : right.low;
    const high = left[1] < right.high ? left[1] : right.high;
    if (low <= high) result.push({ interval: [low, high], owner: right.owner });
    if (left[1] < right.high) i++;
    else j++;
  }
}
