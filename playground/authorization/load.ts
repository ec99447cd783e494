// Reads roles, assignments, schedules and PIM settings from an estate's entries, in the shapes in which ARM lists them.
import type { Estate } from '../azure/estate';
import type { JsonObject } from '../azure/json';
import { listAt, objectAt, sameText, textAt, textsAt } from '../azure/json';
import { derivedGuid } from '../azure/token';
import type { AuthorizationPath } from './authorization-path';
import { authorizationPath } from './authorization-path';
import { durationMs } from './duration';
import { DEFAULT_RULES } from './management-rules';
import { readPrincipalType } from './principal-type';
import type { HeldRole, RoleDefinition } from './role';
import { tailOf } from './role';
import { rolePermissions } from './role-definitions';
import { sideOf } from './schedule-request';
import { canonicalScope } from './scope';
import type { AuthorizationState, RolePolicy } from './state';
import { NOTHING_AUTHORIZED, roleIn } from './state';

interface Entry {
  readonly whole: JsonObject;
  readonly path: AuthorizationPath;
  readonly name: string;
  readonly scope: string;
  readonly properties: JsonObject;
}

/** ARM writes this one type in the singular in its ids. */
function pathOf(entry: JsonObject): AuthorizationPath | undefined {
  const id = textAt(entry, 'id') ?? '';
  return authorizationPath(id.replace(/\/roleManagementPolicyAssignment\//i, '/roleManagementPolicyAssignments/'));
}

/** True for an estate entry that belongs here: everything of Microsoft.Authorization but locks and policies. */
export function isAuthorization(entry: JsonObject): boolean {
  return pathOf(entry)?.name !== undefined;
}

/** False for an entry in a resource group that the estate does not have. */
export function hasPlaceIn(estate: Pick<Estate, 'group'>, entry: JsonObject): boolean {
  const [, subscription, group] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i.exec(pathOf(entry)?.scope ?? '') ?? [];
  return !subscription || !group || estate.group(subscription, group) !== undefined;
}

function entryOf(whole: JsonObject): Entry[] {
  const path = pathOf(whole);
  if (path?.name === undefined) return [];
  const properties = whole.properties === undefined ? whole : objectAt(whole, 'properties');
  const scope = canonicalScope(textAt(properties, 'scope') ?? path.scope);
  return [{ whole, path, name: path.name, scope, properties }];
}

/** A date as ARM writes it, or how far from now it is: `P180D`, `-P30D`. */
function dateOf(text: string | undefined, now: Date): string | undefined {
  if (text === undefined) return undefined;
  const [, sign, duration = ''] = /^(-?)(P.*)$/.exec(text) ?? [];
  const ms = durationMs(duration);
  const time = ms === undefined ? Date.parse(text) : now.getTime() + (sign === '-' ? -ms : ms);
  if (Number.isNaN(time)) throw new Error(`not a date: ${text}`);
  return new Date(time).toISOString();
}

function definitionFrom({ name, properties }: Entry, now: Date): RoleDefinition {
  const createdOn = dateOf(textAt(properties, 'createdOn') ?? '-P30D', now) ?? now.toISOString();
  return {
    name: name.toLowerCase(),
    roleName: textAt(properties, 'roleName') ?? name,
    description: textAt(properties, 'description') ?? '',
    isBuiltIn: false,
    assignableScopes: textsAt(properties, 'assignableScopes').map(canonicalScope),
    permissions: rolePermissions(properties),
    createdOn,
    updatedOn: dateOf(textAt(properties, 'updatedOn'), now) ?? createdOn,
  };
}

const ACTIVE = ['roleAssignments', 'roleAssignmentSchedules', 'roleAssignmentScheduleInstances'];
const ELIGIBLE = ['roleEligibilitySchedules', 'roleEligibilityScheduleInstances'];

function kindOf({ path, properties }: Entry): HeldRole['kind'] {
  if (ELIGIBLE.includes(path.collection)) return 'Eligible';
  return textAt(properties, 'assignmentType') === 'Activated' ? 'Activated' : 'Assigned';
}

/** The names of instance and schedule; each kind of entry knows one of them, and the instance perhaps both. */
function namesOf({ path, name, properties }: Entry): Pick<HeldRole, 'name' | 'schedule'> {
  const other = derivedGuid(`other name of ${name}`.toLowerCase());
  if (path.collection.endsWith('Schedules')) return { name: other, schedule: name.toLowerCase() };
  const schedule = textAt(properties, 'roleAssignmentScheduleId') ?? textAt(properties, 'roleEligibilityScheduleId');
  return { name: name.toLowerCase(), schedule: schedule ? tailOf(schedule) : other };
}

function heldFrom(entry: Entry, now: Date): HeldRole {
  const { properties, scope } = entry;
  const date = (key: string): string | undefined => dateOf(textAt(properties, key), now);
  const createdOn = date('createdOn') ?? date('startDateTime') ?? dateOf('-P30D', now) ?? now.toISOString();
  const eligibility = textAt(properties, 'linkedRoleEligibilityScheduleId');
  return {
    kind: kindOf(entry),
    ...namesOf(entry),
    scope,
    role: tailOf(textAt(properties, 'roleDefinitionId') ?? ''),
    principalId: textAt(properties, 'principalId') ?? '',
    principalType: readPrincipalType(textAt(properties, 'principalType')),
    start: date('startDateTime') ?? createdOn,
    end: date('endDateTime'),
    createdOn,
    createdBy: textAt(properties, 'createdBy'),
    eligibility: eligibility === undefined ? undefined : tailOf(eligibility),
    description: textAt(properties, 'description'),
    condition: textAt(properties, 'condition'),
    conditionVersion: textAt(properties, 'conditionVersion'),
  };
}

function isSameHeld(left: HeldRole, right: HeldRole): boolean {
  const isNamedAlike = left.name === right.name || left.schedule === right.schedule;
  return sideOf(left) === sideOf(right) && isNamedAlike && sameText(left.scope, right.scope);
}

/** A role assignment, its schedule and its instance are one: what is said last and most exactly counts. */
function merged(all: readonly HeldRole[]): HeldRole[] {
  return all.reduce<HeldRole[]>((known, held) => [...known.filter((each) => !isSameHeld(each, held)), held], []);
}

function completed(rules: readonly JsonObject[]): readonly JsonObject[] {
  const unknown = rules.filter(({ id }) => !DEFAULT_RULES.some((rule) => rule.id === id));
  return [...DEFAULT_RULES.map((rule) => rules.find(({ id }) => id === rule.id) ?? rule), ...unknown];
}

/** Settings say their rules, and only their assignment says whose they are. */
function policyFrom(assignment: Entry, policies: readonly Entry[], now: Date): RolePolicy {
  const { scope, properties } = assignment;
  const policyId = textAt(properties, 'policyId') ?? '';
  const policy = policies.find(({ name }) => sameText(name, tailOf(policyId)));
  const effective = listAt(properties, 'effectiveRules');
  const rules = listAt(policy?.properties, 'rules');
  return {
    name: tailOf(policyId) || derivedGuid(assignment.name),
    scope,
    role: tailOf(textAt(properties, 'roleDefinitionId') ?? ''),
    rules: completed(rules.length > 0 ? rules : effective),
    effectiveRules: effective.length > 0 ? effective : undefined,
    lastModifiedOn: dateOf(textAt(policy?.properties, 'lastModifiedDateTime'), now),
    lastModifiedBy: textAt(policy?.properties, 'lastModifiedBy', 'displayName'),
  };
}

function checkRoles(state: AuthorizationState): AuthorizationState {
  for (const { role, name } of state.held) {
    if (!roleIn(state, role)) throw new Error(`the role definition of ${name} is not in the estate: ${role}`);
  }
  return state;
}

/**
 * The state that an estate's entries describe; throws Error with one sentence. Rules that settings leave out are the default
 * ones; `effectiveRules` are taken as they are written, so that an estate may hold settings that contradict themselves.
 */
export function readAuthorization(input: readonly JsonObject[], now: Date): AuthorizationState {
  const entries = input.flatMap(entryOf);
  const of = (...collections: readonly string[]): Entry[] =>
    entries.filter(({ path }) => collections.includes(path.collection));
  const inOrder = [...ACTIVE, ...ELIGIBLE].flatMap((collection) => of(collection));
  return checkRoles({
    ...NOTHING_AUTHORIZED,
    customRoles: of('roleDefinitions')
      .filter(({ name }) => roleIn(NOTHING_AUTHORIZED, name) === undefined)
      .map((entry) => definitionFrom(entry, now)),
    held: merged(inOrder.map((entry) => heldFrom(entry, now))),
    denyAssignments: of('denyAssignments').map(({ whole }) => whole),
    policies: of('roleManagementPolicyAssignments').map((entry) =>
      policyFrom(entry, of('roleManagementPolicies'), now),
    ),
  });
}
