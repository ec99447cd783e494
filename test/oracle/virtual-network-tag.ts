// What the VirtualNetwork service tag stands for in one network, as far as Azure says.
import type { ArmResource, PeeringResource, VirtualNetworkResource } from './arm';
import type { GatewayResource } from './arm-route';
import { isVirtualNetwork, sameId } from './arm';
import { isConnection, isGateway, isLocalGateway, isRouteTable } from './arm-route';

/** RFC 1918 and RFC 4193: the private space that stands in for the virtual network of a group that is attached nowhere. */
const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** The tag for a group that is attached nowhere. */
export const unattachedTag: readonly string[] = privateSpace;

/**
 * What the tag may stand for: its certain meaning, and where there is one its widest. Within one meaning every rule reads it alike.
 * Certain are the network's own space, that of every network it is peered with (less peerings that are down or keep access to
 * themselves), and what lies behind the gateways it can use. The prefixes of user routes belong to it as well, Azure says, and
 * default routes might; which subnets' routes it leaves open.
 * Source: "Virtual network service tags", Azure documentation.
 */
export function virtualNetworkTag(
  resources: readonly ArmResource[],
  network: VirtualNetworkResource,
): readonly (readonly string[])[] {
  const peerings = network.properties.virtualNetworkPeerings ?? [];
  const certain = [
    ...network.properties.addressSpace.addressPrefixes,
    ...peerings.filter(isOpen).flatMap((peering) => remoteSpace(resources, peering)),
    ...behindGateways(resources, network),
  ];
  const more = routed(resources, network);
  return more.length > 0 ? [certain, [...certain, ...more]] : [certain];
}

function routed(resources: readonly ArmResource[], network: VirtualNetworkResource): string[] {
  const tables = (network.properties.subnets ?? []).map(({ properties }) => properties.routeTable?.id);
  return resources
    .filter(isRouteTable)
    .filter(({ id }) => tables.some((table) => sameId(table, id)))
    .flatMap(({ properties }) => (properties.routes ?? []).map((route) => route.properties.addressPrefix));
}

/**
 * Behind the network's own gateway, or behind a peer's if this side uses it and that side lets it. A peering without access takes the
 * peer's own space out of the tag; of the sites behind the peer Azure says nothing, so they stay.
 */
function behindGateways(resources: readonly ArmResource[], network: VirtualNetworkResource): string[] {
  const lenders = (network.properties.virtualNetworkPeerings ?? [])
    .filter((peering) => isConnected(peering) && peering.properties.useRemoteGateways === true)
    .flatMap(({ properties }) => resources.find(({ id }) => sameId(id, properties.remoteVirtualNetwork.id)) ?? [])
    .filter(isVirtualNetwork)
    .filter((lender) => lends(lender, network));
  return [network, ...lenders]
    .flatMap((owner) => gatewaysIn(resources, owner))
    .flatMap((gateway) => [
      ...(gateway.properties.vpnClientConfiguration?.vpnClientAddressPool?.addressPrefixes ?? []),
      ...connectedTo(resources, gateway),
    ]);
}

function lends(lender: VirtualNetworkResource, to: VirtualNetworkResource): boolean {
  return (lender.properties.virtualNetworkPeerings ?? []).some(
    ({ properties }) => sameId(properties.remoteVirtualNetwork.id, to.id) && properties.allowGatewayTransit === true,
  );
}

function gatewaysIn(resources: readonly ArmResource[], network: VirtualNetworkResource): GatewayResource[] {
  const subnets = network.properties.subnets ?? [];
  return resources
    .filter(isGateway)
    .filter(({ properties }) =>
      properties.ipConfigurations.some((one) => subnets.some(({ id }) => sameId(id, one.properties.subnet.id))),
    );
}

/** What lies at the far ends of the gateway's connections: a site with its address space, or another gateway's network. */
function connectedTo(resources: readonly ArmResource[], gateway: GatewayResource): string[] {
  const connections = resources.filter(isConnection).map(({ properties }) => properties);
  const own = connections.filter((one) => sameId(one.virtualNetworkGateway1.id, gateway.id));
  const sites = own.flatMap((one) =>
    resources.filter(isLocalGateway).filter(({ id }) => sameId(id, one.localNetworkGateway2?.id)),
  );
  const far = own.flatMap((one) =>
    resources.filter(isGateway).filter(({ id }) => sameId(id, one.virtualNetworkGateway2?.id)),
  );
  const networks = resources
    .filter(isVirtualNetwork)
    .filter((network) => gatewaysIn(resources, network).some((each) => far.includes(each)));
  return [
    ...sites.flatMap(({ properties }) => properties.localNetworkAddressSpace.addressPrefixes),
    ...networks.flatMap(({ properties }) => properties.addressSpace.addressPrefixes),
  ];
}

function isOpen(peering: PeeringResource): boolean {
  return isConnected(peering) && peering.properties.allowVirtualNetworkAccess !== false;
}

function isConnected(peering: PeeringResource): boolean {
  return sameId(peering.properties.peeringState ?? 'Connected', 'Connected');
}

function remoteSpace(resources: readonly ArmResource[], { properties }: PeeringResource): readonly string[] {
  const remote = resources.find((resource) => sameId(resource.id, properties.remoteVirtualNetwork.id));
  if (remote && isVirtualNetwork(remote)) return remote.properties.addressSpace.addressPrefixes;
  const recorded = properties.remoteVirtualNetworkAddressSpace ?? properties.remoteAddressSpace;
  return recorded?.addressPrefixes ?? [];
}
