// A virtual network of a generated estate with its subnets and its side of the peerings.
import type { PeeringResource, SubnetResource, VirtualNetworkResource } from '../arm';
import type { EstateBlueprint, PeeringBlueprint, SubnetBlueprint } from './estate-blueprint';
import { bastionPrefix, foreign, networkId, networkName, subnetPrefix, subnetPrefixV6 } from './address-plan';
import { addressPrefixes, groupReference, isDualStack, reference } from './estate-blueprint';
import { bastionSubnetName } from './front-door';

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
      subnets: at === 0 && blueprint.hasBastion ? [bastionSubnet(blueprint, id), ...subnets] : subnets,
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
    },
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
  return [...farEnds].map(([far, peering]) => buildPeering(blueprint, network, far, peering));
}

/** Which network the peering leads to from this one, if it touches this one at all. */
function farEnd({ from, to, isMutual }: PeeringBlueprint, at: number): number | undefined {
  if (from === at) return to;
  return isMutual && to === at ? from : undefined;
}

function buildPeering(
  blueprint: EstateBlueprint,
  network: string,
  far: number,
  peering: PeeringBlueprint,
): PeeringResource {
  const name = `peer-${far}`;
  const isForeign = far === blueprint.networks.length;
  const farId = isForeign ? foreign.id : networkId('virtualNetworks', networkName(far));
  const farSpace = { addressPrefixes: addressPrefixes(blueprint, far) };
  const { state, allowVirtualNetworkAccess, allowForwardedTraffic } = peering;
  return {
    id: `${network}/virtualNetworkPeerings/${name}`,
    name,
    etag: 'W/"1"',
    properties: {
      provisioningState: 'Succeeded',
      ...(state !== undefined && { peeringState: state }),
      ...(allowVirtualNetworkAccess !== undefined && { allowVirtualNetworkAccess }),
      allowForwardedTraffic,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      remoteVirtualNetwork: reference(blueprint, farId),
      remoteAddressSpace: farSpace,
      remoteVirtualNetworkAddressSpace: farSpace,
    },
  };
}
