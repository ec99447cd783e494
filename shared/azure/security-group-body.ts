/** What a security group's JSON becomes by actions: only what they name is changed, and everything unknown stays. */
import { type RuleAction, ruleNameOf } from '../network/action';
import { isObject, type JsonObject, listOf, objectOf, textOf } from '../network/json';
import type { RuleChange } from '../remediation/outcome';
import { isNamed, ruleNamed, withBody, withDestinationPorts, withPriority, withRule, withSources } from './rule-body';
import { writableBody } from './writable-body';

export type Rewriting =
  | { readonly kind: 'write'; readonly body: JsonObject; readonly changes: readonly RuleChange[] }
  /** The group is already as the actions want it. */
  | { readonly kind: 'already' }
  | { readonly kind: 'impossible'; readonly why: string };

/** The body of one PUT that carries out all `actions` on the group that `raw` was read from. */
export function rewriteSecurityGroup(raw: JsonObject, actions: readonly RuleAction[]): Rewriting {
  const { properties } = raw;
  if (!isObject(properties) || !Array.isArray(properties.securityRules)) {
    return { kind: 'impossible', why: 'it was read without its list of rules, so writing it back would lose them' };
  }
  const empty = actions.find(leavesNothing);
  if (empty) {
    return { kind: 'impossible', why: `rule ${ruleNameOf(empty)} would match nothing: it has to be removed instead` };
  }
  const before = listOf(properties.securityRules);
  const after = actions.reduce(applied, before);
  const changes = changedRules(before, after);
  if (changes.length === 0) return { kind: 'already' };
  const body = writableBody('networksecuritygroups', { ...raw, properties: { ...properties, securityRules: after } });
  return { kind: 'write', body, changes };
}

function applied(rules: readonly unknown[], action: RuleAction): readonly unknown[] {
  if (action.kind === 'add-rule') return withRule(rules, action.rule);
  if (action.kind === 'remove-rule') return rules.filter((rule) => !isNamed(rule, action.rule));
  if (action.kind === 'restore-rule') return withBody(rules, action.rule, action.body);
  return rules.map((rule) => {
    if (!isNamed(rule, action.rule)) return rule;
    if (action.kind === 'renumber-rule') return withPriority(rule, action.priority);
    if (action.kind === 'narrow-rule-sources') return withSources(rule, action.sources);
    return withDestinationPorts(rule, action.destinationPorts);
  });
}

function leavesNothing(action: RuleAction): boolean {
  if (action.kind === 'narrow-rule-sources') return action.sources.length === 0;
  return action.kind === 'narrow-rule-ports' && action.destinationPorts.length === 0;
}

function changedRules(before: readonly unknown[], after: readonly unknown[]): RuleChange[] {
  const moved = [...before.filter((rule) => !after.includes(rule)), ...after.filter((rule) => !before.includes(rule))];
  const names = new Set(moved.map((rule) => textOf(objectOf(rule).name) ?? ''));
  return [...names].map((rule) => ({ rule, before: ruleNamed(before, rule), after: ruleNamed(after, rule) }));
}
