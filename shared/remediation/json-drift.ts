/** How one ARM resource's JSON differs from what was accepted, as edits that put single properties back. */
import { isObject, type JsonObject, listOf, textOf } from '../network/json';
import type { PathStep, PropertyEdit } from '../network/resource-edit';

/**
 * Properties that ARM works out or that only mirror what other resources say: they are never drift, and never sent
 * back as such.
 */
const MIRRORED: ReadonlySet<string> = new Set(
  [
    'id',
    'type',
    'etag',
    'provisioningState',
    'resourceGuid',
    'peeringState',
    'peeringSyncLevel',
    'remoteAddressSpace',
    'remoteVirtualNetworkAddressSpace',
    'remoteBgpCommunities',
    'networkInterfaces',
    'backendIPConfigurations',
    'backendIPConfiguration',
    'ipConfigurationProfiles',
    'privateEndpoints',
    'privateLinkServices',
    'serviceAssociationLinks',
    'resourceNavigationLinks',
    'purpose',
    'virtualMachine',
    'macAddress',
    'primary',
    'hostedWorkloads',
    'tapConfigurations',
    'dnsName',
    'timeCreated',
    'vmId',
    'instanceView',
    'defaultSecurityRules',
    'flowLogs',
    'auxiliaryMode',
    'auxiliarySku',
    'vnetEncryptionSupported',
    'applicationGatewayIPConfigurations',
  ].map((name) => name.toLowerCase()),
);

/** Mirrored only where they stand directly in the properties of such a resource; elsewhere they are its own. */
const MIRRORED_IN: Readonly<Record<string, ReadonlySet<string>>> = {
  'microsoft.network/networksecuritygroups': new Set(['subnets']),
  'microsoft.network/routetables': new Set(['subnets']),
  'microsoft.network/natgateways': new Set(['subnets']),
  'microsoft.network/virtualnetworks/subnets': new Set(['ipconfigurations']),
  'microsoft.network/publicipaddresses': new Set(['ipconfiguration', 'natgateway', 'ipaddress']),
};

/** Edits that turn `now` back into `before`, one for each property that differs, tags and place left alone. */
export function editsBack(type: string, before: JsonObject, now: JsonObject): readonly PropertyEdit[] {
  const own = MIRRORED_IN[type] ?? new Set<string>();
  const [past, present] = [before.properties, now.properties].map((bag) =>
    isObject(bag) ? Object.fromEntries(Object.entries(bag).filter(([name]) => !own.has(name.toLowerCase()))) : {},
  );
  return [...differences(past, present, ['properties']), ...differences(before.sku, now.sku, ['sku'])];
}

function differences(before: unknown, now: unknown, path: readonly PathStep[]): PropertyEdit[] {
  if (isObject(before) && isObject(now)) {
    return [...new Set([...Object.keys(before), ...Object.keys(now)])]
      .filter((name) => !MIRRORED.has(name.toLowerCase()))
      .flatMap((name) => differences(before[name], now[name], [...path, name]));
  }
  const [past, present] = [namedList(before), namedList(now)];
  if (past && present) {
    return [...new Set([...past.keys(), ...present.keys()])].flatMap((name) =>
      differences(past.get(name), present.get(name), [...path, { named: name }]),
    );
  }
  if (isSame(before, now)) return [];
  return [{ path, ...(before !== undefined && before !== null && { value: before }) }];
}

/** A list whose elements have names or ids of their own, by these in lower case; an absent list is an empty one. */
function namedList(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return undefined;
  const entries = listOf(value).map((element): readonly [string | undefined, unknown] => [
    isObject(element) ? (textOf(element.name) ?? textOf(element.id))?.toLowerCase() : undefined,
    element,
  ]);
  const named = new Map<string, unknown>();
  for (const [name, element] of entries) {
    if (name === undefined || named.has(name)) return undefined;
    named.set(name, element);
  }
  return named;
}

/** Equal in content; what is absent is what is null or an empty list, and ids are equal in any casing. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (typeof a === 'string' && typeof b === 'string') return a.startsWith('/') && a.toLowerCase() === b.toLowerCase();
  if (Array.isArray(a) && Array.isArray(b)) {
    const other: readonly unknown[] = b;
    return a.length === b.length && a.every((element, index) => isSame(element, other[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => !MIRRORED.has(name.toLowerCase()) || name.toLowerCase() === 'id')
    .every((name) => isSame(a[name], b[name]));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
