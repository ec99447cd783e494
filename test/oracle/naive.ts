// The naive oracle: what Azure does with one inbound packet, read from raw ARM JSON, one rule at a time and with nothing remembered.
import type { ArmResource, SecurityGroupResource } from './arm';
import type { Packet, Surroundings } from './match';
import type { AdminRule } from './admin';
import { adminRulesFor, askAdmin } from './admin';
import { ruleMatches } from './match';
import { groupsOf, groupsOfAddress } from './membership';
import { findGroup, findPlace } from './place';
import { rulesInOrder } from './rule-order';
import { unattachedTag, virtualNetworkTag } from './virtual-network-tag';

export type { Packet, Protocol } from './match';
export { isProtocol } from './match';

/** A packet and the place where it arrives: the id of an interface's IP configuration, or of a subnet (for a machine to come). */
export interface ArrivingPacket extends Packet {
  readonly endpoint: string;
}

export interface Decision {
  readonly layer: 'admin' | 'subnet' | 'interface';
  /** The security group, or the collection of security admin rules. */
  readonly securityGroup: string;
  readonly rule: string;
  readonly priority: number;
  readonly access: 'Allow' | 'AlwaysAllow' | 'Deny';
}

/**
 * `decisions` holds the security admin rule that matched, if one did, and unless that was the end one entry per security group on the
 * way, subnet first, also those after a Deny.
 */
export interface Verdict {
  readonly allowed: boolean;
  readonly decisions: readonly Decision[];
}

/**
 * Whether the packet reaches the endpoint: security admin rules first, then the subnet's group and the interface's group must both
 * allow; a missing group allows. Where the VirtualNetwork tag may stand for more than is certain, one meaning that lets the packet
 * through is enough. Throws when the endpoint, its subnet or a referenced group is not among the resources, for then there is no
 * right answer.
 */
export function judgePacket(resources: readonly ArmResource[], packet: ArrivingPacket): Verdict {
  const place = findPlace(resources, packet.endpoint);
  const admin = adminRulesFor(resources, place.network);
  const sourceGroups = groupsOfAddress(resources, packet.source);
  const groups = {
    subnet: findGroup(resources, place.subnet.properties.networkSecurityGroup?.id),
    interface: findGroup(resources, place.networkInterface?.properties.networkSecurityGroup?.id),
  };
  const verdicts = virtualNetworkTag(resources, place.network).map((virtualNetwork) =>
    judgeWith(admin, groups, packet, {
      virtualNetwork,
      sourceGroups,
      destinationGroups: groupsOf(place.ipConfiguration),
    }),
  );
  const [verdict = { allowed: true, decisions: [] }] = verdicts;
  return verdicts.find(({ allowed }) => allowed) ?? verdict;
}

interface Groups {
  readonly subnet: SecurityGroupResource | undefined;
  readonly interface: SecurityGroupResource | undefined;
}

function judgeWith(admin: readonly AdminRule[], groups: Groups, packet: Packet, surroundings: Surroundings): Verdict {
  const decisions: Decision[] = [];
  if (groups.subnet) decisions.push(decide('subnet', groups.subnet, packet, surroundings));
  if (groups.interface) decisions.push(decide('interface', groups.interface, packet, surroundings));
  const passes = decisions.every((decision) => decision.access === 'Allow');
  const { access, by } = askAdmin(admin, packet, surroundings, passes);
  if (!by || access === 'nothing') return { allowed: passes, decisions };
  const { priority } = by.rule;
  const first: Decision = { layer: 'admin', securityGroup: by.collection, rule: by.name, priority, access };
  if (access === 'Allow') return { allowed: passes, decisions: [first, ...decisions] };
  return { allowed: access === 'AlwaysAllow', decisions: [first] };
}

/**
 * A group that is attached nowhere, as if on a subnet of its own in a network that holds all private space.
 * `resources` only serves to look up the members of application security groups named as a source.
 */
export function judgeUnattached(
  group: SecurityGroupResource,
  packet: Packet,
  resources: readonly ArmResource[] = [],
): Verdict {
  const surroundings: Surroundings = {
    virtualNetwork: unattachedTag,
    sourceGroups: groupsOfAddress(resources, packet.source),
    destinationGroups: [],
  };
  const decision = decide('subnet', group, packet, surroundings);
  return { allowed: decision.access === 'Allow', decisions: [decision] };
}

function decide(
  layer: Decision['layer'],
  group: SecurityGroupResource,
  packet: Packet,
  surroundings: Surroundings,
): Decision {
  for (const { name, properties } of rulesInOrder(group)) {
    if (!ruleMatches(properties, packet, surroundings)) continue;
    const access = properties.access.toLowerCase() === 'allow' ? 'Allow' : 'Deny';
    return { layer, securityGroup: group.id, rule: name, priority: properties.priority, access };
  }
  throw new Error(`no rule of ${group.id} decides the packet, not even a default one`);
}
