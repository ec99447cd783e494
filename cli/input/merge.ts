/** One estate has each resource once: the same body twice is one, different bodies under one id are bad input. */
import { isDeepStrictEqual } from 'node:util';
import { textOf } from '../../shared/network/json';
import { keyOf } from '../../shared/network/network';
import type { Found } from './shapes';
import { graphIdentityOf, withoutAnnotations } from './sign-in';

export interface Merged {
  readonly resources: readonly Found[];
  /** One line each, naming both places. */
  readonly problems: readonly string[];
}

/** Drops repetitions. Ids are compared without casing, bodies without the order of their keys. */
export function mergeEqual(found: readonly Found[]): Merged {
  const known = new Map<string, Found[]>();
  const taken = new Set<string>();
  const resources: Found[] = [];
  const problems: string[] = [];
  for (const each of found) {
    const { key, isUnique } = identityOf(each);
    const namesakes = known.get(key) ?? [];
    if (namesakes.some((other) => isSame(other, each))) continue;
    const [first] = namesakes;
    if (first && isUnique) {
      problems.push(
        `${each.place}: ${key} is different in ${first.place}; one call is one estate, so give each resource once`,
      );
      continue;
    }
    known.set(key, [...namesakes, each]);
    resources.push(isUnique || each.isOfGraph ? each : named(each, taken));
  }
  return { resources, problems };
}

/** A resource without id is known by type and name, as in a template; a bare group has a name that others may share. */
function identityOf({ json, isOfGraph }: Found): { readonly key: string; readonly isUnique: boolean } {
  if (isOfGraph) return graphIdentityOf(json);
  const id = textOf(json.id);
  if (id) return { key: keyOf(id), isUnique: true };
  const name = keyOf(textOf(json.name) ?? '');
  const type = textOf(json.type);
  return type ? { key: `${keyOf(type)} ${name}`, isUnique: true } : { key: name, isUnique: false };
}

/** Bare groups that share a name are told apart by a number, as in `nsg-app~2`. */
function named(group: Found, taken: Set<string>): Found {
  const name = textOf(group.json.name) ?? '';
  for (let count = 1; ; count++) {
    const id = count === 1 ? name : `${name}~${count}`;
    if (taken.has(keyOf(id))) continue;
    taken.add(keyOf(id));
    return { ...group, json: { ...group.json, id } };
  }
}

function isSame(a: Found, b: Found): boolean {
  return isDeepStrictEqual(comparable(a), comparable(b));
}

function comparable({ json, isOfGraph }: Found): unknown {
  if (isOfGraph) return graphIdentityOf(json).isUnique ? withoutAnnotations(json) : json;
  return { ...json, id: keyOf(textOf(json.id) ?? ''), type: keyOf(textOf(json.type) ?? '') };
}
