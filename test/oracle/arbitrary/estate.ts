// Whole estates: networks, peerings, subnets, interfaces, groups at either layer or none, and sometimes a Bastion host. All as raw ARM JSON.
import type { Arbitrary } from 'fast-check';
import type { ArmResource } from '../arm';
import type { EstateBlueprint, InterfaceBlueprint, ScaleSetBlueprint } from '../estate/estate-blueprint';
import * as fc from 'fast-check';
import { most, routedPrefixes } from '../estate/address-plan';
import { arbitraryManager } from './manager';
import { arbitraryNsg } from './group';
import { buildEstate } from '../estate/build-estate';

const groupCount = 3;

const arbitrarySubnet = fc.record({
  length: fc.constantFrom(24, 26, 28),
  isDualStack: fc.boolean(),
  isPlural: fc.boolean(),
  group: fc.option(fc.nat(groupCount - 1), { freq: 5, nil: undefined }),
  routes: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(routedPrefixes, { minLength: 1, maxLength: 2 }) },
  ),
});

const arbitraryNetwork = fc.record({
  hasSecondSpace: fc.boolean(),
  hasPublicSpace: fc.boolean(),
  hasIpv6: fc.boolean(),
  subnets: fc.array(arbitrarySubnet, { minLength: 1, maxLength: most.subnets }),
});

const arbitraryPeering = fc.record({
  from: fc.nat(most.networks - 1),
  /** One more than there are networks: the foreign one. */
  to: fc.nat(most.networks),
  state: fc.constantFrom('Connected', 'Connected', 'Connected', 'Initiated', 'Disconnected', undefined),
  allowVirtualNetworkAccess: fc.constantFrom(true, true, false, undefined),
  allowForwardedTraffic: fc.boolean(),
  isMutual: fc.boolean(),
  isTransit: fc.boolean(),
});

const arbitraryInterface = fc.record<InterfaceBlueprint>({
  subnet: fc.nat(),
  group: fc.option(fc.nat(groupCount - 1), { freq: 2, nil: undefined }),
  applicationGroups: fc.constantFrom([], [0], [1], [0, 1]),
  second: fc.constantFrom('none', 'none', 'ipv4', 'ipv6'),
  publicAddress: fc.constantFrom('none', 'none', 'Standard', 'Basic'),
});

const arbitraryScaleSet = fc.record<ScaleSetBlueprint>({
  subnet: fc.nat(),
  group: fc.option(fc.nat(groupCount - 1), { freq: 2, nil: undefined }),
  applicationGroups: fc.constantFrom([], [0], [1], [0, 1]),
  hasIpv6: fc.boolean(),
  publicAddress: fc.constantFrom('none', 'Standard', 'Basic'),
});

/**
 * An estate of 1–3 networks with 1–4 VM subnets each, up to 5 interfaces and up to 3 network security groups (attached any number of
 * times, also not at all); sometimes with scale sets, user routes, a gateway and security admin rules. Ids in references differ from the ids they mean in case only, now and then.
 */
export function arbitraryEstate(extent: Extent = 'core'): Arbitrary<ArmResource[]> {
  return fc
    .record<EstateBlueprint>({
      networks: fc.array(arbitraryNetwork, { minLength: 1, maxLength: most.networks, size: 'medium' }),
      peerings: fc.array(arbitraryPeering, { maxLength: 4, size: 'medium' }),
      interfaces: fc.array(arbitraryInterface, { maxLength: most.interfaces, size: 'medium' }),
      groups: fc.tuple(...Array.from({ length: groupCount }, (_, at) => arbitraryNsg(`nsg-${at}`))),
      hasBastion: fc.boolean(),
      shoutsReferences: fc.boolean(),
      scaleSets: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(arbitraryScaleSet, { minLength: 1, maxLength: 2 }) },
      ),
      hasGateway: fc.boolean(),
      manager: fc.option(arbitraryManager, { freq: 2, nil: undefined }),
    })
    .map((blueprint) => buildEstate(extent === 'full' ? blueprint : withoutExtras(blueprint)));
}

/** `core` leaves out scale sets, user routes, gateways and security admin rules. */
export type Extent = 'core' | 'full';

function withoutExtras({ scaleSets: _s, hasGateway: _g, manager: _m, ...blueprint }: EstateBlueprint): EstateBlueprint {
  const networks = blueprint.networks.map((network) => ({
    ...network,
    subnets: network.subnets.map(({ routes: _r, ...subnet }) => subnet),
  }));
  const peerings = blueprint.peerings.map((peering) => ({ ...peering, isTransit: false }));
  return { ...blueprint, networks, peerings };
}
