/** A load balancer from ARM's JSON: what its rules, NAT rules and NAT pools pass on, and what its probes ask. */
import { type AddressSet, NO_ADDRESS, parsePrefix, unionOf } from './address';
import { type ArmResource, asChildren, childId, type Resources } from './arm-resource';
import type { Forwarding, Probe, Targets } from './forwarding';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from './json';
import { keyOf, nameOf, parentIdOf, type ResourceKey } from './network';
import { EVERY_PORT, parsePorts, type PortSet, portsOf } from './port';
import { keyIn, keysOf } from './read-prefixes';

export interface LoadBalancerReading {
  /** By the key of the front end they listen on: Private Link services point there. */
  readonly forwardings: readonly { readonly frontend: ResourceKey; readonly forwarding: Forwarding }[];
  readonly probes: readonly Probe[];
  /** Back-end pools whose members go out by a public front end. */
  readonly outboundPools: readonly ResourceKey[];
}

interface Frontend {
  readonly text: string;
  readonly isPublic: boolean;
  readonly home?: ResourceKey;
}

const TYPE = 'microsoft.network/loadbalancers';

/** Reads one load balancer; its NAT rules may stand inside it or be resources of their own. */
export function readLoadBalancer({ id, json }: ArmResource, resources: Resources): LoadBalancerReading {
  const properties = propertiesOf(json);
  const isStandard = textOf(objectOf(json.sku).name)?.toLowerCase() === 'standard';
  const frontends = new Map(
    listOf(properties.frontendIPConfigurations).map((entry) => [
      keyOf(childId(id, 'frontendIPConfigurations', entry)),
      readFrontend(entry, resources),
    ]),
  );
  const pools = new Map(
    listOf(properties.backendAddressPools).map((entry) => [
      keyOf(childId(id, 'backendAddressPools', entry)),
      propertiesOf(entry),
    ]),
  );
  const targetsOf = (keys: readonly ResourceKey[]): Targets => readTargets(keys, pools);
  const forwardingOf = (
    kind: Forwarding['kind'],
    collection: string,
    entry: unknown,
    ports: Pick<Forwarding, 'frontendPorts' | 'backendPort'>,
    targets: Targets,
  ): LoadBalancerReading['forwardings'] => {
    const rule = propertiesOf(entry);
    const key = keyIn(rule.frontendIPConfiguration) ?? '';
    const frontend = frontends.get(key);
    if (!frontend) return [];
    const ruleId = childId(id, collection, entry);
    const madeBy = makerOf(ruleId, collection, { id, json });
    const forwarding: Forwarding = {
      kind,
      id: ruleId,
      name: `${nameOf(id)}/${nameOf(ruleId)}`,
      frontend: frontend.text,
      isPublic: frontend.isPublic,
      protocols: protocolsOf(rule.protocol),
      ...ports,
      targets,
      ...(frontend.home && { home: frontend.home }),
      isClosedByDefault: isStandard && frontend.isPublic,
      ...(madeBy && { madeBy }),
    };
    return [{ frontend: key, forwarding }];
  };

  const rules = listOf(properties.loadBalancingRules).flatMap((entry) => {
    const rule = propertiesOf(entry);
    const targets = targetsOf([...keysOf(rule.backendAddressPools), ...keysOf([rule.backendAddressPool])]);
    return forwardingOf('load-balancer', 'loadBalancingRules', entry, balancedPorts(rule), targets);
  });
  const natRules = [
    ...listOf(properties.inboundNatRules),
    ...asChildren(resources.childrenOf(`${TYPE}/inboundnatrules`, id)),
  ].flatMap((entry) => {
    const rule = propertiesOf(entry);
    const pooled = targetsOf(keysOf([rule.backendAddressPool]));
    const targets = {
      ...pooled,
      pools: [...pooled.pools, keyOf(childId(id, 'inboundNatRules', entry))],
      ipConfigurations: [...pooled.ipConfigurations, ...keysOf([rule.backendIPConfiguration])],
    };
    return forwardingOf('inbound-nat', 'inboundNatRules', entry, natPorts(rule), targets);
  });
  const natPools = listOf(properties.inboundNatPools).flatMap((entry) => {
    const targets = targetsOf([keyOf(childId(id, 'inboundNatPools', entry))]);
    return forwardingOf('inbound-nat', 'inboundNatPools', entry, natPorts(propertiesOf(entry)), targets);
  });
  const unique = new Map([...rules, ...natRules, ...natPools].map((each) => [keyOf(each.forwarding.id), each]));
  return {
    forwardings: [...unique.values()],
    probes: readProbes(properties, targetsOf([...pools.keys()])),
    outboundPools: readOutboundPools(properties, frontends),
  };

  /** A NAT rule that is a resource of its own goes as one; whatever stands inside its load balancer is edited out of it. */
  function makerOf(
    ruleId: string,
    collection: string,
    balancer: Pick<ArmResource, 'id' | 'json'>,
  ): Forwarding['madeBy'] {
    if (resources.get(ruleId)) return { resource: ruleId, path: [] };
    if (!isObject(balancer.json.properties)) return undefined;
    return { resource: balancer.id, path: ['properties', collection, { named: nameOf(ruleId) }] };
  }
}

