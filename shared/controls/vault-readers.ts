/** Who can read the secrets of a vault without activating anything: machines' passwords tend to be kept there. */
import type { Finding } from '../finding';
import { holdersOf, type Way } from '../identity/effective';
import type { Asset, Identity, ObjectId, RoleAssignment } from '../identity/identity';
import type { Gap } from '../network/network';
import { findingOf } from './identity-finding';
import { listed, nameOfPrincipal } from './identity-words';
import { assigneesIn, causeOf, membershipIn, rolesIn } from './standing-cause';

/** https://learn.microsoft.com/azure/key-vault/general/rbac-guide */
const READ_SECRET = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';

interface Reading {
  readonly principal: ObjectId;
  readonly via: readonly Way[];
  readonly vaults: Set<string>;
}

/** One finding for each set of assignments; `concerns` leaves out those whom the policy lists. */
export function vaultFindings(
  control: string,
  identity: Identity,
  concerns: (principal: ObjectId, assignments: readonly RoleAssignment[]) => boolean,
): Finding[] {
  const causes = new Map<string, Map<ObjectId, Reading>>();
  for (const vault of vaultsIn(identity)) {
    if (vault.usesRoles === false) continue;
    for (const { principal, via } of holdersOf(identity, { dataActions: [READ_SECRET] }, vault.id, ['assigned'])) {
      if (
        !concerns(
          principal,
          via.map(({ assignment }) => assignment),
        )
      )
        continue;
      const key = JSON.stringify(causeOf(via));
      const readings = causes.get(key) ?? new Map<ObjectId, Reading>();
      causes.set(key, readings);
      const reading = readings.get(principal) ?? { principal, via, vaults: new Set() };
      reading.vaults.add(vault.name);
      readings.set(principal, reading);
    }
  }
  return [...causes.values()].flatMap((readings) => findingsOf(control, [...readings.values()], identity));
}

function findingsOf(control: string, readings: readonly Reading[], identity: Identity): Finding[] {
  const [first] = readings;
  const [assignment] = (first?.via ?? []).map((way) => way.assignment);
  if (!first || !assignment) return [];
  const roles = rolesIn(identity, first.via);
  return [
    findingOf({
      control,
      resource: assignment.resource,
      severity: 'low',
      title: `${assigneesIn(identity, first.via)} is active ${roles} and can read secrets of ${listed([...first.vaults], 3)}`,
      cause: ['vault', ...causeOf(first.via)],
      discrepancies: [
        { setting: 'standing access to secrets', wanted: 'nobody but those the policy lists', found: roles },
      ],
      paths: readings.map(
        ({ principal, via, vaults }) =>
          `${nameOfPrincipal(identity, principal)} is active ${rolesIn(identity, via)}${membershipIn(identity, via)} and can read the passwords kept in ${listed([...vaults])}`,
      ),
    }),
  ];
}

/** Access policies of a vault are its own lists, and no role tells who is on them. */
export function vaultGaps(identity: Identity): Gap[] {
  const why =
    'its own access policies may let people read secrets, and they are not looked up here; let roles decide (enableRbacAuthorization), or review them';
  return vaultsIn(identity)
    .filter(({ usesRoles }) => usesRoles !== true)
    .map(({ id }) => ({ resource: id, what: 'vault-access-policies', why, touchesAdminPort: false }));
}

function vaultsIn({ assets }: Identity): readonly Asset[] {
  return assets.filter(({ kind }) => kind === 'key-vault');
}
