/** What differs between two states of an estate, as places in its JSON, leaving out what ARM itself works out. */
import { isObject, textAt } from '../../../playground/json';
import type { Resource } from '../build/resource';

/** Follows from other resources, or changes with every write. */
const WORKED_OUT: ReadonlySet<string> = new Set([
  'etag',
  'provisioningState',
  'resourceGuid',
  'defaultSecurityRules',
  'networkInterfaces',
  'ipConfiguration',
  'peeringState',
  'peeringSyncLevel',
  'remoteAddressSpace',
  'remoteVirtualNetworkAddressSpace',
  'backendIPConfigurations',
]);
/** The same where they stand directly in a resource of such a type; the subnets of a network are its own. */
const WORKED_OUT_IN: Readonly<Record<string, string>> = {
  subnets: 'networksecuritygroups routetables natgateways',
  ipConfigurations: 'subnets',
};

/** Each place as the names that lead there, from the resource's id on, in lower case and joined by blanks. */
export function differences(before: readonly Resource[], after: readonly Resource[]): string[] {
  const [was, is] = [before, after].map((all) => new Map(all.map((each) => [textAt(each, 'id').toLowerCase(), each])));
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].flatMap((id) =>
    compared(was?.get(id), is?.get(id), id),
  );
}

function compared(before: unknown, after: unknown, path: string): string[] {
  if (before === after || (isNothing(before) && isNothing(after))) return [];
  const [past, present] = [namedParts(before), namedParts(after)];
  if (past && present) {
    return [...new Set([...past.keys(), ...present.keys()])].flatMap((name) =>
      compared(past.get(name), present.get(name), `${path} ${name}`),
    );
  }
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((name) => !isWorkedOut(name, path))
      .flatMap((name) => compared(before[name], after[name], `${path} ${name.toLowerCase()}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}

function isWorkedOut(name: string, path: string): boolean {
  if (WORKED_OUT.has(name)) return true;
  const [, type = ''] = /([^/ ]+)(?:\/| )[^/ ]+ properties$/.exec(path) ?? [];
  return (WORKED_OUT_IN[name] ?? '').split(' ').includes(type);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** A list whose elements have names, by these; an absent one is an empty one. */
function namedParts(value: unknown): Map<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return undefined;
  const names = value.map((element) => textAt(element, 'name').toLowerCase());
  if (names.includes('')) return undefined;
  return new Map(value.map((element, index) => [names[index] ?? '', element]));
}
