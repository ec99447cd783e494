// What an organisation lays over its resources: roles, deny assignments, policies, locks; read from an estate's entries.
import type { JsonObject } from './json';
import { at, listAt, objectAt, sameText, textAt, textsAt } from './json';
import type { PolicyRule } from './policy-rule';
import { parsePolicyRule } from './policy-rule';

export type LockLevel = 'CanNotDelete' | 'ReadOnly';

export interface Lock {
  readonly scope: string;
  readonly name: string;
  readonly level: LockLevel;
  readonly notes?: string | undefined;
}

export interface Permissions {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** A role that a principal holds at a scope. A principal is an object id, an application id, a name, or `identity`. */
export interface Grant extends Permissions {
  readonly principal: string;
  /** Those that `principal` does not mean although it names them: applications with a role of their own. */
  readonly except?: readonly string[] | undefined;
  readonly scope: string;
}

export interface DenyAssignment extends Permissions {
  readonly name: string;
  readonly id: string;
  readonly scope: string;
  /** None: everybody. */
  readonly principals: readonly string[];
  readonly except: readonly string[];
}

export interface Policy {
  readonly name: string;
  readonly displayName: string;
  readonly assignmentId: string;
  readonly definitionId: string;
  readonly scope: string;
  readonly rule: PolicyRule;
}

export interface Governance {
  readonly locks: readonly Lock[];
  readonly grants: readonly Grant[];
  readonly denyAssignments: readonly DenyAssignment[];
  readonly policies: readonly Policy[];
}

export const NO_GOVERNANCE: Governance = { locks: [], grants: [], denyAssignments: [], policies: [] };

const ENTRY =
  /^(.*)\/providers\/Microsoft\.Authorization\/(locks|denyAssignments|policyDefinitions|policyAssignments)\/([^/]+)$/i;

/** True for an estate entry that governs resources instead of being one. */
export function isGovernance(entry: JsonObject): boolean {
  return ENTRY.test(textAt(entry, 'id') ?? '');
}

/** How ARM writes a level, whatever the casing; undefined for anything else. */
export function lockLevel(value: unknown): LockLevel | undefined {
  const text = typeof value === 'string' ? value : undefined;
  return (['CanNotDelete', 'ReadOnly'] as const).find((level) => sameText(level, text));
}

/** The `permissions` of a role definition or deny assignment, or of a file that describes a role. */
export function permissionsOf(value: unknown): Permissions[] {
  const lists = listAt(value, 'permissions').length > 0 ? listAt(value, 'permissions') : [objectAt(value)];
  return lists.map((each) => ({ actions: textsAt(each, 'actions'), notActions: textsAt(each, 'notActions') }));
}

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly scope: string;
  readonly properties: JsonObject;
}

const EVERYONE = '00000000-0000-0000-0000-000000000000';

function principalIds(value: readonly JsonObject[]): string[] {
  return value.map((each) => textAt(each, 'id') ?? '').filter((id) => id !== '' && id !== EVERYONE);
}

function lockFrom({ id, name, scope, properties }: Entry): Lock {
  const level = lockLevel(properties.level);
  if (!level) throw new Error(`the lock ${id} has no level CanNotDelete or ReadOnly`);
  return { scope, name, level, notes: textAt(properties, 'notes') };
}

function denyFrom({ id, name, scope, properties }: Entry): DenyAssignment[] {
  return permissionsOf(properties).map((permissions) => ({
    ...permissions,
    id,
    name: textAt(properties, 'denyAssignmentName') ?? name,
    scope: textAt(properties, 'scope') ?? scope,
    principals: principalIds(listAt(properties, 'principals')),
    except: principalIds(listAt(properties, 'excludePrincipals')),
  }));
}

function policyFrom(entry: Entry, all: readonly Entry[]): Policy {
  const definitionId = textAt(entry.properties, 'policyDefinitionId') ?? '';
  const definition = all.find(({ id }) => sameText(id, definitionId));
  if (!definition) throw new Error(`the policy definition of ${entry.id} is not in the estate: ${definitionId}`);
  return {
    name: definition.name,
    displayName: textAt(definition.properties, 'displayName') ?? definition.name,
    assignmentId: entry.id,
    definitionId: definition.id,
    scope: textAt(entry.properties, 'scope') ?? entry.scope,
    rule: parsePolicyRule(at(definition.properties, 'policyRule')),
  };
}

/** Reads an estate's locks, deny and policy assignments (the latter with their definitions); throws Error with one sentence. */
export function readGovernance(input: readonly JsonObject[]): Governance {
  const entries = input.map((entry): Entry => {
    const [id = '', scope = '', kind = '', name = ''] = ENTRY.exec(textAt(entry, 'id') ?? '') ?? [];
    return { id, scope, kind: kind.toLowerCase(), name, properties: objectAt(entry, 'properties') };
  });
  const of = (kind: string): Entry[] => entries.filter((entry) => entry.kind === kind);
  return {
    locks: of('locks').map(lockFrom),
    // Who holds which role changes while the tenant is up: Microsoft.Authorization keeps it.
    grants: [],
    denyAssignments: of('denyassignments').flatMap(denyFrom),
    policies: of('policyassignments').map((entry) => policyFrom(entry, of('policydefinitions'))),
  };
}
