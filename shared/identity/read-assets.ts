/** The Bastion hosts, machines, interfaces, networks and vaults that roles are about, from ARM's JSON. */
import { listOf, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { keyOf, nameOf, parentIdOf, type Gap } from '../network/network';
import type { Entry, EntryKind } from './entry';
import type { Asset } from './identity';
import { malformed } from './read-gap';

const KINDS: Readonly<Partial<Record<EntryKind, Asset['kind']>>> = {
  'bastion-host': 'bastion-host',
  'virtual-machine': 'virtual-machine',
  'network-interface': 'network-interface',
  'virtual-network': 'virtual-network',
  'key-vault': 'key-vault',
};

/**
 * Reads assets. Extensions of a machine are known where its JSON has a list `resources` (an empty one says that there
 * are none) or where they are entries of their own; its interfaces, where either side tells.
 */
export function readAssets(entries: readonly Entry[], gaps: Gap[]): Asset[] {
  const extensions = extensionsByMachine(entries);
  const interfaces = interfacesByMachine(entries);
  const assets = new Map<string, Asset>();
  for (const { kind: entryKind, json } of entries) {
    const kind = KINDS[entryKind];
    if (!kind) continue;
    const id = textOf(json.id);
    if (id === undefined) {
      gaps.push(malformed(entryKind, json, 'id'));
      continue;
    }
    const key = keyOf(id);
    const base: Asset = { id, kind, name: textOf(json.name) ?? nameOf(id) };
    const asset = kind === 'virtual-machine' ? machine(base, json, extensions.get(key), interfaces.get(key)) : base;
    const usesRoles = propertiesOf(json).enableRbacAuthorization === true;
    assets.set(key, kind === 'key-vault' ? { ...asset, usesRoles } : asset);
  }
  return [...assets.values()];
}

function machine(
  base: Asset,
  json: Entry['json'],
  found: readonly string[] | undefined,
  attached: ReadonlySet<string> | undefined,
): Asset {
  const properties = propertiesOf(json);
  const own = listOf(objectOf(properties.networkProfile).networkInterfaces).flatMap(
    (entry) => referenceOf(entry) ?? [],
  );
  const interfaces = new Map([...own, ...(attached ?? [])].map((id) => [keyOf(id), id]));
  const isListed = Array.isArray(json.resources);
  const extensions = [...(isListed ? listOf(json.resources).flatMap(extensionName) : []), ...(found ?? [])];
  const operatingSystem = operatingSystemOf(properties);
  return {
    ...base,
    ...((isListed || found) && { extensions: [...new Set(extensions)] }),
    ...(operatingSystem && { operatingSystem }),
    ...(interfaces.size > 0 && { interfaces: [...interfaces.values()] }),
  };
}

function operatingSystemOf(properties: Entry['json']): Asset['operatingSystem'] {
  const disk = textOf(objectOf(objectOf(properties.storageProfile).osDisk).osType)?.toLowerCase();
  if (disk === 'windows' || disk === 'linux') return disk;
  const profile = objectOf(properties.osProfile);
  if (profile.windowsConfiguration) return 'windows';
  return profile.linuxConfiguration ? 'linux' : undefined;
}

/** Its type is what it does; its name can be anything. One that failed does nothing. */
function extensionName(json: unknown): string[] {
  const properties = propertiesOf(json);
  if (/^failed$/i.test(textOf(properties.provisioningState) ?? '')) return [];
  const type = textOf(properties.typePropertiesType) ?? textOf(properties.type);
  const id = textOf(objectOf(json).id);
  const name = type !== undefined && !type.includes('/') ? type : (textOf(objectOf(json).name) ?? (id && nameOf(id)));
  return name ? [nameOf(name)] : [];
}

function extensionsByMachine(entries: readonly Entry[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { kind, json } of entries) {
    const id = textOf(json.id);
    if (kind !== 'extension' || id === undefined) continue;
    const key = keyOf(parentIdOf(id));
    found.set(key, [...(found.get(key) ?? []), ...extensionName(json)]);
  }
  return found;
}

function interfacesByMachine(entries: readonly Entry[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { kind, json } of entries) {
    const id = textOf(json.id);
    const owner = referenceOf(propertiesOf(json).virtualMachine);
    if (kind !== 'network-interface' || id === undefined || owner === undefined) continue;
    found.set(keyOf(owner), (found.get(keyOf(owner)) ?? new Set()).add(id));
  }
  return found;
}
