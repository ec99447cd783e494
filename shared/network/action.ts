/** What the guardrail may do to a network, as data, and what the network becomes by it. */
import { NO_ADDRESS } from './address';
import { normalize } from './interval';
import type { AddressMatch, Network, ResourceKey, SecurityRule } from './network';
import type { JsonObject } from './json';
import { EVERY_PORT, parsePorts } from './port';
import { readAddress, readRule } from './read-rule';
import type { PropertyEdit } from './resource-edit';

/** A rule that does not exist yet, in the words ARM uses. */
export interface NewRule {
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: 'Tcp' | 'Udp' | '*';
  readonly sourceAddressPrefixes: readonly string[];
  readonly destinationAddressPrefixes: readonly string[];
  readonly destinationPortRanges: readonly string[];
}

/** A change of one rule; all of one plan that concern a group are sent as one PUT of the group. */
export type RuleAction =
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
  | { readonly kind: 'add-rule'; readonly securityGroup: ResourceKey; readonly rule: NewRule }
  /** Puts a rule back as `body`, ARM's own JSON; a rule of that name is replaced. */
  | {
      readonly kind: 'restore-rule';
      readonly securityGroup: ResourceKey;
      readonly rule: string;
      readonly body: JsonObject;
    };

/** A change of a whole resource, a child that ARM writes by itself included; `resource` is its key. */
export type ResourceAction =
  | { readonly kind: 'edit-resource'; readonly resource: ResourceKey; readonly edits: readonly PropertyEdit[] }
  /** `body` as it was accepted: what ARM does not take back is left out by whoever writes it. */
  | { readonly kind: 'create-resource'; readonly resource: ResourceKey; readonly body: JsonObject }
  | { readonly kind: 'delete-resource'; readonly resource: ResourceKey }
  | {
      readonly kind: 'delete-shareable-links';
      readonly resource: ResourceKey;
      /** Ids of the machines whose links go. */
      readonly machines: readonly string[];
    };

/** Each action names its resource by key. */
export type NetworkAction = RuleAction | ResourceAction;

/** The resource an action changes. */
export function targetOf(action: NetworkAction): ResourceKey {
  return isRuleAction(action) ? action.securityGroup : action.resource;
}

/** Whether the action changes a rule of a group, and so can be worked out without the group's JSON. */
export function isRuleAction(action: { readonly kind: string }): action is RuleAction {
  return 'securityGroup' in action;
}

/** The name of the rule an action changes or makes. */
export function ruleNameOf(action: RuleAction): string {
  return action.kind === 'add-rule' ? action.rule.name : action.rule;
}

/**
 * The network as it will be once a rule has been changed; the network given is left alone. What other actions make of
 * it is read from the resources: see world.ts.
 */
export function networkAfter(network: Network, action: RuleAction): Network {
  const group = network.securityGroups.get(action.securityGroup);
  if (!group) return network;
  const securityGroups = new Map(network.securityGroups);
  securityGroups.set(action.securityGroup, { ...group, rules: rulesAfter(group.rules, action) });
  return { ...network, securityGroups };
}

function rulesAfter(rules: readonly SecurityRule[], action: RuleAction): readonly SecurityRule[] {
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
    case 'restore-rule': {
      const others = rules.filter((rule) => !isNamed(rule, action.rule));
      const { rule } = readRule(action.body, false);
      return rule ? inOrder([...others, rule]) : others;
    }
    case 'add-rule':
      // A rule of that name is replaced, as it is in the body that is written.
      return inOrder([...rules.filter((rule) => !isNamed(rule, action.rule.name)), ruleOf(action.rule)]);
  }
}

const PROTOCOLS = { Tcp: 'tcp', Udp: 'udp', '*': '*' } as const;

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
    direction: rule.direction === 'Inbound' ? 'inbound' : 'outbound',
    access: rule.access === 'Allow' ? 'allow' : 'deny',
    priority: rule.priority,
    protocol: PROTOCOLS[rule.protocol],
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