/**
 * By an outbound rule, or by a balancing rule that does not say otherwise
 * (https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections).
 */
function readOutboundPools(properties: JsonObject, frontends: ReadonlyMap<ResourceKey, Frontend>): ResourceKey[] {
  const isPublic = (key: ResourceKey): boolean => frontends.get(key)?.isPublic === true;
  const byRules = listOf(properties.outboundRules).flatMap((entry) => {
    const rule = propertiesOf(entry);
    return keysOf(rule.frontendIPConfigurations).some(isPublic) ? keysOf([rule.backendAddressPool]) : [];
  });
  const byBalancing = listOf(properties.loadBalancingRules).flatMap((entry) => {
    const rule = propertiesOf(entry);
    if (rule.disableOutboundSnat === true || !keysOf([rule.frontendIPConfiguration]).some(isPublic)) return [];
    return [...keysOf(rule.backendAddressPools), ...keysOf([rule.backendAddressPool])];
  });
  return [...new Set([...byRules, ...byBalancing])];
}

function readFrontend(entry: unknown, resources: Resources): Frontend {
  const properties = propertiesOf(entry);
  const publicIp = keyIn(properties.publicIPAddress);
  const name = textOf(objectOf(entry).name) ?? 'frontend';
  if (publicIp) {
    const address = textOf(propertiesOf(resources.get(publicIp)?.json).ipAddress);
    return { text: address ?? nameOf(publicIp), isPublic: true };
  }
  const subnet = keyIn(properties.subnet);
  return {
    text: textOf(properties.privateIPAddress) ?? name,
    isPublic: subnet === undefined,
    ...(subnet && { home: keyOf(parentIdOf(subnet)) }),
  };
}

/** Members as the pool itself names them; interfaces and scale sets may name the pool instead. */
function readTargets(keys: readonly ResourceKey[], pools: ReadonlyMap<ResourceKey, JsonObject>): Targets {
  const ipConfigurations: ResourceKey[] = [];
  const addresses: AddressSet[] = [];
  for (const key of keys) {
    const pool = pools.get(key) ?? {};
    ipConfigurations.push(...keysOf(pool.backendIPConfigurations));
    for (const member of listOf(pool.loadBalancerBackendAddresses).map(propertiesOf)) {
      ipConfigurations.push(...keysOf([member.networkInterfaceIPConfiguration]));
      addresses.push(parsePrefix(textOf(member.ipAddress) ?? '') ?? NO_ADDRESS);
    }
  }
  return { pools: keys, ipConfigurations, addresses: unionOf(addresses) };
}

/** Port 0 on both sides is “HA ports”: every port as it comes. */
function balancedPorts(rule: JsonObject): Pick<Forwarding, 'frontendPorts' | 'backendPort'> {
  const frontend = Number(rule.frontendPort);
  const backend = Number(rule.backendPort);
  if (frontend === 0 && !backend) return { frontendPorts: EVERY_PORT };
  return { frontendPorts: portsOf([frontend]), backendPort: backend || frontend };
}

/** One port, or a range of which each machine gets a port of its own. */
function natPorts(rule: JsonObject): Pick<Forwarding, 'frontendPorts' | 'backendPort'> {
  const start = Number(rule.frontendPortRangeStart ?? 0);
  const end = Number(rule.frontendPortRangeEnd ?? 0);
  const range: PortSet | undefined = start > 0 ? parsePorts(`${start}-${end}`) : undefined;
  const single = Number(rule.frontendPort);
  const backendPort = Number(rule.backendPort);
  return {
    frontendPorts: range ?? portsOf([single]),
    ...(backendPort > 0 ? { backendPort } : single > 0 ? { backendPort: single } : {}),
  };
}

function protocolsOf(value: unknown): ('tcp' | 'udp')[] {
  const text = textOf(value)?.toLowerCase();
  return text === 'tcp' || text === 'udp' ? [text] : ['tcp', 'udp'];
}

/** A probe is taken to ask every pool of its load balancer: wider than the truth only where nothing is lost by it. */
function readProbes(properties: JsonObject, targets: Targets): Probe[] {
  return listOf(properties.probes).flatMap((entry) => {
    const { port } = propertiesOf(entry);
    if (typeof port !== 'number') return [];
    return targets.pools.length === 0 ? { port } : { port, targets };
  });
}
