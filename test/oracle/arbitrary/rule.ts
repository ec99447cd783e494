// One security rule at a time, drawn from the spellings and limits that are easiest to misread.
import type { Arbitrary } from 'fast-check';
import type { RuleSketch, Side, Spelling } from '../sketch';
import * as fc from 'fast-check';
import {
  applicationGroupIds,
  bastionPrefix,
  foreign,
  hostAddress,
  hostAddressV6,
  most,
  space,
  subnetPrefix,
  subnetPrefixV6,
} from '../estate/address-plan';

/** Every way to write everybody, of one family or both. */
export const everybody = ['*', 'Any', 'Internet', '0.0.0.0/0', '::/0', '198.51.100.9/0'];
const tags = ['VirtualNetwork', 'AzureLoadBalancer', 'Internet'];
/** Real tags whose prefixes no rule list tells. */
const unknownTags = ['AzureCloud', 'Storage.WestEurope', 'GatewayManager'];
const publicPrefixes = [
  '203.0.113.7',
  '203.0.113.7/32',
  '203.0.113.0/24',
  '203.0.113.200/25',
  '198.51.100.0/23',
  '198.51.100.5-198.51.100.9',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '64.0.0.0/2',
  '2001:db8::/32',
  '2001:DB8:0:0::7',
  '::/1',
  '8000::/1',
];
/** The Bastion subnet and its near misses: wider, narrower, next door, one address, host bits set. */
export const bastionAndNear = [bastionPrefix, '10.0.0.0/25', '10.0.0.0/27', '10.0.0.64/26', '10.0.0.10', '10.0.0.9/26'];
const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', '10.0.0.0/15', foreign.prefix];
const platform = ['168.63.129.16', '168.63.129.16/32', '168.63.129.0/24', '169.254.169.254'];

const machine = fc.record({
  network: fc.nat(most.networks - 1),
  subnet: fc.nat(most.subnets - 1),
  number: fc.nat(most.interfaces - 1),
});

const hostPrefix = fc.oneof(
  machine.map(({ network, subnet, number }) => hostAddress(network, subnet, number)),
  machine.map(({ network, subnet, number }) => hostAddress(network, subnet, number, true)),
  machine.map(({ network, subnet, number }) => hostAddressV6(network, subnet, number)),
  machine.map(({ network, subnet, number }) => `${hostAddress(network, subnet, number)}/31`),
  machine.map(({ network, subnet, number }) => `10.${network}.0.9-${hostAddress(network, subnet, number)}`),
);

const subnetOrSpace = fc.oneof(
  machine.map(({ network, subnet, number }) => subnetPrefix(network, subnet, [23, 24, 25, 26, 28][number] ?? 24)),
  machine.map(({ network, subnet }) => subnetPrefixV6(network, subnet)),
  fc
    .record({
      of: fc.constantFrom(space.ipv4, space.second, space.publicInside, space.ipv6),
      network: fc.nat(most.networks - 1),
    })
    .map(({ of, network }) => of(network)),
);

const inTheEstate = fc.oneof(hostPrefix, subnetOrSpace);

const sourcePrefix = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...publicPrefixes) },
  { weight: 2, arbitrary: fc.constantFrom(...tags) },
  { weight: 5, arbitrary: inTheEstate },
  { weight: 3, arbitrary: fc.constantFrom(...bastionAndNear) },
  { weight: 2, arbitrary: fc.constantFrom(...privateSpace) },
  { weight: 1, arbitrary: fc.constantFrom(...platform) },
  { weight: 1, arbitrary: fc.constantFrom(...unknownTags) },
);

const destinationPrefix = fc.oneof(
  { weight: 7, arbitrary: inTheEstate },
  { weight: 2, arbitrary: fc.constantFrom('VirtualNetwork', 'Internet', ...unknownTags) },
  { weight: 1, arbitrary: fc.constantFrom(...privateSpace, '10.0.0.0/9', '0.0.0.0/1') },
);

export const groups: Arbitrary<Side> = fc
  .record({ network: fc.constantFrom(0, 0, 0, 1, 2), which: fc.constantFrom([0], [1], [0, 1]) })
  .map(({ network, which }) => ({ groups: which.map((at) => applicationGroupIds(network)[at] ?? '') }));

/** Everybody is kept apart from the rest, or most lists would hold it and mean nothing else. */
function sideOf(wide: Arbitrary<string>, narrow: Arbitrary<string>): Arbitrary<Side> {
  const several = fc.uniqueArray(narrow, { minLength: 1, maxLength: 4, size: 'small' });
  return fc.oneof(
    { weight: 4, arbitrary: wide.map((prefix) => ({ prefixes: [prefix] })) },
    { weight: 7, arbitrary: several.map((prefixes) => ({ prefixes })) },
    { weight: 1, arbitrary: fc.tuple(several, wide).map(([rest, one]) => ({ prefixes: [...rest, one] })) },
    { weight: 2, arbitrary: groups },
  );
}

const aroundAdminPorts = [
  '22',
  '3389',
  '22-22',
  '20-25',
  '3380-3400',
  '22-3389',
  '3389-3390',
  '21',
  '23',
  '0-21',
  '23-3388',
];
const otherPorts = ['3390-65535', '1-65535', '0-1023', '1024-65535', '443', '80', '0', '65535', '8080-8090'];
const port = fc.constantFrom('*', '*', '0-65535', ...aroundAdminPorts, ...otherPorts);

const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 4, size: 'small' });

const sourcePorts = fc.oneof(
  { weight: 12, arbitrary: fc.constant(['*']) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(['0-65535'], ['1024-65535'], ['49152-65535'], ['0-1023', '1024-65535'], ['22'], ['68']),
  },
);

const protocol = fc.oneof(
  { weight: 6, arbitrary: fc.constant('Tcp') },
  { weight: 4, arbitrary: fc.constant('*') },
  { weight: 2, arbitrary: fc.constant('Udp') },
  { weight: 1, arbitrary: fc.constantFrom('Icmp', 'Esp', 'Ah') },
);

export const arbitrarySpelling: Arbitrary<Spelling> = fc.record({
  casing: fc.oneof(
    { weight: 3, arbitrary: fc.constant('as documented' as const) },
    { weight: 2, arbitrary: fc.constantFrom('lower' as const, 'upper' as const, 'alternating' as const) },
  ),
  pluralOfOne: fc.boolean(),
  emptyArrays: fc.boolean(),
});

/** One rule with nothing in mind. */
export const arbitrarySketch: Arbitrary<RuleSketch> = fc.record({
  access: fc.constantFrom('Allow', 'Deny'),
  direction: fc.oneof(
    { weight: 9, arbitrary: fc.constant('Inbound' as const) },
    { weight: 1, arbitrary: fc.constant('Outbound' as const) },
  ),
  protocol,
  from: sideOf(fc.constantFrom(...everybody), sourcePrefix),
  sourcePorts,
  to: sideOf(fc.constantFrom('*', '*', '*', 'Any', '0.0.0.0/0', '::/0'), destinationPrefix),
  ports,
});
