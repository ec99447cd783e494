/** Who can do what where, effectively: roles, scopes above, groups at any depth and deny assignments taken together. */
import { denier } from './deny';
import { append, type Grant, granter, type Grants, type Want, wantsOf } from './grants';
import { hardestOf } from './holding';
import type { Holding, Identity, ObjectId, ScopeKey } from './identity';
import { covers, scopeKeyOf } from './identity';
import { type Expansion, expander } from './membership';
import { allows, type Plane, type Wants } from './permission-set';
import type { Way } from './way';

export type { Way } from './way';

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

function prepare(identity: Identity): Effective {
  const scopes = [...identity.assignments, ...identity.denyAssignments].map(({ scope }) => scope);
  const everywhere = [...new Set(scopes)].filter((scope) => !scope.startsWith('/subscriptions/'));
  const within = new Set(scopes);
  const denying = new Set(identity.denyAssignments.map(({ scope }) => scope));
  const expand = expander(identity);
  const denied = denier(identity, expand);
  const answers = new Map<string, readonly Holder[]>();
  const grantsAt = granter(identity, expand);
  const keyFor = keyMaker(identity);

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
      const key = keyFor(wants, list);
      const above = [...ancestorsOf(place).filter((scope) => within.has(scope)), ...everywhere].filter((scope) =>
        covers(scope, place),
      );
      // What gives nothing of it makes no difference: without it, most places have one answer in common.
      const telling = above.filter((scope) => denying.has(scope) || grantsAt(scope, list, key).size > 0);
      // A deny assignment may leave out what lies below it: then the place itself makes a difference.
      const name = JSON.stringify([key, [...holdings].toSorted(), telling, denying.has(place) ? place : '']);
      const known = answers.get(name);
      if (known) return known;
      const holders = list.length === 0 ? [] : holdersAt(list, key, telling, place, new Set(holdings));
      answers.set(name, holders);
      return holders;
    },
  };
}

/** Gives wants that the same roles give the same key, where nothing is denied: their answers are the same as well. */
function keyMaker({ assignments, denyAssignments, roles }: Identity): (wants: Wants, list: readonly Want[]) => string {
  const given = [...new Set(assignments.map(({ role }) => role))].toSorted();
  const keys = new Map<string, string>();
  const rolesFor = ({ action, plane }: Want): string =>
    given.filter((role) => allows(roles.get(role)?.permissions ?? [], action, plane)).join(' ');
  return (wants, list) => {
    const text = JSON.stringify(wants);
    if (denyAssignments.length > 0) return text;
    const key = keys.get(text) ?? list.map(rolesFor).join(' | ');
    keys.set(text, key);
    return key;
  };
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
  const all = (1n << BigInt(wants.length)) - 1n;
  const held = grants.filter(({ way }) => holdings.has(way.holding));
  if (held.length === 0) return undefined;
  const sorted = held.length === 1 ? held : held.toSorted((a, b) => a.distance - b.distance);
  const chosen: Way[] = [];
  let have = 0n;
  for (const { way, bits } of sorted) {
    if ((bits & ~have) === 0n) continue;
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
