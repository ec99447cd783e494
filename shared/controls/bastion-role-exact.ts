/** The custom role that opens Bastion allows what that takes and nothing more, and no other custom role allows the same. */
import type { Discrepancy, Finding, Severity } from '../finding';
import { actionsOverlap, matchesAction } from '../identity/action-pattern';
import type { Identity, RoleDefinition } from '../identity/identity';
import { BASTION_READS } from '../identity/paths-around';
import { allowsAll } from '../identity/permission-set';
import type { JsonObject } from '../network/json';
import type { AccessPolicy } from '../policy/policy';
import { asksOnActivation, bastionRoleOf } from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf, repair } from './identity-finding';
import { bounded, listed, nameOfPrincipal, placeNameOf } from './identity-words';

const ID = 'bastion-role-exact';

export const bastionRoleExact: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'The Bastion role allows what opening Bastion takes and nothing else',
  why: 'Everything that guards the way to Bastion hangs on one role. If the role allows more, its holders can do more than open a session; if another role allows the same, whoever has that one goes around the activation.',
  references: [
    'https://learn.microsoft.com/azure/bastion/bastion-faq#roles',
    'https://learn.microsoft.com/azure/role-based-access-control/custom-roles',
  ],
  check,
};

function check(identity: Identity, policy: AccessPolicy): Checked {
  if (identity.roles.size === 0) return checked([], rolesUnread(identity));
  const role = bastionRoleOf(identity, policy);
  if (!role) return checked(asksOnActivation(policy) ? [absentFinding(policy)] : []);
  const twins = asksOnActivation(policy) ? twinFindings(role, identity) : [];
  return checked([...permissionFindings(role, policy), ...twins]);
}

type Plane = 'actions' | 'dataActions';
const EXCEPTIONS = { actions: 'notActions', dataActions: 'notDataActions' } as const;

interface Departure {
  readonly cause: string;
  readonly severity: Severity;
  readonly what: string;
  readonly discrepancy: Discrepancy;
}

/** One cause for everything it allows beyond, each by itself; one for what it lacks. */
function permissionFindings(role: RoleDefinition, policy: AccessPolicy): Finding[] {
  const name = bounded(role.name);
  return (['actions', 'dataActions'] as const)
    .flatMap((plane) => departuresOf(role, policy.identity.bastionRole[plane], plane))
    .map(({ cause, severity, what, discrepancy }) =>
      findingOf({
        control: ID,
        resource: role.resource,
        severity,
        title: `Role ${name} ${what}`,
        cause: [role.id, cause],
        discrepancies: [discrepancy],
        remedies: [
          repair(
            `Give ${name} the permissions of the policy back`,
            [{ kind: 'restore-role', resource: role.resource, role: role.id, permissions: wantedPermissions(policy) }],
            { needsApproval: 'it changes what everybody with the role can do' },
          ),
        ],
      }),
    );
}

function departuresOf({ permissions }: RoleDefinition, wanted: readonly string[], plane: Plane): Departure[] {
  const given = [...new Set(permissions.flatMap((permission) => permission[plane]).map((each) => each.toLowerCase()))];
  const exceptions = permissions.flatMap((permission) => permission[EXCEPTIONS[plane]]);
  const asked = new Set(wanted.map((each) => each.toLowerCase()));
  const beyond = given.filter((each) => !asked.has(each)).toSorted();
  const missing = wanted.filter(
    (each) =>
      !given.some((pattern) => matchesAction(pattern, each)) || exceptions.some((not) => actionsOverlap(not, each)),
  );
  const extras = beyond.map(
    (action): Departure => ({
      cause: `${plane} beyond ${action}`,
      severity: isReadOnly(action) ? 'medium' : 'high',
      what: `allows ${bounded(action)}, which opening Bastion does not take`,
      discrepancy: { setting: plane, wanted: 'those of the policy and no more', found: `${bounded(action)} as well` },
    }),
  );
  if (missing.length === 0) return extras;
  const lacking = listed(missing.map(bounded), 3);
  return [
    ...extras,
    {
      cause: `${plane} missing`,
      severity: 'low',
      what: `does not allow ${lacking}, so its holders cannot open Bastion`,
      discrepancy: { setting: plane, wanted: listed(missing.map(bounded), 20), found: 'not allowed' },
    },
  ];
}

function isReadOnly(action: string): boolean {
  return action.endsWith('/read') && action !== '*/read';
}

function wantedPermissions({ identity }: AccessPolicy): JsonObject {
  const { actions, dataActions } = identity.bastionRole;
  return { actions, notActions: [], dataActions, notDataActions: [] };
}

/** Roles that come with Azure are known; a custom one that opens Bastion too is somebody's way around. */
function twinFindings(role: RoleDefinition, identity: Identity): Finding[] {
  const wants = { actions: Object.values(BASTION_READS).flat() };
  const twins = [...identity.roles.values()]
    .filter((other) => other.isCustom && other.id !== role.id && allowsAll(other.permissions, wants))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return twins.map((twin) => {
    const holders = identity.assignments.filter((assignment) => assignment.role === twin.id);
    const name = bounded(twin.name);
    return findingOf({
      control: ID,
      resource: twin.resource,
      severity: 'medium',
      title: `Custom role ${name} opens Bastion as ${bounded(role.name)} does, and nothing guards its activation`,
      cause: [twin.id, 'same actions'],
      discrepancies: [
        { setting: 'custom roles that open Bastion', wanted: bounded(role.name), found: `${name} as well` },
      ],
      paths: holders.map(
        ({ principal, scope, holding }) =>
          `${nameOfPrincipal(identity, principal)} ${holding === 'eligible' ? 'may activate' : 'has'} ${name} on ${placeNameOf(scope)}`,
      ),
    });
  });
}

function absentFinding({ identity: { bastionRole } }: AccessPolicy): Finding {
  const name = bastionRole.id ?? bastionRole.name;
  return findingOf({
    control: ID,
    resource: `/providers/microsoft.authorization/roledefinitions/${name.toLowerCase()}`,
    severity: 'medium',
    title: `There is no custom role ${name}: nothing that is activated opens Bastion`,
    cause: ['absent', name],
    discrepancies: [{ setting: 'custom role', wanted: name, found: 'not there' }],
  });
}

function rolesUnread({ assignments }: Identity): Checked['gaps'] {
  if (assignments.length === 0) return [];
  const why =
    'no role definition was read, so what the assignments allow is unknown; allow reading them (Reader) or export them';
  return [
    {
      resource: '/providers/microsoft.authorization/roledefinitions',
      what: 'roles-unread',
      why,
      touchesAdminPort: true,
    },
  ];
}
