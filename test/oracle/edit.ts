// One edit to the rules of a security group, and the ARM request that makes it.
import type { ArmResource, SecurityGroupResource, SecurityRuleResource } from './arm';
import type { RuleSketch, Spelling } from './sketch';
import { readRule, writeRule } from './sketch';

/** `at` is the wished priority; the next free ones are taken. `which` counts through the rules, round and round; -1 is the last. */
export type Edit =
  | { readonly kind: 'add'; readonly rules: readonly RuleSketch[]; readonly at: number; readonly spelling: Spelling }
  | {
      readonly kind: 'change';
      readonly which: number;
      readonly to: Partial<RuleSketch>;
      readonly spelling: Spelling;
    }
  | { readonly kind: 'move'; readonly which: number; readonly at: number }
  | { readonly kind: 'describe'; readonly which: number }
  | { readonly kind: 'delete'; readonly which: number };

/** The request that makes the edit: of one rule as a child resource, or of the group as a whole. */
export interface Write {
  readonly method: 'PUT' | 'DELETE';
  readonly id: string;
  readonly body?: object;
}

export interface EditedGroup {
  readonly group: SecurityGroupResource;
  readonly description: string;
  readonly write: Write;
}

/**
 * The group after the edit, and the request that makes it: of the one rule as a child if that is wished and possible, else of the group.
 * Undefined when the group has no rule to edit.
 */
export function applyEdit(group: SecurityGroupResource, edit: Edit, asChild: boolean): EditedGroup | undefined {
  const rules = group.properties.securityRules ?? [];
  const edited = editRules(group, rules, edit);
  if (!edited) return undefined;
  const { added, removed } = edited;
  // ARM keeps a rule that is written again in its place in the list.
  const securityRules = removed ? rules.flatMap((rule) => (rule === removed ? added : [rule])) : [...rules, ...added];
  const after = { ...group, etag: 'W/"2"', properties: { ...group.properties, securityRules } };
  const write = (asChild && writeChild(group, edited)) || writeParent(after);
  const road = write.id === group.id ? 'the group' : 'the rule';
  return { group: after, write, description: `${write.method} ${road}: ${edited.description} in ${group.name}` };
}

interface EditedRules {
  readonly removed?: SecurityRuleResource;
  readonly added: readonly SecurityRuleResource[];
  readonly description: string;
}

function editRules(
  group: SecurityGroupResource,
  rules: readonly SecurityRuleResource[],
  edit: Edit,
): EditedRules | undefined {
  if (edit.kind === 'add') return addRules(group, rules, edit);
  const removed = rules.at(edit.which % Math.max(rules.length, 1));
  if (!removed) return undefined;
  const { name, properties } = removed;
  if (edit.kind === 'delete') return { removed, added: [], description: `delete ${name}` };
  if (edit.kind === 'describe') {
    const description = 'reviewed with the network team';
    const added = [fresh({ ...removed, properties: { ...properties, description } })];
    return { removed, added, description: `describe ${name}` };
  }
  if (edit.kind === 'move') {
    const [priority = properties.priority] = freePriorities(rules, edit.at, 1);
    const added = [fresh({ ...removed, properties: { ...properties, priority } })];
    return { removed, added, description: `move ${name} from ${properties.priority} to ${priority}` };
  }
  const meaning = { ...readRule(removed), ...edit.to };
  const added = [fresh(writeRule(group.id, name, properties.priority, meaning, edit.spelling))];
  return { removed, added, description: `change ${name} to ${JSON.stringify(edit.to)}` };
}

function addRules(
  group: SecurityGroupResource,
  rules: readonly SecurityRuleResource[],
  { rules: sketches, at, spelling }: Edit & { kind: 'add' },
): EditedRules {
  const priorities = freePriorities(rules, at, sketches.length);
  const added = priorities.flatMap((priority, index) => {
    const meaning = sketches[index];
    return meaning ? [fresh(writeRule(group.id, `temp-${priority}`, priority, meaning, spelling))] : [];
  });
  return { added, description: `add ${JSON.stringify(sketches)} from priority ${priorities[0]}` };
}

/** The first free priorities from the wished one on, or the last free ones when too few are left. Free means free in both directions. */
function freePriorities(rules: readonly SecurityRuleResource[], from: number, count: number): number[] {
  const taken = new Set(rules.map((rule) => rule.properties.priority));
  const free = Array.from({ length: 3997 }, (_, at) => 100 + at).filter((priority) => !taken.has(priority));
  const after = free.filter((priority) => priority >= from);
  return after.length >= count ? after.slice(0, count) : free.slice(-count);
}

function fresh(rule: SecurityRuleResource): SecurityRuleResource {
  return { ...rule, etag: 'W/"2"' };
}

function writeChild(group: SecurityGroupResource, { removed, added }: EditedRules): Write | undefined {
  const [only, ...more] = added;
  if (more.length > 0) return undefined;
  if (only) return { method: 'PUT', id: `${group.id}/securityRules/${only.name}`, body: writable(only) };
  return removed && { method: 'DELETE', id: `${group.id}/securityRules/${removed.name}` };
}

function writeParent(group: SecurityGroupResource): Write {
  const { securityRules = [], flushConnection } = group.properties;
  const body = {
    location: group.location,
    ...(group.tags && { tags: group.tags }),
    properties: { securityRules: securityRules.map(writable), flushConnection },
  };
  return { method: 'PUT', id: group.id, body };
}

/** A rule without what only ARM may write. */
function writable({ name, properties }: SecurityRuleResource): object {
  const { provisioningState: _readOnly, ...rest } = properties;
  return { name, properties: rest };
}

/** The estate with one resource replaced by its newer self. */
export function replaceResource(resources: readonly ArmResource[], newer: ArmResource): ArmResource[] {
  return resources.map((resource) => (resource.id === newer.id ? newer : resource));
}
