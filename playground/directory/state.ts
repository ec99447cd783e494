// What a tenant holds at one moment, as plain data; every change gives a new state and leaves the old one as it was.
import type { JsonObject } from '../azure/json';
import { sameText } from '../azure/json';

export interface Entity extends JsonObject {
  readonly id: string;
}

/** Groups and directory roles keep their members and owners as lists of ids. */
export const COLLECTIONS = [
  'users',
  'groups',
  'servicePrincipals',
  'directoryRoles',
  'conditionalAccessPolicies',
  'authenticationContexts',
  'authenticationStrengths',
  'namedLocations',
  'directoryAudits',
  'groupEligibilityScheduleInstances',
  'groupAssignmentScheduleInstances',
  'groupPolicies',
] as const;
export type Collection = (typeof COLLECTIONS)[number];

export interface DirectoryState extends Readonly<Record<Collection, readonly Entity[]>> {
  readonly tenantId: string;
  readonly displayName: string;
  /** The Graph application permissions granted, by object id of the service principal. */
  readonly appRoles: Readonly<Record<string, readonly string[]>>;
}

/** Lists never change, so that each needs to be indexed once only. */
const indexes = new WeakMap<readonly Entity[], ReadonlyMap<string, Entity>>();

function indexOf(list: readonly Entity[]): ReadonlyMap<string, Entity> {
  const known = indexes.get(list);
  if (known) return known;
  const index = new Map(list.map((entity) => [entity.id.toLowerCase(), entity]));
  indexes.set(list, index);
  return index;
}

/** The object with this id, whatever its casing. */
export function find(state: DirectoryState, collection: Collection, id: string): Entity | undefined {
  return indexOf(state[collection]).get(id.toLowerCase());
}

/** The state with the entity in the place of the one with its id, or added at the end. */
export function withEntity(state: DirectoryState, collection: Collection, entity: Entity): DirectoryState {
  const standing = find(state, collection, entity.id);
  const next = standing
    ? state[collection].map((each) => (each === standing ? entity : each))
    : [...state[collection], entity];
  return { ...state, [collection]: next };
}

/** The state without the entity of this id. */
export function withoutEntity(state: DirectoryState, collection: Collection, id: string): DirectoryState {
  return { ...state, [collection]: state[collection].filter((each) => !sameText(each.id, id)) };
}
