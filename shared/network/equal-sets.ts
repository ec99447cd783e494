/** One object for all equal address sets, so that what follows from a set is worked out and held once. */
import type { AddressSet } from './address';
import type { Intervals } from './interval';

/** A function that gives, for every set it is handed, the first equal one it was ever handed. */
export function firstOfEqual(): (set: AddressSet) => AddressSet {
  const known = new Map<number, AddressSet[]>();
  return (set) => {
    const hash = hashOf(set);
    const alike = known.get(hash) ?? [];
    const first = alike.find((other) => isSame(other.ipv4, set.ipv4) && isSame(other.ipv6, set.ipv6));
    if (first) return first;
    alike.push(set);
    known.set(hash, alike);
    return set;
  };
}

/** Equal sets have equal numbers; others seldom. */
function hashOf({ ipv4, ipv6 }: AddressSet): number {
  let hash = ipv6.length;
  for (const interval of ipv4) hash = (Math.imul(hash, 31) + interval[0]) ^ interval[1];
  return hash;
}

function isSame<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every(([low, high], at) => low === b[at]?.[0] && high === b[at]?.[1]);
}
