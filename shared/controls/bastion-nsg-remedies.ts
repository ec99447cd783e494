/** Rules that Bastion needs, made new: each with a name and a priority that nobody has. */
import type { Remedy } from '../finding';
import type { NetworkAction } from '../network/action';
import { type Direction, keyOf, type SecurityGroup, type SecurityRule } from '../network/network';
import type { Judgement } from './bastion-nsg-judgement';
import type { Requirement } from './bastion-nsg-requirement';
import { freeRuleName } from './free-rule-name';

const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 4096;
/** Where the rules of Azure's own example begin: what stands before is left to people. */
const USUAL_PRIORITY = 120;

/** Makes rules for one group; no two of them, nor any that stands there, share a place. */
export interface RuleMaker {
  /** The rule for a requirement, before everything that denies it; undefined where no place is left. */
  readonly add: (requirement: Requirement, judgement: Judgement) => NetworkAction | undefined;
}

export function ruleMaker(group: SecurityGroup): RuleMaker {
  const taken = {
    inbound: prioritiesIn(group, 'inbound'),
    outbound: prioritiesIn(group, 'outbound'),
  };
  return {
    add(requirement, { denials }) {
      const { direction, far, near, ports, protocol, purpose, id } = requirement;
      const before = Math.min(LAST_PRIORITY + 1, ...denials.map((rule) => rule.priority));
      const priority = placeBefore(before, taken[direction]);
      if (priority === undefined) return undefined;
      taken[direction].add(priority);
      return {
        kind: 'add-rule',
        securityGroup: keyOf(group.id),
        rule: {
          name: freeRuleName(group, `bastion-guardrail-${id}`),
          description: `Azure Bastion requires it: ${purpose}; made by Bastion Guardrail, see its incident log`,
          priority,
          direction: direction === 'inbound' ? 'Inbound' : 'Outbound',
          access: 'Allow',
          protocol,
          sourceAddressPrefixes: [direction === 'inbound' ? far : near],
          destinationAddressPrefixes: [direction === 'inbound' ? near : far],
          destinationPortRanges: ports.map(String),
        },
      };
    },
  };
}

function prioritiesIn({ rules }: SecurityGroup, direction: Direction): Set<number> {
  return new Set(rules.filter((rule) => rule.direction === direction).map((rule) => rule.priority));
}

function placeBefore(before: number, taken: ReadonlySet<number>): number | undefined {
  const isFree = (priority: number): boolean => priority < before && !taken.has(priority);
  for (let priority = USUAL_PRIORITY; priority < before; priority++) if (isFree(priority)) return priority;
  for (let priority = USUAL_PRIORITY - 1; priority >= FIRST_PRIORITY; priority--) if (isFree(priority)) return priority;
  return undefined;
}

/** Adds what is missing. */
export function addition(group: SecurityGroup, requirement: Requirement, action: NetworkAction | undefined): Remedy[] {
  if (!action) return [];
  const title = `add to ${group.name} the rule by which ${requirement.purpose}`;
  return [{ kind: 'repair', title, actions: [action], restoresBastion: true }];
}

/** Removes a rule after putting in what Bastion needed of it; nothing if that has no place. */
export function replacement(
  group: SecurityGroup,
  rule: SecurityRule,
  needed: readonly (NetworkAction | undefined)[],
  elsewhere: string | undefined,
): Remedy[] {
  const additions = needed.flatMap((action) => action ?? []);
  if (additions.length < needed.length) return [];
  const instead = additions.length === 0 ? '' : `, once ${additions.length} narrower rules stand in its place`;
  return [
    {
      kind: 'repair',
      title: `remove ${group.name}/${rule.name}${instead}`,
      actions: [...additions, { kind: 'remove-rule', securityGroup: keyOf(group.id), rule: rule.name }],
      ...(additions.length > 0 && { restoresBastion: true as const }),
      ...(elsewhere !== undefined && {
        needsPerson: `${group.name} also stands on ${elsewhere}, which may need the rule: give Bastion a group of its own`,
      }),
    },
  ];
}
