/** DNAT rules of Azure Firewall, classic and by firewall policy, as forwardings. */
import { type AddressSet, isWithin, NO_ADDRESS, parsePrefix, unionOf } from './address';
import type { ArmResource, Resources } from './arm-resource';
import type { Forwarding } from './forwarding';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from './json';
import { type Gap, keyOf, nameOf, parentIdOf, type ResourceKey, type Subnet } from './network';
import { type PortSet, parsePorts } from './port';
import { normalize } from './interval';
import { keyIn } from './read-prefixes';
import type { PathStep } from './resource-edit';
import { UNKNOWN_NETWORK } from './service-tag';

/** Where the firewall stands and what machines behind it see as the source. */
interface Stand {
  readonly firewall: ArmResource;
  readonly home?: ResourceKey;
  readonly seenAs: AddressSet;
}

/**
 * Reads the DNAT rules of one firewall. DNAT hides the sender: what arrives comes from the firewall's own subnet
 * (https://learn.microsoft.com/azure/firewall/snat-private-range). Rules of a parent policy are not among them: NAT rule
 * collections are not inherited (https://learn.microsoft.com/azure/firewall-manager/policy-overview).
 */
export function readFirewall(
  firewall: ArmResource,
  resources: Resources,
  subnets: ReadonlyMap<ResourceKey, Subnet>,
  gaps: Gap[],
): Forwarding[] {
  const properties = propertiesOf(firewall.json);
  const stand = standOf(firewall, properties, resources, subnets);
  const policy = keyIn(properties.firewallPolicy);
  const collections = policy
    ? resources
        .childrenOf('microsoft.network/firewallpolicies/rulecollectiongroups', policy)
        .flatMap((group) => collectionsIn(group, 'ruleCollections'))
    : collectionsIn(firewall, 'natRuleCollections');
  return collections.flatMap((collection) =>
    listOf(propertiesOf(collection.json).rules).flatMap((rule) =>
      readNatRule(collection, objectOf(rule), stand, resources, gaps),
    ),
  );
}

/** A collection of rules, and the resource it stands in. */
interface Collection {
  readonly name: string;
  readonly json: JsonObject;
  readonly holder: ArmResource;
  readonly property: string;
}

function collectionsIn(holder: ArmResource, property: string): Collection[] {
  return listOf(propertiesOf(holder.json)[property]).map((entry) => {
    const json = objectOf(entry);
    return { name: textOf(json.name) ?? 'nat', json, holder, property };
  });
}

/** The rule in its collection, or the whole collection if it is the only one: Azure keeps none that is empty. */
function makerOf({ name, json, holder, property }: Collection, rule: string): Forwarding['madeBy'] {
  if (!isObject(holder.json.properties)) return undefined;
  const path: PathStep[] = ['properties', property, { named: name }];
  if (listOf(propertiesOf(json).rules).length > 1) {
    path.push(...(isObject(json.properties) ? ['properties'] : []), 'rules', { named: rule });
  }
  return { resource: holder.id, path };
}

function standOf(
  firewall: ArmResource,
  properties: JsonObject,
  resources: Resources,
  subnets: ReadonlyMap<ResourceKey, Subnet>,
): Stand {
  const hub = keyIn(properties.virtualHub);
  if (hub) {
    const prefix = textOf(propertiesOf(resources.get(hub)?.json).addressPrefix);
    const own = textOf(objectOf(properties.hubIPAddresses).privateIPAddress);
    const seenAs = parsePrefix(prefix ?? own ?? '') ?? UNKNOWN_NETWORK;
    return { firewall, home: hub, seenAs };
  }
  const subnet = listOf(properties.ipConfigurations).flatMap((entry) => keyIn(propertiesOf(entry).subnet) ?? [])[0];
  const prefixes = subnet === undefined ? undefined : subnets.get(subnet)?.prefixes;
  return { firewall, ...(subnet && { home: keyOf(parentIdOf(subnet)) }), seenAs: prefixes ?? UNKNOWN_NETWORK };
}

function readNatRule(
  collection: Collection,
  rule: JsonObject,
  { firewall, home, seenAs }: Stand,
  resources: Resources,
  gaps: Gap[],
): Forwarding[] {
  // Only NAT rules are translated; network and application rules stand in the same lists of a policy.
  if (rule.translatedPort === undefined) return [];
  const name = textOf(rule.name) ?? 'rule';
  const [backendPort] = parsePorts(wordOf(rule.translatedPort))?.[0] ?? [];
  const target = parsePrefix(textOf(rule.translatedAddress) ?? '');
  if (!target || backendPort === undefined) {
    const why = `DNAT rule ${collection.name}/${name} forwards to ${textOf(rule.translatedFqdn) ?? 'an address'} that is not known here; see for yourself where it leads`;
    gaps.push({ resource: firewall.id, what: 'unknown-target', why, touchesAdminPort: true });
    return [];
  }
  const destinations = listOf(rule.destinationAddresses).filter((text) => typeof text === 'string');
  const frontendPorts = normalize(
    listOf(rule.destinationPorts).flatMap((text): PortSet => parsePorts(wordOf(text)) ?? []),
  );
  const origin = sendersOf(rule, resources);
  const madeBy = textOf(rule.name) === undefined ? undefined : makerOf(collection, name);
  return [
    {
      kind: 'firewall-dnat',
      id: firewall.id,
      name: `${nameOf(firewall.id)}/${collection.name}/${name}`,
      frontend: destinations.join(', ') || nameOf(firewall.id),
      isPublic: destinations.length === 0 || destinations.some((text) => !isPrivate(text)),
      protocols: protocolsOf(rule.protocols ?? rule.ipProtocols),
      frontendPorts,
      backendPort,
      targets: { pools: [], ipConfigurations: [], addresses: target },
      ...(origin && { origin }),
      seenAs,
      ...(home && { home }),
      isClosedByDefault: false,
      ...(madeBy && { madeBy }),
    },
  ];
}

/** Undefined for everybody, and for an IP group that was not read: the cautious reading. */
function sendersOf(rule: JsonObject, resources: Resources): AddressSet | undefined {
  const groups = listOf(rule.sourceIpGroups).map((id) => (typeof id === 'string' ? resources.get(id) : undefined));
  const texts = [
    ...listOf(rule.sourceAddresses),
    ...groups.flatMap((group) => listOf(propertiesOf(group?.json).ipAddresses)),
  ];
  const sets = texts.map((text) => (typeof text === 'string' ? parsePrefix(text) : undefined));
  if (sets.length === 0 || groups.includes(undefined) || sets.includes(undefined)) return undefined;
  return unionOf(sets.map((set) => set ?? NO_ADDRESS));
}

function isPrivate(text: string): boolean {
  const addresses = parsePrefix(text);
  return addresses !== undefined && isWithin(addresses, UNKNOWN_NETWORK);
}

function protocolsOf(value: unknown): ('tcp' | 'udp')[] {
  const words = listOf(value).map((word) => wordOf(word).toLowerCase());
  const both = words.length === 0 || words.includes('any');
  return (['tcp', 'udp'] as const).filter((protocol) => both || words.includes(protocol));
}

/** Ports come as text or as numbers. */
function wordOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : (textOf(value) ?? '');
}
