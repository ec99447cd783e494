// One slice of reachability (an endpoint, a protocol, a port) as a formula, in the and/or form of SecGuru.
import type { Family } from '../address';
import type { AdminRule } from '../admin';
import type { ArmResource, SecurityGroupResource } from '../arm';
import type { Protocol, Reading } from '../match';
import type { Formula } from './formula';
import type { Given } from './rule';
import { parseRange } from '../address';
import { adminRulesFor } from '../admin';
import { groupsOf, membersOf } from '../membership';
import { addressesOfPlace, findGroup, findPlace } from '../place';
import { rulesInOrder } from '../rule-order';
import { unattachedTag, virtualNetworkTag } from '../virtual-network-tag';
import { anyOf, everyOf, isIn, not } from './formula';
import { ruleFormula } from './rule';

/** `endpoint` is the id of an IP configuration, of a subnet, or of a security group that is attached to nothing. */
export interface Slice {
  readonly endpoint: string;
  readonly protocol: Protocol;
  readonly destinationPort: number;
  readonly family: Family;
}

/**
 * True of exactly the packets (source, destination, source port) that arrive: the destination is one the endpoint has or may have, and
 * every group on the way says Allow. Throws as the packet-by-packet evaluator does.
 */
export function arrives(resources: readonly ArmResource[], slice: Slice): Formula {
  const place = findPlace(resources, slice.endpoint);
  const groups = [
    findGroup(resources, place.subnet.properties.networkSecurityGroup?.id),
    findGroup(resources, place.networkInterface?.properties.networkSecurityGroup?.id),
  ];
  const admin = adminRulesFor(resources, place.network);
  const inOneMeaning = (virtualNetwork: readonly string[]): Formula => {
    const given: Given = {
      ...slice,
      virtualNetwork,
      destinationGroups: groupsOf(place.ipConfiguration).map((id) => id.toLowerCase()),
      membersOf: (group, reading) => membersOf(resources, group, reading),
    };
    const allowedByGroups = everyOf(groups.flatMap((group) => (group ? groupFormula(group, given) : [])));
    return adminFormula(admin, allowedByGroups, given);
  };
  return everyOf([
    isIn('destination', addressesOfPlace(place), slice.family),
    anyOf(virtualNetworkTag(resources, place.network).map(inOneMeaning)),
  ]);
}

/** The same and/or form: what no admin rule matches, and what an Allow matches, is left to the groups. */
function adminFormula(rules: readonly AdminRule[], allowedByGroups: Formula, given: Given): Formula {
  return rules.reduceRight<Formula>((rest, { access, rule }) => {
    const matches = (reading: Reading): Formula => ruleFormula(rule, given, reading);
    if (access === 'Deny') return `(and ${not(matches('narrow'))} ${rest})`;
    if (access === 'AlwaysAllow') return `(or ${matches('wide')} ${rest})`;
    // An Allow that may or may not match leaves both ways open.
    return `(or (and ${matches('wide')} ${allowedByGroups}) (and ${not(matches('narrow'))} ${rest}))`;
  }, allowedByGroups);
}

/** The same for a group that stands alone, whatever the destination. */
export function arrivesBehind(group: SecurityGroupResource, slice: Slice): Formula {
  const given: Given = {
    ...slice,
    virtualNetwork: unattachedTag,
    destinationGroups: [],
    membersOf: () => [],
  };
  return groupFormula(group, given);
}

/** The destination is where machines behind a group that stands alone are imagined. */
export function isPrivate(family: Family): Formula {
  const ranges = unattachedTag.flatMap((prefix) => parseRange(prefix) ?? []);
  return isIn('destination', ranges, family);
}

/** First match as nested and/or: an Allow lets through what it matches or what the rest allows; a Deny what it does not match and the rest allows. */
function groupFormula(group: SecurityGroupResource, given: Given): Formula {
  return rulesInOrder(group).reduceRight<Formula>((rest, { properties }) => {
    const matches = ruleFormula(properties, given);
    const isAllow = properties.access.toLowerCase() === 'allow';
    return isAllow ? `(or ${matches} ${rest})` : `(and ${not(matches)} ${rest})`;
  }, 'false');
}
