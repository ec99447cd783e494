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
  /** How far it is from what stands by itself. */
  readonly distance: number;
}

type Grants = Map<ObjectId, Grant[]>;

function append(grants: Grants, principal: ObjectId, more: readonly Grant[]): void {
  const known = grants.get(principal);
  if (known) known.push(...more);
  else grants.set(principal, [...more]);
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
  const grants = new Map<string, Grants>();

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

  const grantsAt = (scope: ScopeKey, wants: readonly Want[], key: string): Grants => {
    const name = `${scope} ${key}`;
    const known = grants.get(name);
    if (known) return known;
    const there: Grants = new Map();
    for (const assignment of byScope.get(scope) ?? []) {
      const bits = bitsOf(assignment.role, wants, key);
      if (bits === 0) continue;
      for (const { principal, way } of waysBy(assignment)) {
        append(there, principal, [{ way, bits, distance: distanceOf(way) }]);
      }
    }
    grants.set(name, there);
    return there;
  };

  const waysBy = (assignment: RoleAssignment): { readonly principal: ObjectId; readonly way: Way }[] => {
    const { principal, holding } = assignment;
    const own = { principal, way: { assignment, membership: [], holding } };
    if (!identity.groups.has(principal)) return [own];
    const { paths, unread } = expand(principal);
    const ways = paths.map((path) => ({
      principal: path.principal,
      way: { assignment, membership: path.chain, holding: hardestOf(holding, path.holding) },
    }));
    return unread.includes(principal) ? [own, ...ways] : ways;
  };

  const holdersAt = (
    wants: readonly Want[],
    key: string,
    above: readonly ScopeKey[],
    place: ScopeKey,
    holdings: ReadonlySet<Holding>,
  ): readonly Holder[] => {
    const all: Grants = new Map();
    for (const scope of above) for (const [principal, own] of grantsAt(scope, wants, key)) append(all, principal, own);
    const holders = [...all].flatMap(([principal, own]) => {
      if (wants.some(({ action, plane }) => denied(principal, action, plane, place))) return [];
      return holderOf(principal, own, wants, holdings) ?? [];
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
function holderOf(
  principal: ObjectId,
  grants: readonly Grant[],
  wants: readonly Want[],
  holdings: ReadonlySet<Holding>,
): Holder | undefined {
  const all = 2 ** wants.length - 1;
  const held = grants.filter(({ way }) => holdings.has(way.holding));
  if (held.length === 0) return undefined;
  const sorted = held.length === 1 ? held : held.toSorted((a, b) => a.distance - b.distance);
  const chosen: Way[] = [];
  let have = 0;
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

function distanceOf({ holding, assignment, membership }: Way): number {
  return effortOf(holding) * 1000 + (assignment.condition === undefined ? 0 : 500) + membership.length;
}
