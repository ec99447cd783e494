// Hub-and-spoke estates in good order: Bastion reaches 22 and 3389 of every machine, and nobody else does.
import type { Arbitrary } from 'fast-check';
import type { ArmResource } from '../arm';
import type { EstateBlueprint, InterfaceBlueprint, PeeringBlueprint } from '../estate/estate-blueprint';
import * as fc from 'fast-check';
import { most } from '../estate/address-plan';
import { wrapGroup } from '../estate/arm-group';
import { bastionGroup } from '../estate/bastion-group';
import { buildEstate } from '../estate/build-estate';
import { arbitraryMachineGroup } from './machine-group';

/** The numbers of the groups in the blueprint: two for subnets, one with default rules alone for interfaces, Bastion's own. */
const forSubnets = 2;
const forInterfaces = 2;
const forBastion = 3;

const arbitrarySubnet = fc.record({
  length: fc.constantFrom(24, 26, 28),
  isDualStack: fc.boolean(),
  isPlural: fc.boolean(),
  group: fc.nat(forSubnets - 1),
});

const arbitraryNetwork = fc.record({
  hasSecondSpace: fc.boolean(),
  hasPublicSpace: fc.constant(false),
  hasIpv6: fc.boolean(),
  subnets: fc.array(arbitrarySubnet, { minLength: 1, maxLength: 2 }),
});

const arbitraryInterface = fc.record<InterfaceBlueprint>({
  subnet: fc.nat(99),
  group: fc.option(fc.constant(forInterfaces), { freq: 2, nil: undefined }),
  applicationGroups: fc.constantFrom([], [0], [1], [0, 1]),
  second: fc.constantFrom('none', 'none', 'ipv4', 'ipv6'),
  publicAddress: fc.constant('none'),
});

/**
 * A hub with a Bastion host and a VM subnet, one or two spokes peered to it, 1–5 machines without public IPs. Every VM subnet has a
 * group that admits Bastion and ends in DenyOtherPorts; some interfaces have one more, with nothing but the default rules. No
 * group is left unattached.
 */
export function arbitraryCleanEstate(): Arbitrary<ArmResource[]> {
  return fc
    .record({
      networks: fc.array(arbitraryNetwork, { minLength: 2, maxLength: most.networks }),
      interfaces: fc.array(arbitraryInterface, { minLength: 1, maxLength: most.interfaces, size: 'medium' }),
      groups: fc.tuple(
        arbitraryMachineGroup('nsg-app'),
        arbitraryMachineGroup('nsg-data'),
        fc.constant(wrapGroup('nsg-interface', [])),
        fc.constant(bastionGroup()),
      ),
    })
    .map(({ networks, interfaces, groups }) =>
      withoutUnusedGroups({
        networks,
        interfaces,
        groups,
        peerings: networks.slice(1).map((_, at) => hubToSpoke(at + 1)),
        hasBastion: true,
        bastionGroup: forBastion,
        shoutsReferences: false,
      }),
    );
}

function hubToSpoke(spoke: number): PeeringBlueprint {
  return {
    from: 0,
    to: spoke,
    state: 'Connected',
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    isMutual: true,
  };
}

function withoutUnusedGroups(blueprint: EstateBlueprint): ArmResource[] {
  const used = new Set([
    blueprint.bastionGroup,
    ...blueprint.interfaces.map(({ group }) => group),
    ...blueprint.networks.flatMap(({ subnets }) => subnets.map(({ group }) => group)),
  ]);
  const unused = new Set(blueprint.groups.filter((_, at) => !used.has(at)).map(({ id }) => id));
  return buildEstate(blueprint).filter(({ id }) => !unused.has(id));
}
