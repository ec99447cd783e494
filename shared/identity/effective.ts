/** Who can do what where, effectively: roles, scopes above, groups at any depth and deny assignments taken together. */
import { denier } from './deny';
import { effortOf, hardestOf } from './holding';
import type { Holding, Identity, ObjectId, RoleAssignment, ScopeKey } from './identity';
import { covers, scopeKeyOf } from './identity';
import { type Expansion, expander, type Membership } from './membership';
import { allows, type Plane, type Wants } from './permission-set';

/** An assignment and how its holder belongs to the group it was made to. */
export interface Way {
  readonly assignment: RoleAssignment;
  /** Empty where the assignment is the principal's own; otherwise from the assigned group inwards. */
  readonly membership: readonly Membership[];
  /** What it takes to use it, whichever of assignment and membership takes more. */
  readonly holding: Holding;
}

/** Somebody who can do everything that was asked about; a group stands for its members only where they were not read. */
export interface Holder {
  readonly principal: ObjectId;
  /** The least that it takes. */
  readonly holding: Holding;
  /** Ways that give it together; one, unless several assignments each give a part. */
  readonly via: readonly Way[];
  /** Every way that gives some of it, the most immediate first: all of them have to go before nothing is left. */
  readonly ways: readonly Way[];
  /** Whether it rests on an assignment with a condition, which may narrow it and was read as if it were not there. */
  readonly isConditional: boolean;
}

/** What can be held without activating anything first, now or by a current activation. */
export const ACTIVE: readonly Holding[] = ['assigned', 'activated'];

export interface Effective {
  readonly holdersOf: (wants: Wants, place: ScopeKey, holdings: readonly Holding[]) => readonly Holder[];
  readonly expand: (group: ObjectId) => Expansion;
}

const answered = new WeakMap<Identity, Effective>();

/** Answers about one identity, each worked out once however often it is asked for. */
export function effectiveOf(identity: Identity): Effective {
  const known = answered.get(identity) ?? prepare(identity);
  answered.set(identity, known);
  return known;
}

/**
 * Everyone who can do all that is wanted at the place, by holdings of these kinds, sorted by id. `place` is a scope or
 * the id of a resource. A condition on an assignment is read as if it were not there, and said.
 * https://learn.microsoft.com/azure/role-based-access-control/overview#how-azure-rbac-determines-if-a-user-has-access-to-a-resource
 */
export function holdersOf(
  identity: Identity,
  wants: Wants,
  place: string,
  holdings: readonly Holding[] = ACTIVE,
): readonly Holder[] {
  return effectiveOf(identity).holdersOf(wants, scopeKeyOf(place), holdings);
}

/** Whether the principal can do this now: by what is assigned, or by what is activated at this moment. */
export function can(
  identity: Identity,
  principal: ObjectId,
  action: string,
  place: string,
  plane: Plane = 'actions',
): boolean {
  return holdersOf(identity, { [plane]: [action] }, place).some((holder) => holder.principal === principal);
}

/** One thing that is wanted, and the bit that stands for it. */
interface Want {
  readonly plane: Plane;
  readonly action: string;
  readonly bit: number;
}

interface Grant {
  readonly way: Way;
  /** The wants that it gives. */
  readonly bits: number;
}

