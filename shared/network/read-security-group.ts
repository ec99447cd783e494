/** A network security group from ARM's JSON, with its default rules, and the gaps that keep it from being fully known. */
import { EVERY_PORT } from './port';
import { isObject, listOf, objectOf, propertiesOf, textOf } from './json';
import {
  type Access,
  type AddressMatch,
  type Direction,
  type Gap,
  nameOf,
  type SecurityGroup,
  type SecurityRule,
} from './network';
import { knownTexts, readRule, type RuleResult } from './read-rule';

const ANY: readonly AddressMatch[] = [{ kind: 'any', text: '*' }];
const VNET: readonly AddressMatch[] = [{ kind: 'tag', text: 'VirtualNetwork' }];

/**
 * The rules every group has and nobody can remove, read as implied where an export leaves them out
 * (https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules).
 */
export const DEFAULT_RULES: readonly SecurityRule[] = [
  defaultRule('AllowVnetInBound', 'inbound', 65000, 'allow', VNET, VNET),
  defaultRule(
    'AllowAzureLoadBalancerInBound',
    'inbound',
    65001,
    'allow',
    [{ kind: 'tag', text: 'AzureLoadBalancer' }],
    ANY,
  ),
  defaultRule('DenyAllInBound', 'inbound', 65500, 'deny', ANY, ANY),
  defaultRule('AllowVnetOutBound', 'outbound', 65000, 'allow', VNET, VNET),
  defaultRule('AllowInternetOutBound', 'outbound', 65001, 'allow', ANY, [{ kind: 'tag', text: 'Internet' }]),
  defaultRule('DenyAllOutBound', 'outbound', 65500, 'deny', ANY, ANY),
];

function defaultRule(
  name: string,
  direction: Direction,
  priority: number,
  access: Access,
  sources: readonly AddressMatch[],
  destinations: readonly AddressMatch[],
): SecurityRule {
  const ports = { sourcePorts: EVERY_PORT, destinationPorts: EVERY_PORT };
  return { name, direction, priority, access, protocol: '*', sources, destinations, ...ports, isDefault: true };
}

/**
 * Reads one group; `extraRules` are its rules that came as resources of their own. Groups of one network share what
 * was read before (`known`), so that what they all say is held once.
 */
export function readSecurityGroup(
  id: string,
  json: unknown,
  extraRules: readonly unknown[],
  gaps: Gap[],
  known = knownTexts(),
): SecurityGroup {
  const properties = propertiesOf(json);
  const read = (isDefault: boolean) => (rule: unknown) => readRule(rule, isDefault, undefined, known);
  const custom = [...listOf(properties.securityRules), ...extraRules].map(read(false));
  const given = listOf(properties.defaultSecurityRules).map(read(true));
  const broken = [...custom, ...given].filter((result) => result.problems.length > 0);
  gaps.push(...missingRulesGaps(id, json), ...problemGaps(id, broken), ...duplicateGaps(id, custom));

  const defaults =
    given.length > 0 && given.every((result) => result.rule)
      ? given.flatMap((result) => result.rule ?? [])
      : DEFAULT_RULES;
  return {
    id,
    name: textOf(objectOf(json).name) ?? nameOf(id),
    rules: [...custom.flatMap((result) => result.rule ?? []), ...defaults].toSorted(byPriority),
    unreadableRules: broken.map((result) => result.header.name),
  };
}

/** A template may leave the rules out; an answer of ARM, which carries state, never does unless it is damaged. */
function missingRulesGaps(id: string, json: unknown): Gap[] {
  const object = objectOf(json);
  const properties = propertiesOf(json);
  if (Array.isArray(properties.securityRules)) return [];
  const isAnswer = 'etag' in object || 'provisioningState' in properties || 'resourceGuid' in properties;
  if (!isAnswer && isObject(object.properties)) return [];
  const why = 'the group came without its list of rules, so nothing can be said of what it lets through; read it again';
  return [{ resource: id, what: 'missing-rules', why, touchesAdminPort: true }];
}

/** Azure refuses equal priorities; where an export has them, the allowing rule is taken first: the cautious reading. */
function byPriority(a: SecurityRule, b: SecurityRule): number {
  return a.priority - b.priority || compare(a.access, b.access) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function problemGaps(id: string, broken: readonly RuleResult[]): Gap[] {
  const kinds = new Set(broken.flatMap((result) => result.problems.map((problem) => problem.what)));
  return [...kinds].map((what) => {
    const concerned = broken.filter((result) => result.problems.some((problem) => problem.what === what));
    const details = concerned.map((result) => {
      const problem = result.problems.find((candidate) => candidate.what === what);
      return `${result.header.name || '(no name)'}: ${problem?.detail ?? ''}`;
    });
    return {
      resource: id,
      what,
      why: `${details.join('; ')}. Azure would refuse this; complete the rule and check again.`,
      touchesAdminPort: concerned.some(({ header }) => header.direction !== 'outbound' && header.access !== 'deny'),
    };
  });
}

function duplicateGaps(id: string, custom: readonly RuleResult[]): Gap[] {
  const headers = custom.map((result) => result.header);
  const names = repeated(headers.map((header) => header.name.toLowerCase()));
  const priorities = repeated(
    headers.map(({ direction, priority }) => `${direction ?? '?'} ${priority ?? '?'}`),
  ).filter((text) => !text.includes('?'));
  const gaps: Gap[] = [];
  if (names.length > 0) {
    const inbound = headers.some(
      ({ name, direction }) => direction !== 'outbound' && names.includes(name.toLowerCase()),
    );
    const why = `several rules are called ${names.join(', ')}; names must be unique in a group. Each was read.`;
    gaps.push({ resource: id, what: 'duplicate-name', why, touchesAdminPort: inbound });
  }
  if (priorities.length > 0) {
    const inbound = priorities.some((text) => text.startsWith('inbound'));
    const why = `several rules share ${priorities.join(', ')}; priorities must be unique per direction. The allowing one was taken first.`;
    gaps.push({ resource: id, what: 'duplicate-priority', why, touchesAdminPort: inbound });
  }
  return gaps;
}

function repeated(values: readonly string[]): string[] {
  const once = new Set<string>();
  const again = new Set<string>();
  for (const value of values) (once.has(value) ? again : once).add(value);
  return [...again];
}
