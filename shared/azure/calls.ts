/** Which call of the typed client writes or deletes which type of resource. A type that is not here is not written. */
import type { NetworkManagementClient } from '@azure/arm-network';
import type { SendOptions } from './send-write';

/** The names in a resource's path, outermost first. */
type Names = readonly [string, string?, string?];

export type Call = (
  network: NetworkManagementClient,
  group: string,
  names: Names,
  options: SendOptions,
) => PromiseLike<unknown>;

const NOBODY = '';

/** PUT, by type below Microsoft.Network in lower case; bodies are given elsewhere, so an empty one stands here. */
export const PUTS: Readonly<Record<string, Call>> = {
  networksecuritygroups: (n, g, [a], o) => n.networkSecurityGroups.createOrUpdate(g, a, {}, o),
  virtualnetworks: (n, g, [a], o) => n.virtualNetworks.createOrUpdate(g, a, {}, o),
  'virtualnetworks/subnets': (n, g, [a, b = NOBODY], o) => n.subnets.createOrUpdate(g, a, b, {}, o),
  'virtualnetworks/virtualnetworkpeerings': (n, g, [a, b = NOBODY], o) =>
    n.virtualNetworkPeerings.createOrUpdate(g, a, b, {}, o),
  networkinterfaces: (n, g, [a], o) => n.networkInterfaces.createOrUpdate(g, a, {}, o),
  publicipaddresses: (n, g, [a], o) => n.publicIPAddresses.createOrUpdate(g, a, {}, o),
  loadbalancers: (n, g, [a], o) => n.loadBalancers.createOrUpdate(g, a, {}, o),
  azurefirewalls: (n, g, [a], o) => n.azureFirewalls.createOrUpdate(g, a, {}, o),
  'firewallpolicies/rulecollectiongroups': (n, g, [a, b = NOBODY], o) =>
    n.firewallPolicyRuleCollectionGroups.createOrUpdate(g, a, b, {}, o),
  applicationgateways: (n, g, [a], o) => n.applicationGateways.createOrUpdate(g, a, {}, o),
  routetables: (n, g, [a], o) => n.routeTables.createOrUpdate(g, a, {}, o),
  bastionhosts: (n, g, [a], o) => n.bastionHosts.createOrUpdate(g, a, {}, o),
};

/** DELETE: nothing but peerings is ever deleted. */
export const DELETES: Readonly<Record<string, Call>> = {
  'virtualnetworks/virtualnetworkpeerings': (n, g, [a, b = NOBODY], o) => n.virtualNetworkPeerings.delete(g, a, b, o),
};
