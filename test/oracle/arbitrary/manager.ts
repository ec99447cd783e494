// Security admin rules for some of the networks: few rules, each kind of access, addresses as prefixes, tags and network groups.
import type { Arbitrary } from 'fast-check';
import type { AdminAddress } from '../arm-manager';
import type { AdminSketch, ManagerBlueprint } from '../estate/build-manager';
import * as fc from 'fast-check';
import { bastionPrefix, hostAddress, most, space, subnetPrefix } from '../estate/address-plan';
import { adminNetworkGroup } from '../estate/build-manager';

const prefixes = [
  '*',
  '0.0.0.0/0',
  '0.0.0.0/1',
  '203.0.113.0/24',
  '203.0.113.7',
  '2001:db8::/32',
  bastionPrefix,
  '10.0.0.0/8',
  space.ipv4(1),
  subnetPrefix(1, 0, 24),
  hostAddress(0, 0, 1),
];
const tags = ['Internet', 'VirtualNetwork', 'AzureLoadBalancer', 'AzureCloud'];

const prefix = fc.constantFrom(...prefixes).map((addressPrefix) => ({ addressPrefixType: 'IPPrefix', addressPrefix }));
const tag = fc.constantFrom(...tags).map((addressPrefix) => ({ addressPrefixType: 'ServiceTag', addressPrefix }));
const members = fc.constant({ addressPrefixType: 'NetworkGroup', addressPrefix: adminNetworkGroup });

function side(tagWeight: number): Arbitrary<AdminAddress[]> {
  const one = fc.oneof(
    { weight: 6, arbitrary: prefix },
    { weight: tagWeight, arbitrary: tag },
    { weight: 1, arbitrary: members },
  );
  return fc.array(one, { minLength: 1, maxLength: 2 });
}

const anywhere: Arbitrary<AdminAddress[]> = fc.constant([{ addressPrefixType: 'IPPrefix', addressPrefix: '*' }]);

const rule: Arbitrary<AdminSketch> = fc.record<AdminSketch>({
  access: fc.constantFrom('Allow', 'AlwaysAllow', 'Deny'),
  meaning: fc.record({
    direction: fc.oneof(
      { weight: 9, arbitrary: fc.constant('Inbound' as const) },
      { weight: 1, arbitrary: fc.constant('Outbound' as const) },
    ),
    protocol: fc.constantFrom('Tcp', 'Tcp', '*', 'Udp', 'Icmp'),
    sourcePorts: fc.constantFrom(['*'], ['*'], ['*'], ['1024-65535']),
    ports: fc.constantFrom(['22', '3389'], ['22'], ['20-25'], ['*'], ['*'], ['0-3388']),
  }),
  from: side(3),
  to: fc.oneof({ weight: 3, arbitrary: anywhere }, { weight: 1, arbitrary: side(1) }),
});

/** Rules over one network group whose members may be all, some or none of the networks. */
export const arbitraryManager: Arbitrary<ManagerBlueprint> = fc.record({
  members: fc.subarray(Array.from({ length: most.networks }, (_, at) => at)),
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  start: fc.constantFrom(1, 8, 97),
  isReversed: fc.boolean(),
});
