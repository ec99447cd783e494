/** Who is in a group, or could be: nested groups, PIM for Groups, and owners, who may add themselves. */
import type { Group, Holding, Identity, ObjectId } from './identity';

/**
 * How one belongs to a group. An owner is no member, but may become one without asking anybody; eligible ones may
 * activate it in PIM for Groups, activated ones have just done so.
 */
export type Belonging =
  | 'member'
  | 'owner'
  | 'activated-member'
  | 'activated-owner'
  | 'eligible-member'
  | 'eligible-owner';

/** One step of a chain: belonging to this group, in this way. */
export interface Membership {
  readonly group: ObjectId;
  readonly as: Belonging;
}

/** A way in which somebody belongs to a group: the group that was asked about first, the one they stand in last. */
export interface GroupPath {
  readonly principal: ObjectId;
  /** Whether it stands by itself, by a current activation, or takes one. */
  readonly holding: Exclude<Holding, 'planned'>;
  readonly chain: readonly Membership[];
}

export interface Expansion {
  /** Users and service principals, and groups whose members were not read: each by the best way of every holding. */
  readonly paths: readonly GroupPath[];
  /** Groups in it whose members could not be read. */
  readonly unread: readonly ObjectId[];
}

/** Ways from the most to the least immediate; the way through a chain is as immediate as its least immediate step. */
const RANKS = { member: 0, owner: 1, activated: 2, eligible: 3 } as const;
type Rank = (typeof RANKS)[keyof typeof RANKS];
const HOLDINGS = ['assigned', 'assigned', 'activated', 'eligible'] as const;

interface Node extends Membership {
  readonly rank: Rank;
  readonly parent?: Node;
}

const NOTHING: Expansion = { paths: [], unread: [] };

/** Functions that answer for one identity; each group is expanded once. */
export function expander(identity: Identity): (group: ObjectId) => Expansion {
  const known = new Map<ObjectId, Expansion>();
  return (id) => {
    const before = known.get(id);
    if (before) return before;
    const group = identity.groups.get(id);
    const expansion = group ? expand(identity, group) : NOTHING;
    known.set(id, expansion);
    return expansion;
  };
}

interface Visit {
  readonly group: Group;
  readonly by?: Node;
  /** Whether everybody below was read further up, so that nobody is missing. */
  readonly told: boolean;
}

/** Each group is entered once for every rank, so that circles end and every principal is found by its best ways. */
function expand(identity: Identity, top: Group): Expansion {
  const found = new Map<ObjectId, Map<Rank, Node>>();
  const entered = new Set<string>([`${top.id} ${RANKS.member}`]);
  const queue: Visit[] = [{ group: top, told: top.transitiveMembers !== undefined }];
  const unread = new Set<ObjectId>();
  const follow = ({ group, by, told }: Visit, { principal, as, rank: own }: Link): void => {
    const rank = by && by.rank > own ? by.rank : own;
    const node: Node = { group: group.id, as, rank, ...(by && { parent: by }) };
    const nested = identity.groups.get(principal);
    if (nested) {
      const key = `${nested.id} ${rank}`;
      if (entered.has(key)) return;
      entered.add(key);
      const isTold = (told && as === 'member') || nested.transitiveMembers !== undefined;
      queue.push({ group: nested, by: node, told: isTold });
      if (nested.members !== undefined || isTold) return;
    }
    const ways = found.get(principal) ?? new Map<Rank, Node>();
    if (!ways.has(rank)) ways.set(rank, node);
    found.set(principal, ways);
  };
  let next = 0;
  const walk = (): void => {
    for (let visit = queue[next]; visit; visit = queue[++next]) {
      if (visit.group.members === undefined && !visit.told) unread.add(visit.group.id);
      for (const link of linksOf(visit.group)) follow(visit, link);
    }
  };
  walk();
  // Those known to be in it at some depth come last, so that whoever is reached step by step is told of in steps.
  for (const visit of queue) for (const link of furtherOf(visit.group)) follow(visit, link);
  walk();
  const paths = [...found].flatMap(([principal, ways]) => bestOf(ways).map((node) => pathOf(principal, node)));
  return { paths, unread: [...unread] };
}

/** Being an owner says nothing more about somebody who is a member anyway. */
function bestOf(ways: ReadonlyMap<Rank, Node>): Node[] {
  const standing = ways.get(RANKS.member) ?? ways.get(RANKS.owner);
  return [standing, ways.get(RANKS.activated), ways.get(RANKS.eligible)].flatMap((node) => node ?? []);
}

interface Link {
  readonly principal: ObjectId;
  readonly as: Belonging;
  readonly rank: Rank;
}

function linksOf(group: Group): Link[] {
  const activated = new Set(group.activatedMembers);
  const activatedOwners = new Set(group.activatedOwners);
  const members = (group.members ?? []).filter((id) => !activated.has(id));
  const owners = group.owners.filter((id) => !activatedOwners.has(id));
  return [
    ...links(members, 'member', RANKS.member),
    ...links(owners, 'owner', RANKS.owner),
    ...links(activated, 'activated-member', RANKS.activated),
    ...links(activatedOwners, 'activated-owner', RANKS.activated),
    ...links(group.eligibleMembers, 'eligible-member', RANKS.eligible),
    ...links(group.eligibleOwners, 'eligible-owner', RANKS.eligible),
  ];
}

function furtherOf(group: Group): Link[] {
  if (!group.transitiveMembers) return [];
  const near = new Set([...(group.members ?? []), ...(group.activatedMembers ?? [])]);
  return links(
    group.transitiveMembers.filter((id) => !near.has(id)),
    'member',
    RANKS.member,
  );
}

function links(principals: Iterable<ObjectId>, as: Belonging, rank: Rank): Link[] {
  return [...principals].map((principal) => ({ principal, as, rank }));
}

function pathOf(principal: ObjectId, node: Node): GroupPath {
  const chain: Membership[] = [];
  for (let step: Node | undefined = node; step; step = step.parent) chain.unshift({ group: step.group, as: step.as });
  return { principal, holding: HOLDINGS[node.rank], chain };
}
