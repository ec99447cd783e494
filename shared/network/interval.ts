/** Sets of numbers as sorted, disjoint, non-adjacent closed intervals: the arithmetic under address and port sets. */

export type Interval<T extends number | bigint> = readonly [low: T, high: T];
export type Intervals<T extends number | bigint> = readonly Interval<T>[];

/** The next number up. */
export function successor<T extends number | bigint>(value: T): T {
  return (typeof value === 'bigint' ? value + 1n : Number(value) + 1) as T;
}

/** The next number down. */
export function predecessor<T extends number | bigint>(value: T): T {
  return (typeof value === 'bigint' ? value - 1n : Number(value) - 1) as T;
}

/** Any intervals, in any order and overlapping, as the one normal form of their union. */
export function normalize<T extends number | bigint>(intervals: Intervals<T>): Intervals<T> {
  if (intervals.length < 2 || isNormal(intervals)) return intervals;
  const merged: Interval<T>[] = [];
  let last: [T, T] | undefined;
  for (const [low, high] of byLow(intervals)) {
    if (last && low <= successor(last[1])) {
      if (high > last[1]) last[1] = high;
      continue;
    }
    last = [low, high];
    merged.push(last);
  }
  return merged;
}

function byLow<T extends number | bigint>(intervals: Intervals<T>): Intervals<T> {
  if (intervals.length < WORTH_PACKING || intervals.length > MOST_PACKED || typeof intervals[0]?.[0] === 'bigint') {
    return intervals.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  }
  // A number that says the low end and, below it, the place: sorted without calling back, and exact below 2^53.
  const packed = new Float64Array(intervals.length);
  for (let place = 0; place < packed.length; place++)
    packed[place] = Number(intervals[place]![0]) * MOST_PACKED + place;
  const sorted: Interval<T>[] = [];
  for (const each of packed.toSorted()) sorted.push(intervals[each % MOST_PACKED]!);
  return sorted;
}

/** Fewer are sorted sooner than packed. */
const WORTH_PACKING = 64;
/** Places that fit beside 32 bits. */
const MOST_PACKED = 2 ** 20;

/** Whether they are that form already, as most are: painting and joining keep it. */
function isNormal<T extends number | bigint>(intervals: Intervals<T>): boolean {
  for (let at = 1; at < intervals.length; at++) {
    if (intervals[at]![0] <= successor(intervals[at - 1]![1])) return false;
  }
  return true;
}

/** Everything that is in either set. */
export function union<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return normalize([...a, ...b]);
}

/** Everything that is in both sets. */
export function intersection<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  const result: Interval<T>[] = [];
  let i = 0;
  let j = 0;
  while (true) {
    const left = a[i];
    const right = b[j];
    if (!left || !right) return result;
    const low = left[0] > right[0] ? left[0] : right[0];
    const high = left[1] < right[1] ? left[1] : right[1];
    if (low <= high) result.push([low, high]);
    if (left[1] < right[1]) i++;
    else j++;
  }
}

/** Everything in `a` that is not in `b`. */
export function difference<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  const result: Interval<T>[] = [];
  let j = 0;
  for (const [start, high] of a) {
    let low = start;
    let open = true;
    while (j < b.length && b[j]![1] < low) j++;
    for (let k = j; k < b.length && open; k++) {
      const [from, to] = b[k]!;
      if (from > high) break;
      if (from > low) result.push([low, predecessor(from)]);
      if (to >= high) open = false;
      else low = successor(to);
    }
    if (open && low <= high) result.push([low, high]);
  }
  return result;
}

/** Whether the value lies in the set. */
export function includes<T extends number | bigint>(set: Intervals<T>, value: T): boolean {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = set[middle]!;
    if (value < from) high = middle - 1;
    else if (value > to) low = middle + 1;
    else return true;
  }
  return false;
}
