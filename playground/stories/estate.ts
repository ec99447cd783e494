/** The whole estate as the local Azure holds it, and what became of it: one line for each thing that differs. */
import { isObject, listAt, textAt } from '../json';
import type { Stage } from './stage';

/** Every resource (ARM JSON) by its id in lower case. */
export type Estate = ReadonlyMap<string, unknown>;

export async function estateOf(stage: Stage): Promise<Estate> {
  const resources = listAt(await stage.control('GET', '/state'), 'resources');
  const estate = new Map(resources.map((resource) => [textAt(resource, 'id').toLowerCase(), resource]));
  // Whoever has a shareable link may use it: it is nothing to show.
  return new Map([...estate].filter(([id]) => !id.includes('/shareablelinks/')));
}

/** What the platform writes by itself with every change. */
const unasked = new Set(['etag', 'provisioningState', 'resourceGuid']);

/** `vnet-app/snet-app/networkSecurityGroup: nsg-app → none` and the like, in a fixed order; empty when nothing differs. */
export function estateDifference(before: Estate, after: Estate): string[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return ids.flatMap((id) => difference(before.get(id), after.get(id), [lastOf(id)]));
}

function difference(was: unknown, is: unknown, path: readonly string[]): string[] {
  const [old, now] = [keyed(was), keyed(is)];
  if (!old || !now) return JSON.stringify(was) === JSON.stringify(is) ? [] : [line(path, was, is)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => !unasked.has(key));
  return keys.flatMap((key) => difference(old.get(key), now.get(key), isLayer(key) ? path : [...path, key]));
}

/** The layers of ARM's JSON that say nothing to a reader. */
function isLayer(key: string): boolean {
  return ['properties', 'subnets', 'virtualNetworkPeerings', 'securityRules', 'ipConfigurations'].includes(key);
}

/** An object by its keys, a list by what names its members; undefined for anything else. An absent list is an empty one. */
function keyed(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.map((member, index) => [nameOf(member) ?? String(index), member]));
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return textAt(value, 'name') || lastOf(textAt(value, 'id')) || undefined;
}

function line(path: readonly string[], was: unknown, is: unknown): string {
  return `${path.join('/')}: ${shown(was)} → ${shown(is)}`;
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'string') return value;
  if (!isObject(value)) return JSON.stringify(value);
  return nameOf(value) ?? (Object.values(value).map(shown).join(' ') || '{}');
}

function lastOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}
