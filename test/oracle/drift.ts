// Drift: one random edit to the security groups of a clean hub and spoke, of the kind a person, a tool or an attacker would make.
import type { Arbitrary } from 'fast-check';
import type { ArmResource } from './arm';
import type { Edit, Write } from './edit';
import type { RuleSketch, Side } from './sketch';
import * as fc from 'fast-check';
import { applicationGroupIds, bastionPrefix, hostAddress, subnetPrefix } from './estate/address-plan';
import { arbitraryCluster } from './arbitrary/cluster';
import { arbitrarySketch, arbitrarySpelling } from './arbitrary/rule';
import { isSecurityGroup } from './arm';
import { bastionGroupName } from './estate/bastion-group';
import { arbitraryCleanEstate } from './arbitrary/clean-estate';
import { applyEdit, replaceResource } from './edit';
import { sketch } from './sketch';

export { arbitraryCleanEstate } from './arbitrary/clean-estate';
export { bastionReach, strangersReach } from './reach';

export interface Drift {
  readonly before: readonly ArmResource[];
  readonly after: readonly ArmResource[];
  readonly description: string;
  /** The request that leads from `before` to `after`. */
  readonly write: Write;
}

function prefixes(...list: string[]): Side {
  return { prefixes: list };
}

/** What people ask for on a Friday afternoon, harmful and harmless. */
const everydayRules: RuleSketch[] = [
  sketch({ from: prefixes('Internet'), ports: ['3389'] }),
  sketch({ from: prefixes('203.0.113.7'), ports: ['22'] }),
  sketch({ from: prefixes('VirtualNetwork'), ports: ['22', '3389'] }),
  sketch({ protocol: '*' }),
  sketch({ from: prefixes('VirtualNetwork'), protocol: '*' }),
  sketch({ from: prefixes('10.0.0.0/25'), ports: ['3389'] }),
  sketch({ from: prefixes(bastionPrefix, '203.0.113.0/24'), ports: ['22', '443'] }),
  sketch({ from: prefixes(subnetPrefix(1, 0, 24)), to: prefixes(hostAddress(1, 0, 0)), ports: ['22'] }),
  sketch({ from: { groups: [applicationGroupIds(1)[0]] }, to: { groups: [applicationGroupIds(1)[1]] }, ports: ['22'] }),
  sketch({ from: prefixes('Internet'), ports: ['3300-3400'], to: prefixes(hostAddress(0, 0, 0)) }),
  sketch({ from: prefixes('Internet'), ports: ['0-21', '23-3388', '3390-65535'] }),
  sketch({ from: prefixes('Internet'), ports: ['443'] }),
  sketch({ from: prefixes('Internet'), protocol: 'Udp', ports: ['3389'] }),
  sketch({ protocol: 'Icmp' }),
  sketch({ from: prefixes('AzureCloud'), ports: ['22'] }),
  sketch({ from: prefixes('AzureLoadBalancer'), ports: ['22'] }),
  sketch({ from: prefixes(bastionPrefix), ports: ['22', '3389', '5985'] }),
  sketch({ direction: 'Outbound', ports: ['22'] }),
  sketch({ access: 'Deny', from: prefixes('203.0.113.0/24'), protocol: '*' }),
  sketch({ access: 'Deny', from: prefixes(bastionPrefix), protocol: '*' }),
  sketch({ access: 'Deny', protocol: '*' }),
];

/** Mostly ahead of the rules that are there, as whoever wants a rule to work would place it. */
const priority = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(100, 101, 150, 199, 200, 205, 299, 301, 999) },
  { weight: 1, arbitrary: fc.constantFrom(1001, 3999, 4001, 4095, 4096) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 4096 }) },
);

const changes: Arbitrary<Partial<RuleSketch>> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<Partial<RuleSketch>>(
      { from: prefixes('VirtualNetwork') },
      { from: prefixes('*') },
      { from: prefixes('10.0.0.0/25') },
      { from: prefixes('10.0.0.0/27') },
      { from: prefixes(bastionPrefix, '198.51.100.7') },
      { from: prefixes(bastionPrefix, '0.0.0.0/1', '128.0.0.0/1') },
      { from: prefixes('203.0.113.0/24') },
      { ports: ['*'] },
      { ports: ['20-25', '3389'] },
      { ports: ['443'] },
      { ports: ['22'] },
      { protocol: 'Udp' },
      { protocol: '*' },
      { access: 'Allow' },
      { access: 'Deny' },
      { to: prefixes(hostAddress(1, 0, 0)) },
      { to: prefixes(subnetPrefix(1, 0, 24)) },
      { sourcePorts: ['1024-65535'] },
      { from: prefixes('Internet'), access: 'Deny' },
    ),
  },
  { weight: 1, arbitrary: arbitrarySketch.map(({ from }) => ({ from })) },
  { weight: 1, arbitrary: arbitrarySketch.map(({ to, ports }) => ({ to, ports })) },
);

/** Bastion's rule comes first in a clean group, and DenyOtherPorts last: the two whose edits matter. */
const which = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, -1) }, { weight: 1, arbitrary: fc.nat(99) });

const arbitraryEdit: Arbitrary<Edit> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      rules: arbitraryCluster,
      at: priority,
      spelling: arbitrarySpelling,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      rules: fc.constantFrom(...everydayRules).map((rule) => [rule]),
      at: priority,
      spelling: arbitrarySpelling,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('change' as const), which, to: changes, spelling: arbitrarySpelling }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), which, at: priority }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('describe' as const), which }) },
);

/**
 * One edit to a machine's security group in the estate (never to Bastion's own), as a write of the rule or of the whole group. The estate
 * must be one of `arbitraryCleanEstate`. Some drifts expose an admin port, some cut Bastion off, some do neither: `strangersReach` and
 * `bastionReach` tell which.
 */
export function arbitraryDrift(estate: readonly ArmResource[]): Arbitrary<Drift> {
  const groups = estate.filter(isSecurityGroup).filter(({ name }) => name !== bastionGroupName);
  return fc
    .record({ group: fc.constantFrom(...groups), edit: arbitraryEdit, asChild: fc.boolean() })
    .map(({ group, edit, asChild }) => applyEdit(group, edit, asChild))
    .filter((edited) => edited !== undefined)
    .map((edited) => ({
      before: estate,
      after: replaceResource(estate, edited.group),
      description: edited.description,
      write: edited.write,
    }));
}

/** A clean estate and a drift of it. */
export function arbitraryDriftedEstate(): Arbitrary<Drift> {
  return arbitraryCleanEstate().chain(arbitraryDrift);
}
