// The security group of a VM subnet in good order: Bastion to 22 and 3389, the application's own rules, and DenyOtherPorts.
import type { Arbitrary } from 'fast-check';
import type { SecurityGroupResource } from '../arm';
import type { RuleSketch, Spelling } from '../sketch';
import * as fc from 'fast-check';
import { bastionPrefix } from '../estate/address-plan';
import { wrapGroup } from '../estate/arm-group';
import { arbitrarySketch, arbitrarySpelling } from './rule';
import { sketch, writeRule } from '../sketch';

/** Ports that no control guards, alone or in ranges that end one short of those it does (22, 3389, 5985, 5986). */
const applicationPorts = fc.oneof(
  fc.constantFrom(['443'], ['80', '443'], ['8080-8090']),
  fc.constantFrom(['0-21'], ['23-3388'], ['3390-5984', '1433'], ['5987-65535']),
);

const pings = sketch({ protocol: 'Icmp', from: { prefixes: ['VirtualNetwork'] } });
const noSurfing = sketch({ direction: 'Outbound', protocol: '*', access: 'Deny', to: { prefixes: ['Internet'] } });

const applicationRule: Arbitrary<RuleSketch> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(arbitrarySketch, applicationPorts).map(([rule, ports]) => ({ ...rule, ports })) },
  { weight: 1, arbitrary: fc.constantFrom(pings, noSurfing) },
);

interface MachineRules {
  readonly application: readonly RuleSketch[];
  readonly spellings: readonly Spelling[];
  readonly isInTwoRules: boolean;
  readonly protocol: string;
  readonly firstPriority: number;
  readonly lastPriority: number;
  readonly lastSource: string;
  readonly letsProbesIn: boolean;
  readonly flushConnection: boolean;
}

type NamedRule = readonly [name: string, priority: number, rule: RuleSketch];

/** Application rules may come before or after Bastion's; they never touch an admin port. */
export function arbitraryMachineGroup(name: string): Arbitrary<SecurityGroupResource> {
  return fc
    .record<MachineRules>({
      application: fc.array(applicationRule, { maxLength: 5, size: 'medium' }),
      spellings: fc.array(arbitrarySpelling, { minLength: 1, maxLength: 3 }),
      isInTwoRules: fc.boolean(),
      protocol: fc.constantFrom('Tcp', '*'),
      firstPriority: fc.constantFrom(100, 110, 300),
      lastPriority: fc.constantFrom(4096, 4000, 1000),
      lastSource: fc.constantFrom('VirtualNetwork', 'VirtualNetwork', '*'),
      letsProbesIn: fc.boolean(),
      flushConnection: fc.boolean(),
    })
    .map((given) => buildGroup(name, given));
}

function buildGroup(name: string, given: MachineRules): SecurityGroupResource {
  const group = wrapGroup(name, []);
  const everythingElse = sketch({ access: 'Deny', protocol: '*', from: { prefixes: [given.lastSource] } });
  const named: NamedRule[] = [
    ...fromBastion(given),
    ...given.application.map((rule, at): NamedRule => [`app-${at}`, 200 + 10 * at, rule]),
    ...(given.letsProbesIn ? [probes] : []),
    ['DenyOtherPorts', given.lastPriority, everythingElse],
  ];
  const securityRules = named.map(([rule, priority, meaning], at) =>
    writeRule(group.id, rule, priority, meaning, given.spellings[at % given.spellings.length]),
  );
  return { ...group, properties: { ...group.properties, securityRules, flushConnection: given.flushConnection } };
}

const probes: NamedRule = ['allow-probes', 290, sketch({ protocol: '*', from: { prefixes: ['AzureLoadBalancer'] } })];

function fromBastion({ isInTwoRules, protocol, firstPriority }: MachineRules): NamedRule[] {
  const admin = sketch({ protocol, from: { prefixes: [bastionPrefix] }, ports: ['22', '3389'] });
  if (!isInTwoRules) return [['allow-from-bastion', firstPriority, admin]];
  return [
    ['allow-ssh-from-bastion', firstPriority, { ...admin, ports: ['22'] }],
    ['allow-rdp-from-bastion', firstPriority + 1, { ...admin, ports: ['3389'] }],
  ];
}
