// A virtual network of a generated estate with its subnets and its side of the peerings.
import type { PeeringResource, SubnetResource, VirtualNetworkResource } from '../arm';
import type { RouteTableResource } from '../arm-route';
import type { EstateBlueprint, PeeringBlueprint, SubnetBlueprint } from './estate-blueprint';
import { bastionPrefix, foreign, networkId, networkName, subnetPrefix, subnetPrefixV6 } from './address-plan';
import { addressPrefixes, groupReference, isDualStack, reference } from './estate-blueprint';
import { bastionSubnetName } from './front-door';
import { gatewaySubnet } from './build-gateway';

export function buildNetwork(blueprint: EstateBlueprint, at: number): VirtualNetworkResource {
  const name = networkName(at);
  const id = networkId('virtualNetworks', name);
  const planned = blueprint.networks[at]?.subnets ?? [];
  const subnets = planned.map((subnet, place) => buildSubnet(blueprint, id, at, place, subnet));
  return {
    id,
    name,
    type: 'Microsoft.Network/virtualNetworks',
    location: 'westeurope',
    etag: 'W/"1"',
    properties: {
      provisioningState: 'Succeeded',
      addressSpace: { addressPrefixes: addressPrefixes(blueprint, at) },
      subnets: [
        ...(at === 0 && blueprint.hasBastion ? [bastionSubnet(blueprint, id)] : []),
        ...(at === 0 && blueprint.hasGateway ? [gatewaySubnet(id)] : []),
        ...subnets,
      ],
      virtualNetworkPeerings: buildPeerings(blueprint, id, at),
    },
  };
}

function buildSubnet(
  blueprint: EstateBlueprint,
  network: string,
  at: number,
  place: number,
  subnet: SubnetBlueprint,
): SubnetResource {
  const name = `snet-${place}`;
  const ipv4 = subnetPrefix(at, place, subnet.length);
  const prefixes = isDualStack(blueprint, at, place) ? [ipv4, subnetPrefixV6(at, place)] : [ipv4];
  const isPlural = subnet.isPlural || prefixes.length > 1;
  return {
    id: `${network}/subnets/${name}`,
    name,
    etag: 'W/"1"',
    properties: {
      provisioningState: 'Succeeded',
      ...(isPlural ? { addressPrefixes: prefixes } : { addressPrefix: ipv4 }),
      ...groupReference(blueprint, subnet.group),
      ...((subnet.routes ?? []).length > 0 && { routeTable: reference(blueprint, routeTableId(at, place)) }),
    },
  };
}

/** The route tables of the network's subnets. */
export function buildRouteTables(blueprint: EstateBlueprint, at: number): RouteTableResource[] {
  return (blueprint.networks[at]?.subnets ?? []).flatMap(({ routes = [] }, place) => {
    if (routes.length === 0) return [];
    const id = routeTableId(at, place);
    const type = 'Microsoft.Network/routeTables';
    return { id, name: nameOf(id), type, location: 'westeurope', properties: { routes: routes.map(buildRoute) } };
  });
}

function routeTableId(at: number, place: number): string {
  return networkId('routeTables', `rt-${at}-${place}`);
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function buildRoute(
  addressPrefix: string,
  at: number,
): NonNullable<RouteTableResource['properties']['routes']>[number] {
  return {
    name: `route-${at}`,
    properties: { addressPrefix, nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.200.0.4' },
  };
}

function bastionSubnet(blueprint: EstateBlueprint, network: string): SubnetResource {
  return {
    id: `${network}/subnets/${bastionSubnetName}`,
    name: bastionSubnetName,
    etag: 'W/"1"',
    properties: {
      provisioningState: 'Succeeded',
      addressPrefix: bastionPrefix,
      ...groupReference(blueprint, blueprint.bastionGroup),
    },
  };
}

function buildPeerings(blueprint: EstateBlueprint, network: string, at: number): PeeringResource[] {
  const farEnds = new Map<number, PeeringBlueprint>();
  for (const peering of blueprint.peerings) {
    const far = farEnd(peering, at);
    const isThere = far !== undefined && far !== at && far <= blueprint.networks.length;
    if (isThere && !farEnds.has(far)) farEnds.set(far, peering);
  }
  return [...farEnds].map(([far, peering]) => buildPeering(blueprint, network, at, far, peering));
}

/** Which network the peering leads to from this one, if it touches this one at all. */
function farEnd({ from, to, isMutual }: PeeringBlueprint, at: number): number | undefined {
  if (from === at) return to;
  return isMutual && to === at ? from : undefined;
}

function buildPeering(
  blueprint: EstateBlueprint,
  network: string,
  at: number,
  far: number,
  peering: PeeringBlueprint,
): PeeringResource {
  const name = `peer-${far}`;
  const isForeign = far === blueprint.networks.length;
  const farId = isForeign ? foreign.id : networkId('virtualNetworks', networkName(far));
  const farSpace = { addressPrefixes: addressPrefixes(blueprint, far) };
  const { state, allowVirtualNetworkAccess, allowForwardedTraffic, isTransit = false } = peering;
  return {
    id: `${network}/virtualNetworkPeerings/${name}`,
    name,
    etag: 'W/"1"',
    properties: {
      provisioningState: 'Succeeded',
      ...(state !== undefined && { peeringState: state }),
      ...(allowVirtualNetworkAccess !== undefined && { allowVirtualNetworkAccess }),
      allowForwardedTraffic,
      allowGatewayTransit: isTransit && peering.from === at,
      useRemoteGateways: isTransit && peering.to === at,
      remoteVirtualNetwork: reference(blueprint, farId),
      remoteAddressSpace: farSpace,
      remoteVirtualNetworkAddressSpace: farSpace,
    },
  };
}
