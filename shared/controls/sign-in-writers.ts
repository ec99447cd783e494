/** Who may rewrite what a sign-in takes: roles of the directory, of which Azure's assignments know nothing. */
import type { Finding } from '../finding';
import { breakGlassUsers } from '../identity/break-glass';
import { signInWriters, type SignInWriter } from '../identity/directory-roles';
import type { Identity, ObjectId } from '../identity/identity';
import type { Gap } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { isAllowedStanding } from './allowed-standing';
import { findingOf } from './identity-finding';
import { nameOfPrincipal } from './identity-words';

/** One finding for each person or group that holds such a role for good and is not listed; break-glass accounts have to. */
export function writerFindings(control: string, identity: Identity, policy: AccessPolicy): Finding[] {
  const { breakGlass, guardrailIdentities } = policy.identity;
  const known = new Set([
    ...guardrailIdentities,
    ...breakGlass,
    ...breakGlass.flatMap((id) => breakGlassUsers(identity, id)),
  ]);
  const isKnown = (id: ObjectId): boolean => known.has(id) || isAllowedStanding(id, '/', policy);
  const causes = new Map<string, SignInWriter[]>();
  for (const writer of signInWriters(identity)) {
    const holder = holderOf(writer);
    if (isKnown(writer.principal) || isKnown(holder) || identity.principals.get(writer.principal)?.isDisabled) continue;
    const key = `${writer.role} ${holder}`;
    causes.set(key, [...(causes.get(key) ?? []), writer]);
  }
  return [...causes.values()].flatMap((writers) => {
    const [first] = writers;
    return first ? [writerFinding(control, first, writers, identity)] : [];
  });
}

/** The group that has the role, where the person has it by a group. */
function holderOf({ principal, membership }: SignInWriter): ObjectId {
  return membership[0]?.group ?? principal;
}

function writerFinding(
  control: string,
  first: SignInWriter,
  writers: readonly SignInWriter[],
  identity: Identity,
): Finding {
  const holder = holderOf(first);
  const name = nameOfPrincipal(identity, holder);
  return findingOf({
    control,
    resource: `/directoryobjects/${holder}`,
    severity: 'medium',
    title: `${name} is active ${first.role} and can rewrite what a sign-in takes without activating anything`,
    cause: ['writer', first.role, holder],
    discrepancies: [
      { setting: 'who may rewrite sign-in settings', wanted: 'the guardrail and those the policy lists', found: name },
    ],
    paths: writers.map(({ principal }) => {
      const via = principal === holder ? '' : ` through group ${name}`;
      return `${nameOfPrincipal(identity, principal)} is active ${first.role}${via} and can switch the sign-in policy off without activating anything`;
    }),
  });
}

/** Where the roles of the directory were not read, nobody knows who may rewrite its policies. */
export function writerGaps({ directoryRoles, policies }: Identity): Gap[] {
  if (directoryRoles !== undefined || policies.length === 0) return [];
  const why =
    'who may change Conditional Access was not read; allow reading directory roles (RoleManagement.Read.Directory), or export them';
  return [{ resource: '/directoryroles', what: 'directory-roles-unread', why, touchesAdminPort: false }];
}
