/** A virtual network with its subnets and peerings from ARM's JSON. */
import { type JsonObject, listOf, objectOf, propertiesOf, referenceOf, textOf } from './json';
import { type Gap, keyOf, nameOf, type Peering, type ResourceKey, type Subnet, type VirtualNetwork } from './network';
import { keyIn, readPrefixes, readReference } from './read-prefixes';

/** Subnets that belong to a platform service by their name alone; no virtual machine can stand in them. */
const PLATFORM_SUBNETS: ReadonlyMap<string, string> = new Map([
  ['azurebastionsubnet', 'Azure Bastion’s own subnet'],
  ['gatewaysubnet', 'virtual network gateway'],
  ['azurefirewallsubnet', 'Azure Firewall'],
  ['azurefirewallmanagementsubnet', 'Azure Firewall management'],
  ['routeserversubnet', 'Azure Route Server'],
]);

/** Child resources that came beside their parent instead of inside it. */
export interface VirtualNetworkChildren {
  readonly subnets: readonly unknown[];
  readonly peerings: readonly unknown[];
}

/** Reads one virtual network; what cannot be read is added to `gaps`. */
export function readVirtualNetwork(
  id: string,
  json: unknown,
  extra: VirtualNetworkChildren,
  gaps: Gap[],
): VirtualNetwork {
  const properties = propertiesOf(json);
  const space = objectOf(properties.addressSpace);
  const tags = Object.entries(objectOf(objectOf(json).tags)).filter(isTag);
  return {
    id,
    name: textOf(objectOf(json).name) ?? nameOf(id),
    addresses: readPrefixes(id, listOf(space.addressPrefixes), gaps),
    subnets: uniqueById([...listOf(properties.subnets), ...extra.subnets], id, 'subnets').map((child) =>
      readSubnet(child.id, keyOf(id), child.json, gaps),
    ),
    peerings: uniqueById(
      [...listOf(properties.virtualNetworkPeerings), ...extra.peerings],
      id,
      'virtualNetworkPeerings',
    ).flatMap((child) => readPeering(child.id, keyOf(id), child.json, gaps)),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
  };
}

function isTag(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

interface Child {
  readonly id: string;
  readonly json: unknown;
}

/** A subnet may be written inside its network and again as a resource of its own: the latter says more, so it wins. */
function uniqueById(children: readonly unknown[], parentId: string, collection: string): Child[] {
  const byKey = new Map<ResourceKey, Child>();
  for (const json of children) {
    const name = textOf(objectOf(json).name)?.split('/').at(-1) ?? '';
    const id = textOf(objectOf(json).id) ?? `${parentId}/${collection}/${name}`;
    byKey.set(keyOf(id), { id, json });
  }
  return [...byKey.values()];
}

function readSubnet(id: string, virtualNetwork: ResourceKey, json: unknown, gaps: Gap[]): Subnet {
  const properties = propertiesOf(json);
  const name = nameOf(id);
  const texts = [...listOf(properties.addressPrefixes)];
  if (texts.length === 0 && properties.addressPrefix !== undefined) texts.push(properties.addressPrefix);
  const securityGroup = readReference(id, properties.networkSecurityGroup, 'security group', gaps);
  const routeTable = keyIn(properties.routeTable);
  const natGateway = keyIn(properties.natGateway);
  const occupants = occupantsOf(properties);
  const delegatedTo = textOf(propertiesOf(listOf(properties.delegations)[0]).serviceName);
  if (texts.length === 0) {
    gaps.push({
      resource: id,
      what: 'missing-address',
      why: 'the subnet has no address prefix, so nothing can be said of the machines in it; export it completely',
      touchesAdminPort: true,
    });
  }
  return {
    id,
    name,
    virtualNetwork,
    prefixes: readPrefixes(id, texts, gaps),
    ...(securityGroup && { securityGroup: keyOf(securityGroup) }),
    ...(routeTable && { routeTable }),
    ...(delegatedTo !== undefined && { delegatedTo }),
    ...(natGateway && { natGateway }),
    ...(occupants.length > 0 && { occupants }),
    ...platformReason(name, properties),
  };
}

/** What refers back to the subnet; Application Gateways have a list of their own. */
function occupantsOf(properties: JsonObject): readonly string[] {
  return [
    ...listOf(properties.ipConfigurations),
    ...listOf(properties.ipConfigurationProfiles),
    ...listOf(properties.applicationGatewayIPConfigurations),
  ].flatMap((entry) => referenceOf(entry) ?? []);
}

function platformReason(name: string, properties: JsonObject): { platformManaged?: string } {
  const byName = PLATFORM_SUBNETS.get(name.toLowerCase());
  if (byName) return { platformManaged: byName };
  const delegation = listOf(properties.delegations)[0];
  if (delegation !== undefined) {
    return { platformManaged: `delegated to ${textOf(propertiesOf(delegation).serviceName) ?? 'a service'}` };
  }
  // What services wrote before there were association links (https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet).
  const link = [...listOf(properties.serviceAssociationLinks), ...listOf(properties.resourceNavigationLinks)][0];
  if (link === undefined) return {};
  return { platformManaged: `in use by ${textOf(propertiesOf(link).linkedResourceType) ?? 'a service'}` };
}

/** Both services name the peerings they make alike everywhere; no property tells. */
const MAKERS = [
  ['anm_', 'network-manager'],
  ['remotevnettohubpeering_', 'virtual-wan'],
] as const;

function makerOf(name: string): Pick<Peering, 'managedBy'> {
  const maker = MAKERS.find(([start]) => name.toLowerCase().startsWith(start));
  return maker ? { managedBy: maker[1] } : {};
}

function readPeering(id: string, virtualNetwork: ResourceKey, json: unknown, gaps: Gap[]): Peering[] {
  const properties = propertiesOf(json);
  const remote = readReference(id, properties.remoteVirtualNetwork, 'remote virtual network', gaps);
  if (!remote) return [];
  const space = objectOf(properties.remoteVirtualNetworkAddressSpace ?? properties.remoteAddressSpace);
  const state = textOf(properties.peeringState);
  return [
    {
      id,
      name: nameOf(id),
      virtualNetwork,
      remote: keyOf(remote),
      ...(state && { state }),
      allowVirtualNetworkAccess: properties.allowVirtualNetworkAccess !== false,
      allowForwardedTraffic: properties.allowForwardedTraffic === true,
      allowGatewayTransit: properties.allowGatewayTransit === true,
      useRemoteGateways: properties.useRemoteGateways === true,
      ...makerOf(nameOf(id)),
      remoteAddresses: readPrefixes(id, listOf(space.addressPrefixes), gaps),
    },
  ];
}
