/** Sign-in settings as plain data: who holds which role, how it is activated, and what Conditional Access asks for. */
import type { JsonObject } from '../network/json';

/** A GUID in lower case, without whatever path it came with: ids of roles and principals are compared by it. */
export type ObjectId = string;

/** An ARM scope in lower case, `/` for the whole tenant; the two ways Azure writes a subscription's are one here. */
export type ScopeKey = string;

export type PrincipalKind = 'user' | 'group' | 'service-principal' | 'unknown';

export interface Principal {
  readonly id: ObjectId;
  readonly kind: PrincipalKind;
  /** Display name; attacker-controlled text. */
  readonly name: string;
  /** As in `alex@contoso.example`, for users. */
  readonly userName?: string;
  readonly isGuest?: true;
  readonly isDisabled?: true;
}

export interface Group extends Principal {
  readonly kind: 'group';
  /** Direct members; undefined where they could not be read. */
  readonly members?: readonly ObjectId[];
  readonly owners: readonly ObjectId[];
  /** Memberships that PIM for Groups may activate. */
  readonly eligibleMembers: readonly ObjectId[];
  readonly eligibleOwners: readonly ObjectId[];
  /** Members of now who are in it by a current activation in PIM for Groups; they may be among `members` too. */
  readonly activatedMembers?: readonly ObjectId[];
  readonly activatedOwners?: readonly ObjectId[];
  /** Everybody in it at any depth, where that was read. */
  readonly transitiveMembers?: readonly ObjectId[];
}

/** A role of the directory itself, such as Conditional Access Administrator: Azure's roles know nothing of it. */
export interface DirectoryRole {
  readonly id: ObjectId;
  /** The same in every tenant. */
  readonly template: ObjectId;
  readonly name: string;
  /** Who holds it now; undefined where that was not read. */
  readonly members?: readonly ObjectId[];
}

export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export interface RoleDefinition {
  readonly id: ObjectId;
  /** The ARM id, casing as read. */
  readonly resource: string;
  readonly name: string;
  readonly isCustom: boolean;
  readonly assignableScopes: readonly ScopeKey[];
  readonly permissions: readonly Permission[];
}

/**
 * - `assigned`: held without activating anything, in PIM or outside it; - `activated`: by a current activation;
 * - `eligible`: may be activated; - `planned`: assigned from a later date on
 */
export type Holding = 'assigned' | 'activated' | 'eligible' | 'planned';

export interface RoleAssignment {
  /** The ARM id, casing as read. */
  readonly resource: string;
  readonly role: ObjectId;
  readonly principal: ObjectId;
  readonly scope: ScopeKey;
  readonly holding: Holding;
  /** Whether PIM knows it by a schedule: that decides how it is taken away. */
  readonly inPim: boolean;
  /** ISO 8601; undefined: without end. */
  readonly end?: string;
  readonly start?: string;
  /** An ABAC condition: it may narrow what the role allows, and is not evaluated here. */
  readonly condition?: string;
  /** The eligible schedule that a current activation came from. */
  readonly linkedEligibility?: string;
}

export interface DenyAssignment {
  readonly resource: string;
  readonly scope: ScopeKey;
  readonly doesNotApplyToChildScopes: boolean;
  readonly permissions: readonly Permission[];
  /** Empty GUID: everyone. */
  readonly principals: readonly ObjectId[];
  readonly excludedPrincipals: readonly ObjectId[];
}

/** What PIM asks of whoever activates or is assigned a role at one scope; a group's membership has settings as well. */
export interface RoleSettings {
  /** The policy's ARM or Graph id as of now: its name changes with every update. */
  readonly resource: string;
  readonly scope: ScopeKey;
  /** Undefined for a group's settings. */
  readonly role?: ObjectId;
  /** For settings of PIM for Groups: which group, and whether they hold for its members or its owners. */
  readonly group?: { readonly id: ObjectId; readonly as: 'member' | 'owner' };
  /** When they were last changed, ISO 8601. */
  readonly modified?: string;
  /** Raw rules of the policy by id, as in `AuthenticationContext_EndUser_Assignment`. */
  readonly rules: ReadonlyMap<string, JsonObject>;
  /** Raw rules that are in force according to the policy's assignment. */
  readonly effectiveRules: ReadonlyMap<string, JsonObject>;
}

export interface AuthenticationContext {
  /** `c1` to `c99`. */
  readonly id: string;
  readonly name: string;
  readonly isAvailable: boolean;
}

