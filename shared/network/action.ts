/** What the guardrail may do to a network, as data, and what the network becomes by it. */
import { NO_ADDRESS } from './address';
import { normalize } from './interval';
import type { AddressMatch, Network, ResourceKey, SecurityRule } from './network';
import { EVERY_PORT, parsePorts } from './port';
import { readAddress } from './read-rule';

/** A rule that does not exist yet, in the words ARM uses. */
export interface NewRule {
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: 'Inbound';
  readonly access: 'Deny';
  readonly protocol: 'Tcp' | 'Udp';
  readonly sourceAddressPrefixes: readonly string[];
  readonly destinationAddressPrefixes: readonly string[];
  readonly destinationPortRanges: readonly string[];
}

/** Each action names its resource by key; `securityGroup` writes of one plan are sent as one PUT of the parent. */
export type NetworkAction =
  | {
      readonly kind: 'narrow-rule-sources';
      readonly securityGroup: ResourceKey;
      readonly rule: string;
      readonly sources: readonly string[];
    }
  | {
      readonly kind: 'narrow-rule-ports';
      readonly securityGroup: ResourceKey;
      readonly rule: string;
      readonly destinationPorts: readonly string[];
    }
  | {
      readonly kind: 'renumber-rule';
      readonly securityGroup: ResourceKey;
      readonly rule: string;
      readonly priority: number;
    }
  | { readonly kind: 'remove-rule'; readonly securityGroup: ResourceKey; readonly rule: string }
  | { readonly kind: 'add-rule'; readonly securityGroup: ResourceKey; readonly rule: NewRule };

/** The group an action changes. */
export function targetOf(action: NetworkAction): ResourceKey {
  return action.securityGroup;
}

/** The name of the rule an action changes or makes. */
export function ruleNameOf(action: NetworkAction): string {
  return action.kind === 'add-rule' ? action.rule.name : action.rule;
}

/** The network as it will be once the action has been applied; the network given is left alone. */
export function networkAfter(network: Network, action: NetworkAction): Network {
  const group = network.securityGroups.get(action.securityGroup);
  if (!group) return network;
  const securityGroups = new Map(network.securityGroups);
  securityGroups.set(action.securityGroup, { ...group, rules: rulesAfter(group.rules, action) });
  return { ...network, securityGroups };
}

function rulesAfter(rules: readonly SecurityRule[], action: NetworkAction): readonly SecurityRule[] {
  switch (action.kind) {
    case 'remove-rule':
      return rules.filter((rule) => !isNamed(rule, action.rule));
    case 'narrow-rule-sources':
      return rules.map((rule) =>
        isNamed(rule, action.rule) ? { ...rule, sources: action.sources.map(addressMatch) } : rule,
      );
    case 'narrow-rule-ports': {
      const destinationPorts = normalize(action.destinationPorts.flatMap((text) => parsePorts(text) ?? []));
      return rules.map((rule) => (isNamed(rule, action.rule) ? { ...rule, destinationPorts } : rule));
    }
    case 'renumber-rule': {
      const { priority } = action;
      return inOrder(rules.map((rule) => (isNamed(rule, action.rule) ? { ...rule, priority } : rule)));
    }
    case 'add-rule':
      // A rule of that name is replaced, as it is in the body that is written.
      return inOrder([...rules.filter((rule) => !isNamed(rule, action.rule.name)), ruleOf(action.rule)]);
  }
}

function inOrder(rules: readonly SecurityRule[]): readonly SecurityRule[] {
  return rules.toSorted((a, b) => a.priority - b.priority);
}

/** Names are case-insensitive in Azure, and default rules cannot be written. */
function isNamed(rule: SecurityRule, name: string): boolean {
  return !rule.isDefault && rule.name.toLowerCase() === name.toLowerCase();
}

function ruleOf(rule: NewRule): SecurityRule {
  return {
    name: rule.name,
    direction: 'inbound',
    access: 'deny',
    priority: rule.priority,
    protocol: rule.protocol === 'Tcp' ? 'tcp' : 'udp',
    sources: rule.sourceAddressPrefixes.map(addressMatch),
    sourcePorts: EVERY_PORT,
    destinations: rule.destinationAddressPrefixes.map(addressMatch),
    destinationPorts: normalize(rule.destinationPortRanges.flatMap((text) => parsePorts(text) ?? [])),
    isDefault: false,
  };
}

/** Whatever may stand in a rule; a text that is none of it, which nothing here writes, would match nobody. */
function addressMatch(text: string): AddressMatch {
  return readAddress(text) ?? { kind: 'prefix', text, addresses: NO_ADDRESS };
}
