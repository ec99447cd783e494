/** A tenant whose sign-in settings are as they should be, as the core's data, and small edits to it, for tests of the core. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASTION_ACTIONS } from '../shared/policy/identity-section';
import type {
  Asset,
  ConditionalAccessPolicy,
  DirectoryRole,
  Group,
  Identity,
  Principal,
  RoleAssignment,
  RoleDefinition,
  RoleSettings,
} from '../shared/identity/identity';
import type { JsonObject } from '../shared/network/json';
import { type AccessPolicy, readPolicy } from '../shared/policy/policy';

export const NOW = new Date('2026-03-02T09:00:00Z');

export const SUBSCRIPTION = '/subscriptions/5ea1ab1e-0000-4000-8000-000000000001';
export const HUB = `${SUBSCRIPTION}/resourcegroups/rg-hub`;
export const APP = `${SUBSCRIPTION}/resourcegroups/rg-app`;

export const ALEX = 'a1e00000-0000-4000-8000-000000000001';
export const SAM = '5a000000-0000-4000-8000-000000000002';
export const KIM = 'c1000000-0000-4000-8000-000000000003';
export const GUEST = '90e50000-0000-4000-8000-000000000004';
export const BREAK_GLASS_USER = 'b9000000-0000-4000-8000-000000000001';
export const BREAK_GLASS = 'b9b90000-0000-4000-8000-0000000000b9';
export const BASTION_USERS = 'ba570000-0000-4000-8000-0000000000ba';
export const BASTION_TEAM = 'ba571111-0000-4000-8000-0000000000bb';
export const APPROVERS = 'aa000000-0000-4000-8000-0000000000aa';
export const GUARDRAIL = '9a4d0000-0000-4000-8000-000000000002';
export const BASTION_ROLE = 'ba571000-0000-4000-8000-000000000001';
export const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
export const SIGN_IN_POLICY = '0f0f0f0f-0000-4000-8000-0000000000c1';
export const STRENGTH = '00000000-0000-0000-0000-000000000004';

/** A tenant that keeps every promise: two people eligible by nested groups, at two places. */
export function tenant(): Identity {
  return {
    principals: new Map([...people(), ...groups()].map((each) => [each.id, each])),
    groups: new Map(groups().map((each) => [each.id, each])),
    roles: new Map(roles().map((each) => [each.id, each])),
    assignments: [eligible(BASTION_USERS, HUB), eligible(BASTION_USERS, APP)],
    denyAssignments: [],
    roleSettings: [settings(HUB), settings(APP)],
    contexts: new Map([
      ['c1', { id: 'c1', name: 'Bastion', isAvailable: true }],
      ['c2', { id: 'c2', name: 'Other', isAvailable: true }],
    ]),
    strengths: new Map([
      [
        STRENGTH,
        {
          id: STRENGTH,
          name: 'Phishing resistant MFA',
          isBuiltIn: true,
          allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'],
        },
      ],
    ]),
    policies: [signInPolicy()],
    assets: assets(),
    activations: [],
    directoryRoles: globalAdministrators(BREAK_GLASS_USER),
    whatIf: [ALEX, SAM].map((id) => ({ user: id, context: 'c1', policies: [SIGN_IN_POLICY] })),
    pendingRequests: [],
  };
}

/** The one role of the directory that the tenant uses, held by these. */
export function globalAdministrators(...members: readonly string[]): readonly DirectoryRole[] {
  const name = 'Global Administrator';
  return [
    { id: 'd1000000-0000-4000-8000-0000000000d1', template: '62e90394-69f5-4237-9190-012177145e10', name, members },
  ];
}

