/** Lists of address prefixes from ARM's JSON, and references between resources; what cannot be read becomes a gap. */
import { type AddressSet, parsePrefix, unionOf } from './address';
import { isUnresolved, listOf, referenceOf } from './json';
import { type Gap, keyOf, type ResourceKey } from './network';

/** The union of address prefixes; every entry that is none is a gap of `resource`. */
export function readPrefixes(resource: string, texts: readonly unknown[], gaps: Gap[]): AddressSet {
  const sets: AddressSet[] = [];
  for (const text of texts) {
    const prefix = typeof text === 'string' ? parsePrefix(text) : undefined;
    if (prefix) sets.push(prefix);
    else {
      gaps.push({
        resource,
        what: isUnresolved(text) ? 'unresolved-value' : 'bad-address',
        why: `an address prefix expected, found ${(JSON.stringify(text) ?? 'nothing').slice(0, 80)}`,
        touchesAdminPort: true,
      });
    }
  }
  return unionOf(sets);
}

/** The id a property refers to; a reference that only a deployment could resolve is a gap. */
export function readReference(resource: string, value: unknown, role: string, gaps: Gap[]): string | undefined {
  if (value === undefined || value === null) return undefined;
  const id = referenceOf(value);
  if (id && !isUnresolved(id)) return id;
  gaps.push({
    resource,
    what: 'unresolved-value',
    why: `its ${role} is ${id ? 'known only after deployment' : 'not a reference'}; export the deployed resource instead`,
    touchesAdminPort: true,
  });
  return undefined;
}

/** The keys of a list of references, those that can be known. */
export function keysOf(references: unknown): ResourceKey[] {
  return listOf(references).flatMap((reference) => {
    const id = referenceOf(reference);
    return id === undefined || isUnresolved(id) ? [] : keyOf(id);
  });
}

/** The key of one reference, if there is one and it can be known. */
export function keyIn(reference: unknown): ResourceKey | undefined {
  return keysOf([reference])[0];
}