function prepare(identity: Identity): Effective {
  const byScope = new Map<ScopeKey, RoleAssignment[]>();
  for (const assignment of identity.assignments) {
    const there = byScope.get(assignment.scope);
    if (there) there.push(assignment);
    else byScope.set(assignment.scope, [assignment]);
  }
  const scopes = [...byScope.keys(), ...identity.denyAssignments.map(({ scope }) => scope)];
  const everywhere = [...new Set(scopes)].filter((scope) => !scope.startsWith('/subscriptions/'));
  const within = new Set(scopes);
  const expand = expander(identity);
  const denied = denier(identity, expand);
  const answers = new Map<string, readonly Holder[]>();
  const granted = new Map<string, number>();

  const bitsOf = (role: ObjectId, wants: readonly Want[], key: string): number => {
    const name = `${role} ${key}`;
    const known = granted.get(name);
    if (known !== undefined) return known;
    const permissions = identity.roles.get(role)?.permissions ?? [];
    const given = wants.filter(({ action, plane }) => allows(permissions, action, plane));
    const bits = given.reduce((sum, { bit }) => sum | bit, 0);
    granted.set(name, bits);
    return bits;
  };

  const holdersAt = (
    wants: readonly Want[],
    key: string,
    above: readonly ScopeKey[],
    place: ScopeKey,
    holdings: ReadonlySet<Holding>,
  ): readonly Holder[] => {
    const grants = new Map<ObjectId, Grant[]>();
    const give = (principal: ObjectId, way: Way, bits: number): void => {
      if (!holdings.has(way.holding)) return;
      const own = grants.get(principal);
      if (own) own.push({ way, bits });
      else grants.set(principal, [{ way, bits }]);
    };
    for (const assignment of above.flatMap((scope) => byScope.get(scope) ?? [])) {
      const bits = bitsOf(assignment.role, wants, key);
      if (bits === 0) continue;
      const { principal, holding } = assignment;
      const isGroup = identity.groups.has(principal);
      const expansion = isGroup ? expand(principal) : undefined;
      if (!expansion || expansion.unread.includes(principal)) {
        give(principal, { assignment, membership: [], holding }, bits);
      }
      for (const path of expansion?.paths ?? []) {
        const way = { assignment, membership: path.chain, holding: hardestOf(holding, path.holding) };
        give(path.principal, way, bits);
      }
    }
    const holders = [...grants].flatMap(([principal, own]) => {
      const allowed = wants.filter(({ action, plane }) => !denied(principal, action, plane, place));
      return allowed.length === wants.length ? (holderOf(principal, own, wants) ?? []) : [];
    });
    return holders.toSorted((a, b) => (a.principal < b.principal ? -1 : 1));
  };

  return {
    expand,
    holdersOf(wants, place, holdings) {
      const list = wantsOf(wants);
      const key = JSON.stringify(wants);
      const above = [...ancestorsOf(place).filter((scope) => within.has(scope)), ...everywhere].filter((scope) =>
        covers(scope, place),
      );
      // A deny assignment may leave out what lies below it: then the place itself makes a difference.
      const name = JSON.stringify([key, [...holdings].toSorted(), above, within.has(place) ? place : '']);
      const known = answers.get(name);
      if (known) return known;
      const holders = list.length === 0 ? [] : holdersAt(list, key, above, place, new Set(holdings));
      answers.set(name, holders);
      return holders;
    },
  };
}

/** Bits, because whole estates are asked about: 30 wants at most are told apart. */
function wantsOf({ actions = [], dataActions = [] }: Wants): Want[] {
  const all = [
    ...actions.map((action) => ({ plane: 'actions' as const, action })),
    ...dataActions.map((action) => ({ plane: 'dataActions' as const, action })),
  ];
  if (all.length > 30) throw new RangeError(`asked about ${all.length} actions at once; ask about 30 at most`);
  return all.map((want, index) => ({ ...want, bit: 1 << index }));
}

/** `/subscriptions/s/resourcegroups/g/…` → every id on the way up to the subscription, without the tenant. */
function ancestorsOf(place: ScopeKey): ScopeKey[] {
  if (!place.startsWith('/subscriptions/')) return [];
  const ends = [...place.matchAll(/\/|$/g)].map(({ index }) => index).filter((index) => index > 0);
  return ends.map((end) => place.slice(0, end));
}

/** The most immediate ways first: as soon as they give everything, that is what it takes. */
function holderOf(principal: ObjectId, grants: readonly Grant[], wants: readonly Want[]): Holder | undefined {
  const all = wants.reduce((sum, { bit }) => sum | bit, 0);
  const chosen: Way[] = [];
  let have = 0;
  const sorted = grants.length === 1 ? grants : grants.toSorted((a, b) => distance(a.way) - distance(b.way));
  for (const { way, bits } of sorted) {
    if ((bits & ~have) === 0) continue;
    chosen.push(way);
    have |= bits;
    if (have === all) break;
  }
  const [first, ...others] = chosen;
  if (have !== all || !first) return undefined;
  const holding = hardestOf(first.holding, ...others.map((way) => way.holding));
  const isConditional = chosen.some(({ assignment }) => assignment.condition !== undefined);
  return { principal, holding, via: chosen, ways: sorted.map(({ way }) => way), isConditional };
}

function distance({ holding, assignment, membership }: Way): number {
  return effortOf(holding) * 1000 + (assignment.condition === undefined ? 0 : 500) + membership.length;
}
