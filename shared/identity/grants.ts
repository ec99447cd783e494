/** Which of the things asked about the assignments at one scope give, and to whom. */
import type { Identity, ObjectId, RoleAssignment, ScopeKey } from './identity';
import type { Expansion } from './membership';
import { allows, type Plane, type Wants } from './permission-set';
import { distanceOf, type Way, type WayOf, waysOf } from './way';

/** One thing that is wanted, and the bit that stands for it. */
export interface Want {
  readonly plane: Plane;
  readonly action: string;
  readonly bit: bigint;
}

/** Bits, because whole estates are asked about; big ones, because a policy may name any number of actions. */
export function wantsOf({ actions = [], dataActions = [] }: Wants): Want[] {
  const all = [
    ...actions.map((action) => ({ plane: 'actions' as const, action })),
    ...dataActions.map((action) => ({ plane: 'dataActions' as const, action })),
  ];
  return all.map((want, index) => ({ ...want, bit: 1n << BigInt(index) }));
}

/** A part of what is wanted, and the way it is given by. */
export interface Grant {
  readonly way: Way;
  /** The wants that it gives. */
  readonly bits: bigint;
  /** How far it is from what stands by itself. */
  readonly distance: number;
}

export type Grants = Map<ObjectId, Grant[]>;

/** Adds to what the principal has. */
export function append(grants: Grants, principal: ObjectId, more: readonly Grant[]): void {
  const known = grants.get(principal);
  if (known) known.push(...more);
  else grants.set(principal, [...more]);
}

/** A function that answers for one scope, without those above it; what it worked out once it keeps. */
export function granter(
  identity: Identity,
  expand: (group: ObjectId) => Expansion,
): (scope: ScopeKey, wants: readonly Want[], key: string) => Grants {
  const byScope = new Map<ScopeKey, RoleAssignment[]>();
  for (const assignment of identity.assignments) {
    const there = byScope.get(assignment.scope);
    if (there) there.push(assignment);
    else byScope.set(assignment.scope, [assignment]);
  }
  const granted = new Map<string, bigint>();
  const grants = new Map<string, Grants>();
  const ways = new Map<RoleAssignment, readonly WayOf[]>();

  const bitsOf = (role: ObjectId, wants: readonly Want[], key: string): bigint => {
    const name = `${role} ${key}`;
    const known = granted.get(name);
    if (known !== undefined) return known;
    const permissions = identity.roles.get(role)?.permissions ?? [];
    const given = wants.filter(({ action, plane }) => allows(permissions, action, plane));
    const bits = given.reduce((sum, { bit }) => sum | bit, 0n);
    granted.set(name, bits);
    return bits;
  };

  /** The same way is the same object, whatever was asked about. */
  const waysBy = (assignment: RoleAssignment): readonly WayOf[] => {
    const known = ways.get(assignment) ?? waysOf(identity, assignment, expand);
    ways.set(assignment, known);
    return known;
  };

  return (scope, wants, key) => {
    const name = `${scope} ${key}`;
    const known = grants.get(name);
    if (known) return known;
    const there: Grants = new Map();
    for (const assignment of byScope.get(scope) ?? []) {
      const bits = bitsOf(assignment.role, wants, key);
      if (bits === 0n) continue;
      for (const { principal, way } of waysBy(assignment)) {
        append(there, principal, [{ way, bits, distance: distanceOf(way) }]);
      }
    }
    grants.set(name, there);
    return there;
  };
}
