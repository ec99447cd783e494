/** Edits to the roads between networks and from the Internet: peerings and load balancers. */
import { at, textAt } from '../../../playground/json';
import {
  byId,
  childrenOf,
  chosen,
  flag,
  idOf,
  type MakeEdit,
  networks,
  ofType,
  peerings,
  put,
  type Write,
} from './edit';
import type { Resource } from '../build/resource';

function remoteOf(peering: Resource): string {
  return textAt(peering, 'properties', 'remoteVirtualNetwork', 'id').toLowerCase();
}

function networkOf(peering: Resource): string {
  return idOf(peering).split('/').slice(0, -2).join('/').toLowerCase();
}

export const deletePeeringEnd: MakeEdit = (resources, { which }) => {
  const peering = chosen(peerings(resources), which);
  return peering && { writes: [{ method: 'DELETE', id: idOf(peering) }] };
};

export const deletePeering: MakeEdit = (resources, { which }) => {
  const all = peerings(resources);
  const peering = chosen(all, which);
  if (!peering) return undefined;
  const other = all.find((each) => networkOf(each) === remoteOf(peering) && remoteOf(each) === networkOf(peering));
  return { writes: [peering, ...(other ? [other] : [])].map((each) => ({ method: 'DELETE', id: idOf(each) })) };
};

/** Two networks that were not joined, as `az network vnet peering create` does it: one end after the other. */
export const addPeering: MakeEdit = (resources, { which, how }) => {
  const one = chosen(networks(resources), which);
  const joined = new Set(childrenOf(one, 'virtualNetworkPeerings').map(remoteOf));
  const strangers = networks(resources).filter((each) => each !== one && !joined.has(idOf(each).toLowerCase()));
  const other = chosen(strangers, how);
  if (!one || !other) return undefined;
  const half = (from: Resource, to: Resource): Write => ({
    method: 'PUT',
    id: `${idOf(from)}/virtualNetworkPeerings/quick-${textAt(to, 'name')}`,
    body: { properties: { remoteVirtualNetwork: { id: idOf(to) }, allowForwardedTraffic: how % 3 === 0 } },
  });
  return { writes: how % 4 === 3 ? [half(one, other)] : [half(one, other), half(other, one)] };
};

const FLAGS = ['allowForwardedTraffic', 'allowGatewayTransit', 'allowVirtualNetworkAccess'] as const;

export const flipPeering: MakeEdit = (resources, { which, how }) => {
  const peering = chosen(peerings(resources), which);
  const name = chosen(FLAGS, how);
  return peering && name && { writes: [put(peering, { [name]: !flag(peering, name) })] };
};

function balancers(resources: readonly Resource[]): Resource[] {
  return ofType(resources, 'Microsoft.Network/loadBalancers');
}

function frontendOf(balancer: Resource): { id: string } {
  return { id: `${idOf(balancer)}/frontendIPConfigurations/front` };
}

/** A NAT rule for the whole pool: each machine gets a port of its own. */
export const addNatRule: MakeEdit = (resources, { which, how }) => {
  const balancer = chosen(balancers(resources), which);
  if (!balancer) return undefined;
  const properties = {
    frontendIPConfiguration: frontendOf(balancer),
    backendAddressPool: { id: `${idOf(balancer)}/backendAddressPools/pool` },
    protocol: 'Tcp',
    frontendPortRangeStart: 50000,
    frontendPortRangeEnd: 50010,
    backendPort: how % 2 === 0 ? 22 : 3389,
  };
  const inboundNatRules = [...childrenOf(balancer, 'inboundNatRules'), { name: 'quick-ssh', properties }];
  return { writes: [put(balancer, { inboundNatRules })] };
};

/** A NAT rule that was harmless, led to another port. */
export const redirectNatRule: MakeEdit = (resources, { which, how }) => {
  const balancer = chosen(
    balancers(resources).filter((each) => childrenOf(each, 'inboundNatRules').length > 0),
    which,
  );
  if (!balancer) return undefined;
  const inboundNatRules = childrenOf(balancer, 'inboundNatRules').map((rule) => ({
    ...rule,
    properties: { ...(rule.properties as Resource), backendPort: how % 2 === 0 ? 22 : 3389 },
  }));
  return { writes: [put(balancer, { inboundNatRules })] };
};

export const addBalancingRule: MakeEdit = (resources, { which, how }) => {
  const balancer = chosen(balancers(resources), which);
  if (!balancer) return undefined;
  const properties = {
    frontendIPConfiguration: frontendOf(balancer),
    backendAddressPool: { id: `${idOf(balancer)}/backendAddressPools/pool` },
    protocol: 'Tcp',
    frontendPort: 2222,
    backendPort: how % 2 === 0 ? 22 : 3389,
  };
  const loadBalancingRules = [...childrenOf(balancer, 'loadBalancingRules'), { name: 'quick', properties }];
  return { writes: [put(balancer, { loadBalancingRules })] };
};

/** Legitimate: the probe of a balancer asks less often. */
export const slowProbe: MakeEdit = (resources, { which }) => {
  const balancer = chosen(balancers(resources), which);
  if (!balancer) return undefined;
  const probes = childrenOf(balancer, 'probes').map((probe) => ({
    ...probe,
    properties: { ...(probe.properties as Resource), intervalInSeconds: 30 },
  }));
  const id = idOf(balancer);
  return {
    writes: [put(balancer, { probes })],
    lasts: (now) => at(byId(now, id), 'properties', 'probes', 0, 'properties', 'intervalInSeconds') === 30,
  };
};
