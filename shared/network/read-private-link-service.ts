/** A Private Link service as forwardings: consumers anywhere enter by it, and machines see its NAT addresses. */
import { type AddressSet, NO_ADDRESS, parsePrefix, unionOf } from './address';
import type { ArmResource } from './arm-resource';
import type { Forwarding } from './forwarding';
import { listOf, propertiesOf, textOf } from './json';
import { keyOf, nameOf, parentIdOf, type ResourceKey, type Subnet } from './network';
import { EVERY_PORT } from './port';
import { keyIn, keysOf } from './read-prefixes';
import type { LoadBalancerReading } from './read-load-balancer';

/**
 * Reads one service over the rules of the load balancers it stands before, or over the one address it leads to
 * (https://learn.microsoft.com/azure/private-link/private-link-service-overview).
 */
export function readPrivateLinkService(
  { id, json }: ArmResource,
  balanced: LoadBalancerReading['forwardings'],
  subnets: ReadonlyMap<ResourceKey, Subnet>,
): Forwarding[] {
  const properties = propertiesOf(json);
  const configurations = listOf(properties.ipConfigurations).map(propertiesOf);
  const subnet = configurations.flatMap((each) => keyIn(each.subnet) ?? [])[0];
  const seenAs = unionOf(
    configurations.map(
      (each): AddressSet =>
        parsePrefix(textOf(each.privateIPAddress) ?? '') ??
        subnets.get(keyIn(each.subnet) ?? '')?.prefixes ??
        NO_ADDRESS,
    ),
  );
  const own = {
    kind: 'private-link',
    id,
    name: nameOf(id),
    frontend: textOf(properties.alias) ?? nameOf(id),
    isPublic: false,
    seenAs,
    ...(subnet && { home: keyOf(parentIdOf(subnet)) }),
    isClosedByDefault: false,
  } as const;
  const frontends = keysOf(properties.loadBalancerFrontendIpConfigurations);
  const behind = balanced.filter(({ frontend }) => frontends.includes(frontend));
  const direct = parsePrefix(textOf(properties.destinationIPAddress) ?? '');
  return [
    ...behind.map(({ forwarding: { protocols, frontendPorts, backendPort, targets } }) => ({
      ...own,
      protocols,
      frontendPorts,
      ...(backendPort !== undefined && { backendPort }),
      targets,
    })),
    ...(direct
      ? [
          {
            ...own,
            protocols: ['tcp'] as const,
            frontendPorts: EVERY_PORT,
            targets: { pools: [], ipConfigurations: [], addresses: direct },
          },
        ]
      : []),
  ];
}
