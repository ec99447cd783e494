/** Route tables, gateways and virtual WANs from ARM's JSON: what widens a network beyond its peerings. */
import { type AddressSet, NO_ADDRESS, parseAddress, parsePrefix, unionOf } from './address';
import { type ArmResource, asChildren, type Resources } from './arm-resource';
import type { ConnectedGroup, Gateway, Route, RouteTable } from './connection';
import { listOf, objectOf, propertiesOf, textOf } from './json';
import { type Gap, keyOf, nameOf, parentIdOf, type ResourceKey, type VirtualNetwork } from './network';
import { keyIn, readPrefixes } from './read-prefixes';

/** Reads one route table; routes for service tags say nothing about machines and are passed over. */
export function readRouteTable({ id, json }: ArmResource, resources: Resources): RouteTable {
  const entries = [
    ...listOf(propertiesOf(json).routes),
    ...asChildren(resources.childrenOf('microsoft.network/routetables/routes', id)),
  ];
  return { id, name: nameOf(id), routes: entries.flatMap(readRoute) };
}

function readRoute(json: unknown): Route[] {
  const properties = propertiesOf(json);
  const text = textOf(properties.addressPrefix) ?? '';
  const prefix = parsePrefix(text);
  if (!prefix) return [];
  const appliance = parseAddress(textOf(properties.nextHopIpAddress) ?? '');
  const nextHop = textOf(properties.nextHopType)?.toLowerCase();
  const isAppliance = nextHop === 'virtualappliance';
  const length = text.includes('/') ? Number(text.slice(text.indexOf('/') + 1)) : 128;
  const name = textOf(objectOf(json).name) ?? text;
  return [
    {
      name,
      prefix,
      length,
      ...(isAppliance && appliance && { appliance }),
      ...(nextHop === 'none' && { drops: true }),
    },
  ];
}

/**
 * Reads the gateways with the address spaces at the far end of their connections. What a gateway learns by BGP, as
 * ExpressRoute always does, is in no resource: a gap.
 */
export function readGateways(
  resources: Resources,
  virtualNetworks: ReadonlyMap<ResourceKey, VirtualNetwork>,
  gaps: Gap[],
): Gateway[] {
  const connections = resources.of('microsoft.network/connections').map(({ json }) => propertiesOf(json));
  const gateways = resources.of('microsoft.network/virtualnetworkgateways');
  const homes = new Map(gateways.map((gateway) => [keyOf(gateway.id), homeOf(gateway)]));
  return gateways.flatMap((gateway) => {
    const key = keyOf(gateway.id);
    const virtualNetwork = homes.get(key);
    if (virtualNetwork === undefined) return [];
    const own = connections.filter((each) =>
      [keyIn(each.virtualNetworkGateway1), keyIn(each.virtualNetworkGateway2)].includes(key),
    );
    const far = own.flatMap((each): AddressSet[] => {
      const other = [keyIn(each.virtualNetworkGateway1), keyIn(each.virtualNetworkGateway2)].find(
        (end) => end !== key && end !== undefined,
      );
      const local = resources.get(keyIn(each.localNetworkGateway2) ?? '');
      const space = objectOf(propertiesOf(local?.json).localNetworkAddressSpace);
      return [
        readPrefixes(gateway.id, listOf(space.addressPrefixes), gaps),
        virtualNetworks.get(homes.get(other ?? '') ?? '')?.addresses ?? NO_ADDRESS,
      ];
    });
    const properties = propertiesOf(gateway.json);
    const clients = objectOf(objectOf(properties.vpnClientConfiguration).vpnClientAddressPool);
    const learns =
      properties.enableBgp === true ||
      own.some((each) => each.enableBgp === true || textOf(each.connectionType)?.toLowerCase() === 'expressroute');
    if (learns) gaps.push(unknownPrefixes(gateway.id));
    const addresses = unionOf([...far, readPrefixes(gateway.id, listOf(clients.addressPrefixes), gaps)]);
    return { id: gateway.id, name: nameOf(gateway.id), virtualNetwork, addresses };
  });
}

function homeOf({ json }: ArmResource): ResourceKey | undefined {
  const subnets = listOf(propertiesOf(json).ipConfigurations).flatMap(
    (entry) => keyIn(propertiesOf(entry).subnet) ?? [],
  );
  return subnets[0] === undefined ? undefined : keyOf(parentIdOf(subnets[0]));
}

function unknownPrefixes(resource: string): Gap {
  const why =
    'the prefixes it learns by BGP are not in the input; they belong to VirtualNetwork and may reach whatever a rule for that tag admits';
  return { resource, what: 'unknown-gateway-prefixes', why, touchesAdminPort: true };
}

/**
 * Networks connected to the hubs of one virtual WAN reach each other
 * (https://learn.microsoft.com/azure/virtual-wan/virtual-wan-global-transit-network-architecture); a hub whose WAN is not
 * known stands for itself.
 */
export function readVirtualWans(resources: Resources, gaps: Gap[]): ConnectedGroup[] {
  const byWan = new Map<ResourceKey, ArmResource[]>();
  for (const hub of resources.of('microsoft.network/virtualhubs')) {
    const wan = keyIn(propertiesOf(hub.json).virtualWan) ?? keyOf(hub.id);
    byWan.set(wan, [...(byWan.get(wan) ?? []), hub]);
  }
  const sites = resources.of('microsoft.network/vpnsites');
  for (const gateway of resources.of('microsoft.network/expressroutegateways')) gaps.push(unknownPrefixes(gateway.id));
  return [...byWan].map(([wan, hubs]) => {
    const branches = sites.filter(({ json }) => keyIn(propertiesOf(json).virtualWan) === wan);
    const spaces = [
      ...hubs.flatMap(({ json }) => textOf(propertiesOf(json).addressPrefix) ?? []),
      ...branches.flatMap(({ json }) => listOf(objectOf(propertiesOf(json).addressSpace).addressPrefixes)),
    ];
    const first = hubs[0]?.id ?? wan;
    return {
      kind: 'virtual-wan',
      id: resources.get(wan)?.id ?? first,
      name: nameOf(resources.get(wan)?.id ?? first),
      virtualNetworks: [...hubs.map(({ id }) => keyOf(id)), ...hubs.flatMap((hub) => connectedTo(hub, resources))],
      addresses: unionOf(spaces.flatMap((text) => (typeof text === 'string' ? (parsePrefix(text) ?? []) : []))),
    };
  });
}

function connectedTo({ id, json }: ArmResource, resources: Resources): ResourceKey[] {
  const connections = [
    ...listOf(propertiesOf(json).virtualNetworkConnections),
    ...resources.childrenOf('microsoft.network/virtualhubs/hubvirtualnetworkconnections', id).map((each) => each.json),
  ];
  return connections.flatMap((connection) => keyIn(propertiesOf(connection).remoteVirtualNetwork) ?? []);
}
