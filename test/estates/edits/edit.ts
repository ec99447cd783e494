/** What an edit is: one thing that a person, a template or an attacker does to an estate, as requests to ARM. */
import { at, isObject, listAt, textAt } from '../../../playground/json';
import type { Resource } from '../build/resource';

export interface Write {
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  readonly id: string;
  readonly body?: Resource;
}

/** Numbers that choose the place and the manner; any number does. */
export interface Choice {
  readonly which: number;
  readonly how: number;
}

export interface Edit {
  readonly writes: readonly Write[];
  /** What must still be so after the repair, asked of every resource, if it was so before it. */
  readonly lasts?: (resources: readonly Resource[]) => boolean;
}

/** Undefined where the estate has no place for it. */
export type MakeEdit = (resources: readonly Resource[], choice: Choice) => Edit | undefined;

export function chosen<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(list.length, 1)];
}

export function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => textAt(resource, 'type').toLowerCase() === type.toLowerCase());
}

export function idOf(resource: unknown): string {
  return textAt(resource, 'id');
}

export function byId(resources: readonly Resource[], id: string): Resource | undefined {
  return resources.find((resource) => idOf(resource).toLowerCase() === id.toLowerCase());
}

/** The JSON with some properties replaced; undefined takes one away. */
export function withProperties(json: Resource, changes: Resource): Resource {
  const properties = isObject(json.properties) ? json.properties : {};
  return { ...json, properties: { ...properties, ...changes } };
}

export function childrenOf(resource: unknown, collection: string): Resource[] {
  return listAt(resource, 'properties', collection).filter(isObject);
}

/** A PUT of the JSON as it was read, changed. */
export function put(json: Resource, changes: Resource): Write {
  return { method: 'PUT', id: idOf(json), body: withProperties(json, changes) };
}

/** Groups for machines: Bastion's own is another matter. */
export function machineGroups(resources: readonly Resource[]): Resource[] {
  return ofType(resources, 'Microsoft.Network/networkSecurityGroups').filter((group) => !isBastions(group));
}

export function bastionGroups(resources: readonly Resource[]): Resource[] {
  return ofType(resources, 'Microsoft.Network/networkSecurityGroups').filter(isBastions);
}

function isBastions(group: Resource): boolean {
  return textAt(group, 'name').startsWith('nsg-bastion');
}

export function networks(resources: readonly Resource[]): Resource[] {
  return ofType(resources, 'Microsoft.Network/virtualNetworks');
}

export function subnets(resources: readonly Resource[]): Resource[] {
  return networks(resources).flatMap((network) => childrenOf(network, 'subnets'));
}

/** Subnets in which machines may stand. */
export function machineSubnets(resources: readonly Resource[]): Resource[] {
  return subnets(resources).filter(
    (subnet) => textAt(subnet, 'name').startsWith('snet-') && listAt(subnet, 'properties', 'delegations').length === 0,
  );
}

export function peerings(resources: readonly Resource[]): Resource[] {
  return networks(resources).flatMap((network) => childrenOf(network, 'virtualNetworkPeerings'));
}

export function flag(json: unknown, name: string): boolean {
  return at(json, 'properties', name) === true;
}
