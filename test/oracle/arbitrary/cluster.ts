// Rules that only mean something together: decoys, halves, full and partial cover, Bastion before everybody else.
import type { Arbitrary } from 'fast-check';
import type { RuleSketch, Side } from '../sketch';
import * as fc from 'fast-check';
import { applicationGroupIds, bastionPrefix, hostAddress } from '../estate/address-plan';
import { arbitrarySketch, bastionAndNear, everybody, groups } from './rule';
import { sketch } from '../sketch';

const adminPorts = fc.constantFrom(['22'], ['3389'], ['22', '3389'], ['20-25'], ['3300-3400'], ['*'], ['0-65535']);
const adminAllow = fc
  .record({ ports: adminPorts, protocol: fc.constantFrom('Tcp', '*') })
  .map((given) => sketch(given));

function from(...prefixes: string[]): { from: Side } {
  return { from: { prefixes } };
}

const halves: Arbitrary<RuleSketch[]> = fc
  .record({ allow: adminAllow, family: fc.constantFrom(4, 6), together: fc.boolean() })
  .map(({ allow, family, together }) => {
    const [lower, upper] = family === 4 ? ['0.0.0.0/1', '128.0.0.0/1'] : ['::/1', '8000::/1'];
    if (lower === undefined || upper === undefined) return [];
    if (together) return [{ ...allow, ...from(lower, upper) }];
    return [
      { ...allow, ...from(lower) },
      { ...allow, ...from(upper) },
    ];
  });

const decoy: Arbitrary<RuleSketch[]> = fc
  .record({
    allow: adminAllow,
    everybody: fc.constantFrom(...everybody),
    narrow: fc.constantFrom<Partial<RuleSketch>>(
      from('203.0.113.7'),
      from('203.0.113.0/24'),
      { protocol: 'Udp' },
      { protocol: 'Icmp' },
      { ports: ['3388'] },
      { sourcePorts: ['0-1023'] },
      { to: { prefixes: [hostAddress(1, 0, 0)] } },
      { to: { groups: [applicationGroupIds(1)[0]] } },
      { direction: 'Outbound' },
      from('AzureCloud'),
      from('0.0.0.0/0'),
    ),
  })
  .map(({ allow, everybody: source, narrow }) => [
    { ...allow, ...from(source), access: 'Deny', ...narrow },
    { ...allow, ...from(source) },
  ]);

const covered: Arbitrary<RuleSketch[]> = fc
  .record({ allow: adminAllow, by: fc.constantFrom('*', 'Internet', '0.0.0.0/0'), what: fc.constantFrom('*', 'same') })
  .map(({ allow, by, what }) => [
    { ...allow, ...from(by), access: 'Deny', ports: what === '*' ? ['*'] : allow.ports, protocol: '*' },
    { ...allow, ...from('Internet') },
  ]);

const bastionOnly: Arbitrary<RuleSketch[]> = fc
  .record({ near: fc.constantFrom(bastionPrefix, ...bastionAndNear), by: fc.constantFrom('VirtualNetwork', '*') })
  .map(({ near, by }) => [
    sketch({ ...from(near), ports: ['22', '3389'] }),
    sketch({ ...from(by), access: 'Deny', protocol: '*' }),
  ]);

/** Segments inside a network: members to members, and nobody else; or just not these members. */
const segments: Arbitrary<RuleSketch[]> = fc
  .record({ allow: adminAllow, members: groups, to: fc.oneof(groups, fc.constant(sketch({}).to)), isBan: fc.boolean() })
  .map(({ allow, members, to, isBan }) => {
    const named: RuleSketch = { ...allow, from: members, to };
    if (isBan) return [{ ...named, access: 'Deny' }];
    return [named, { ...allow, ...from('VirtualNetwork'), access: 'Deny' }];
  });

/** One or two rules in the order of their priorities, weighted to overlaps that fool a reader of single rules. */
export const arbitraryCluster: Arbitrary<RuleSketch[]> = fc.oneof(
  { weight: 6, arbitrary: arbitrarySketch.map((rule) => [rule]) },
  { weight: 1, arbitrary: halves },
  { weight: 2, arbitrary: decoy },
  { weight: 1, arbitrary: covered },
  { weight: 1, arbitrary: bastionOnly },
  { weight: 2, arbitrary: segments },
);