export interface AuthenticationStrength {
  readonly id: ObjectId;
  readonly name: string;
  readonly isBuiltIn: boolean;
  readonly allowedCombinations: readonly string[];
}

/** Named in full so as not to be taken for the AccessPolicy. Conditions stay raw: what is unknown must not be lost. */
export interface ConditionalAccessPolicy {
  readonly id: ObjectId;
  readonly name: string;
  readonly state: string;
  readonly modified?: string;
  readonly conditions: JsonObject;
  readonly grantControls: JsonObject | null;
  readonly sessionControls: JsonObject | null;
  /** What else the policy holds that this model does not know and that is not null. */
  readonly unknown?: JsonObject;
}

/** A Bastion host, machine, interface or vault: what roles are about. */
export interface Asset {
  readonly id: string;
  readonly kind: 'bastion-host' | 'virtual-machine' | 'network-interface' | 'virtual-network' | 'key-vault';
  readonly name: string;
  /** Names of the machine's sign-in extensions, for machines whose extensions were read. */
  readonly extensions?: readonly string[];
  readonly operatingSystem?: 'windows' | 'linux';
  /** Of a machine: ids of its interfaces, casing as read. */
  readonly interfaces?: readonly string[];
  /** Of a vault: whether roles decide who reads its secrets, or its own access policies. */
  readonly usesRoles?: boolean;
}

/** An activation that was made, as the schedule requests show it. */
export interface Activation {
  readonly resource: string;
  readonly role: ObjectId;
  readonly principal: ObjectId;
  readonly scope: ScopeKey;
  readonly at: string;
  readonly end?: string;
}

/** What Microsoft's own what-if says of one user and the context. */
export interface WhatIf {
  readonly user: ObjectId;
  readonly context: string;
  /** Ids of the policies that apply and are enabled. */
  readonly policies: readonly ObjectId[];
}

export interface Identity {
  readonly tenantId?: string;
  readonly principals: ReadonlyMap<ObjectId, Principal>;
  readonly groups: ReadonlyMap<ObjectId, Group>;
  readonly roles: ReadonlyMap<ObjectId, RoleDefinition>;
  readonly assignments: readonly RoleAssignment[];
  readonly denyAssignments: readonly DenyAssignment[];
  readonly roleSettings: readonly RoleSettings[];
  readonly contexts: ReadonlyMap<string, AuthenticationContext>;
  readonly strengths: ReadonlyMap<ObjectId, AuthenticationStrength>;
  readonly policies: readonly ConditionalAccessPolicy[];
  readonly assets: readonly Asset[];
  readonly activations: readonly Activation[];
  /** Undefined where they were not read. */
  readonly directoryRoles?: readonly DirectoryRole[];
  /** Undefined where it was not asked. */
  readonly whatIf?: readonly WhatIf[];
  /** Pending schedule requests by the key of what they ask for are left to the writer; these are their ARM ids. */
  readonly pendingRequests: readonly string[];
}

export const EMPTY_IDENTITY: Identity = {
  principals: new Map(),
  groups: new Map(),
  roles: new Map(),
  assignments: [],
  denyAssignments: [],
  roleSettings: [],
  contexts: new Map(),
  strengths: new Map(),
  policies: [],
  assets: [],
  activations: [],
  pendingRequests: [],
};

/** The GUID at the end of an id of whatever shape, in lower case. */
export function objectIdOf(id: string): ObjectId {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

/** An ARM scope of whatever shape as a key: `/providers/Microsoft.Subscription/subscriptions/X` is `/subscriptions/x`. */
export function scopeKeyOf(scope: string): ScopeKey {
  const rooted = `/${scope.toLowerCase()}`.replace(/^\/+/, '/').replace(/\/+$/, '');
  return rooted.replace(/^\/providers\/microsoft\.subscription(?=\/subscriptions\/)/, '') || '/';
}

const MANAGEMENT_GROUP = '/providers/microsoft.management/managementgroups/';

/**
 * Whether what holds at `scope` holds at `place` too: the same scope or one above it. A management group counts as
 * above every subscription: which ones it holds is not known here, and ARM lists at a subscription only those above it.
 */
export function covers(scope: ScopeKey, place: ScopeKey): boolean {
  if (scope === '/' || scope === place || place.startsWith(`${scope}/`)) return true;
  return scope.startsWith(MANAGEMENT_GROUP) && place.startsWith('/subscriptions/');
}