/** The policy that the tenant keeps; `identity` is merged into its section on sign-in. */
export function signInAs(identity: Readonly<Record<string, unknown>> = {}, extra: object = {}): AccessPolicy {
  const data = {
    version: 1,
    identity: {
      breakGlass: [BREAK_GLASS],
      guardrailIdentities: [GUARDRAIL],
      bastionRole: { principals: [BASTION_USERS], scopes: [SUBSCRIPTION] },
      // Where nothing is activated, the policy may not say what activating takes.
      ...(identity.signIn === 'management-api' ? {} : { activation: { approvers: [APPROVERS] } }),
      ...identity,
    },
    ...extra,
  };
  const result = readPolicy(data, []);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

function user(id: string, name: string, extra: Partial<Principal> = {}): Principal {
  return { id, kind: 'user', name, userName: `${name}@contoso.example`, ...extra };
}

function people(): Principal[] {
  return [
    user(ALEX, 'alex'),
    user(SAM, 'sam'),
    user(KIM, 'kim'),
    user(GUEST, 'guest', { isGuest: true }),
    user(BREAK_GLASS_USER, 'break-glass-1'),
    { id: GUARDRAIL, kind: 'service-principal', name: 'guardrail-identity' },
  ];
}

export function group(id: string, name: string, members: readonly string[], extra: Partial<Group> = {}): Group {
  return { id, kind: 'group', name, members, owners: [], eligibleMembers: [], eligibleOwners: [], ...extra };
}

function groups(): Group[] {
  return [
    group(BREAK_GLASS, 'grp-break-glass', [BREAK_GLASS_USER]),
    group(BASTION_USERS, 'grp-bastion-users', [BASTION_TEAM]),
    group(BASTION_TEAM, 'grp-bastion-team', [ALEX, SAM]),
    group(APPROVERS, 'grp-approvers', [KIM]),
  ];
}

export function role(
  id: string,
  name: string,
  actions: readonly string[],
  dataActions: readonly string[] = [],
): RoleDefinition {
  const resource = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
  const permissions = [{ actions, notActions: [], dataActions, notDataActions: [] }];
  return { id, resource, name, isCustom: true, assignableScopes: [SUBSCRIPTION], permissions };
}

function roles(): RoleDefinition[] {
  return [
    role(BASTION_ROLE, 'Bastion Users', BASTION_ACTIONS, ['Microsoft.Compute/virtualMachines/login/action']),
    { ...role(READER, 'Reader', ['*/read']), isCustom: false },
    { ...role(OWNER, 'Owner', ['*']), isCustom: false },
  ];
}

/** An eligibility for the Bastion role, for half a year, as PIM knows it. */
export function eligible(principal: string, scope: string, extra: Partial<RoleAssignment> = {}): RoleAssignment {
  return {
    resource: `${scope}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances/${principal}`,
    role: BASTION_ROLE,
    principal,
    scope,
    holding: 'eligible',
    inPim: true,
    start: '2026-01-01T00:00:00Z',
    end: '2026-06-30T00:00:00Z',
    ...extra,
  };
}

/** The same without an end. */
export function endless(assignment: RoleAssignment): RoleAssignment {
  const { end, ...rest } = assignment;
  return end === undefined ? assignment : rest;
}

/** A group of which the members could not be read. */
export function unread(before: Group): Group {
  const { members, ...rest } = before;
  return members === undefined ? before : rest;
}

/** An assignment without end, made outside PIM. */
export function assigned(
  principal: string,
  held: string,
  scope: string,
  extra: Partial<RoleAssignment> = {},
): RoleAssignment {
  const resource = `${scope}/providers/Microsoft.Authorization/roleAssignments/${principal}`;
  return { resource, role: held, principal, scope, holding: 'assigned', inPim: false, ...extra };
}

const TARGETS = ['Admin_Eligibility', 'Admin_Assignment', 'EndUser_Assignment'];

/** All seventeen rules as they should be, with a property nobody here knows. */
export function rules(): ReadonlyMap<string, JsonObject> {
  const kinds = ['Expiration', 'Enablement', 'Notification_Admin', 'Notification_Requestor', 'Notification_Approver'];
  const ids = kinds.flatMap((kind) => TARGETS.map((target) => `${kind}_${target}`));
  const all = [...ids, 'Approval_EndUser_Assignment', 'AuthenticationContext_EndUser_Assignment'];
  return new Map(all.map((id) => [id, { id, ...BODIES[id], ...endings(id), unknownToUs: 'kept' }]));
}

function endings(id: string): JsonObject {
  const [caller = '', level = ''] = id.split('_').slice(-2);
  return {
    target: { caller, operations: ['All'], level, targetObjects: [], inheritableSettings: [], enforcedSettings: [] },
  };
}

const BODIES: Readonly<Record<string, JsonObject>> = {
  Expiration_EndUser_Assignment: { isExpirationRequired: true, maximumDuration: 'PT4H' },
  Expiration_Admin_Eligibility: { isExpirationRequired: true, maximumDuration: 'P180D' },
  Expiration_Admin_Assignment: { isExpirationRequired: true, maximumDuration: 'P15D' },
  Enablement_EndUser_Assignment: { enabledRules: ['Justification'] },
  Enablement_Admin_Assignment: { enabledRules: ['MultiFactorAuthentication', 'Justification'] },
  Enablement_Admin_Eligibility: { enabledRules: [] },
  AuthenticationContext_EndUser_Assignment: { isEnabled: true, claimValue: 'c1' },
  Approval_EndUser_Assignment: {
    setting: {
      isApprovalRequired: true,
      approvalMode: 'SingleStage',
      approvalStages: [
        {
          approvalStageTimeOutInDays: 1,
          primaryApprovers: [{ id: APPROVERS, description: 'grp-approvers', isBackup: false, userType: 'Group' }],
        },
      ],
    },
  },
};

export function settings(scope: string): RoleSettings {
  const resource = `${scope}/providers/Microsoft.Authorization/roleManagementPolicies/11111111-0000-4000-8000-000000000001`;
  return { resource, scope, role: BASTION_ROLE, rules: rules(), effectiveRules: rules() };
}

const COMPLIANT = JSON.parse(readFileSync(join(__dirname, 'sign-in-policy.json'), 'utf8')) as Pick<
  ConditionalAccessPolicy,
  'conditions' | 'grantControls' | 'sessionControls'
>;

export function signInPolicy(extra: Partial<ConditionalAccessPolicy> = {}): ConditionalAccessPolicy {
  return { id: SIGN_IN_POLICY, name: 'Bastion activation', state: 'enabled', ...structuredClone(COMPLIANT), ...extra };
}

function assets(): Asset[] {
  const host = `${HUB}/providers/microsoft.network/bastionhosts/bas-hub`;
  const machine = `${APP}/providers/microsoft.compute/virtualmachines/vm-app-1`;
  const nic = `${APP}/providers/microsoft.network/networkinterfaces/nic-app-1`;
  return [
    { id: host, kind: 'bastion-host', name: 'bas-hub' },
    {
      id: machine,
      kind: 'virtual-machine',
      name: 'vm-app-1',
      operatingSystem: 'windows',
      extensions: ['AADLoginForWindows'],
      interfaces: [nic],
    },
    { id: nic, kind: 'network-interface', name: 'nic-app-1' },
  ];
}

/** The tenant with more assignments. */
export function withAssignments(identity: Identity, ...added: readonly RoleAssignment[]): Identity {
  return { ...identity, assignments: [...identity.assignments, ...added] };
}

export function withGroup(identity: Identity, id: string, edit: (before: Group) => Group): Identity {
  const before = identity.groups.get(id) ?? group(id, id, []);
  const after = edit(before);
  return {
    ...identity,
    groups: new Map(identity.groups).set(id, after),
    principals: new Map(identity.principals).set(id, after),
  };
}

/** The tenant with the sign-in policy changed. */
export function withPolicy(
  identity: Identity,
  edit: (before: ConditionalAccessPolicy) => ConditionalAccessPolicy,
): Identity {
  const policies = identity.policies.map((each) => (each.id === SIGN_IN_POLICY ? edit(each) : each));
  return { ...identity, policies };
}

/** The tenant with conditions of the sign-in policy replaced, `users` and `applications` joined with what was there. */
export function withConditions(identity: Identity, changes: { readonly [key: string]: unknown }): Identity {
  return withPolicy(identity, (before) => ({
    ...before,
    conditions: Object.entries(changes).reduce<JsonObject>((conditions, [key, value]) => {
      const joins = key === 'users' || key === 'applications';
      return { ...conditions, [key]: joins ? { ...(conditions[key] as object), ...(value as object) } : value };
    }, before.conditions),
  }));
}

/** The tenant with a rule of the settings at one scope changed, as it is set and as it is in force. */
export function withRule(
  identity: Identity,
  scope: string,
  id: string,
  edit: (before: JsonObject) => JsonObject,
): Identity {
  const changed = (all: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, JsonObject> =>
    new Map(all).set(id, edit(all.get(id) ?? {}));
  const roleSettings = identity.roleSettings.map((each) =>
    each.scope === scope ? { ...each, rules: changed(each.rules), effectiveRules: changed(each.effectiveRules) } : each,
  );
  return { ...identity, roleSettings };
}
