// One security rule in a few words, and its raw ARM form in any of the spellings that ARM accepts and keeps.
import type { Reference, SecurityRuleProperties, SecurityRuleResource } from './arm';
import { listed } from './match';

/** Either side of a rule: address prefixes and tags, or application security groups, never both (ARM refuses the mix). */
export type Side = { readonly prefixes: readonly string[] } | { readonly groups: readonly string[] };

export interface RuleSketch {
  readonly access: 'Allow' | 'Deny';
  readonly direction: 'Inbound' | 'Outbound';
  readonly protocol: string;
  readonly from: Side;
  readonly sourcePorts: readonly string[];
  readonly to: Side;
  readonly ports: readonly string[];
}

export type Casing = 'as documented' | 'lower' | 'upper' | 'alternating';

/** How a person, a template or a tool happened to write the rule down; never what it means. */
export interface Spelling {
  readonly casing: Casing;
  /** A list of one is written in the plural field. */
  readonly pluralOfOne: boolean;
  /** The unused plural fields are there as empty arrays, as ARM answers; otherwise they are left out. */
  readonly emptyArrays: boolean;
}

export const plainSpelling: Spelling = { casing: 'as documented', pluralOfOne: false, emptyArrays: true };

const anyone: Side = { prefixes: ['*'] };

/** A sketch that is an inbound TCP Allow from anyone to anything, but for what is given. */
export function sketch(given: Partial<RuleSketch>): RuleSketch {
  return {
    access: 'Allow',
    direction: 'Inbound',
    protocol: 'Tcp',
    from: anyone,
    sourcePorts: ['*'],
    to: anyone,
    ports: ['*'],
    ...given,
  };
}

/** The rule as ARM would hold it under the security group with this id. */
export function writeRule(
  groupId: string,
  name: string,
  priority: number,
  rule: RuleSketch,
  spelling: Spelling = plainSpelling,
): SecurityRuleResource {
  return {
    id: `${groupId}/securityRules/${name}`,
    name,
    type: 'Microsoft.Network/networkSecurityGroups/securityRules',
    etag: 'W/"1"',
    properties: { provisioningState: 'Succeeded', priority, ...writeProperties(rule, spelling) },
  };
}

/** The sketch that a raw rule could have been written from. */
export function readRule({ properties: rule }: SecurityRuleResource): RuleSketch {
  return {
    access: rule.access.toLowerCase() === 'allow' ? 'Allow' : 'Deny',
    direction: rule.direction.toLowerCase() === 'inbound' ? 'Inbound' : 'Outbound',
    protocol: rule.protocol,
    from: readSide(rule.sourceAddressPrefix, rule.sourceAddressPrefixes, rule.sourceApplicationSecurityGroups),
    sourcePorts: listed(rule.sourcePortRange, rule.sourcePortRanges),
    to: readSide(
      rule.destinationAddressPrefix,
      rule.destinationAddressPrefixes,
      rule.destinationApplicationSecurityGroups,
    ),
    ports: listed(rule.destinationPortRange, rule.destinationPortRanges),
  };
}

function readSide(one?: string, several?: readonly string[], groups: readonly Reference[] = []): Side {
  return groups.length > 0 ? { groups: groups.map(({ id }) => id) } : { prefixes: listed(one, several) };
}

function writeProperties(rule: RuleSketch, spelling: Spelling): Omit<SecurityRuleProperties, 'priority'> {
  const { casing } = spelling;
  const sourcePort = writeList(rule.sourcePorts, spelling);
  const port = writeList(rule.ports, spelling);
  const from = writeSide(rule.from, spelling);
  const to = writeSide(rule.to, spelling);
  return {
    access: recase(rule.access, casing),
    direction: recase(rule.direction, casing),
    protocol: recase(rule.protocol, casing),
    ...(from.singular !== undefined && { sourceAddressPrefix: from.singular }),
    ...(from.plural && { sourceAddressPrefixes: from.plural }),
    ...(from.groups && { sourceApplicationSecurityGroups: from.groups }),
    ...(sourcePort.singular !== undefined && { sourcePortRange: sourcePort.singular }),
    ...(sourcePort.plural && { sourcePortRanges: sourcePort.plural }),
    ...(to.singular !== undefined && { destinationAddressPrefix: to.singular }),
    ...(to.plural && { destinationAddressPrefixes: to.plural }),
    ...(to.groups && { destinationApplicationSecurityGroups: to.groups }),
    ...(port.singular !== undefined && { destinationPortRange: port.singular }),
    ...(port.plural && { destinationPortRanges: port.plural }),
  };
}

interface WrittenList {
  readonly singular?: string;
  readonly plural?: readonly string[];
  readonly groups?: readonly Reference[];
}

function writeSide(side: Side, spelling: Spelling): WrittenList {
  if ('prefixes' in side) {
    return writeList(
      side.prefixes.map((prefix) => recase(prefix, spelling.casing)),
      spelling,
    );
  }
  // ARM shows the singular prefix of a group rule as "" or not at all.
  const groups = side.groups.map((id) => ({ id: recase(id, spelling.casing) }));
  return spelling.emptyArrays ? { singular: '', plural: [], groups } : { groups };
}

function writeList(texts: readonly string[], { pluralOfOne, emptyArrays }: Spelling): WrittenList {
  const [only] = texts;
  if (texts.length !== 1 || only === undefined || pluralOfOne) return { plural: texts };
  return emptyArrays ? { singular: only, plural: [] } : { singular: only };
}

function recase(text: string, casing: Casing): string {
  if (casing === 'lower') return text.toLowerCase();
  if (casing === 'upper') return text.toUpperCase();
  if (casing === 'as documented') return text;
  return text.replaceAll(/../g, (pair) => pair.charAt(0).toLowerCase() + pair.charAt(1).toUpperCase());
}
