/** Roles of the directory that may rewrite what guards the sign-in, and who holds them. */
import { objectOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import { effectiveOf } from './effective';
import type { Entry } from './entry';
import { type DirectoryRole, type Identity, type ObjectId, objectIdOf } from './identity';
import type { Membership } from './membership';
import { boundedName, malformed } from './read-gap';

/**
 * Templates of the built-in roles that may write Conditional Access, contexts or strengths, or make themselves able to: whoever resets
 * how an administrator signs in becomes one.
 * https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
const WRITERS: ReadonlyMap<ObjectId, string> = new Map([
  ['62e90394-69f5-4237-9190-012177145e10', 'Global Administrator'],
  ['b1be1c3e-5b65-4f19-8427-f6fa0d97feb9', 'Conditional Access Administrator'],
  ['194ae4cb-b126-40b2-bd5b-6091b380977d', 'Security Administrator'],
  ['e8611ab8-c189-46e8-94e1-60213ab1f814', 'Privileged Role Administrator'],
  ['7be44c8a-adaf-4e2a-84d6-ab2649e08a13', 'Privileged Authentication Administrator'],
  ['e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8', 'Partner Tier2 Support'],
]);

/** Of the roles that may do so. */
export const WRITER_TEMPLATES: ReadonlySet<ObjectId> = new Set(WRITERS.keys());

export interface SignInWriter {
  readonly principal: ObjectId;
  /** Microsoft's name of the role, in whatever language the tenant shows it. */
  readonly role: string;
  /** Empty where they hold it themselves. */
  readonly membership: readonly Membership[];
}

/** Everyone who can rewrite what guards the sign-in without activating anything; sorted. Unread members are nobody. */
export function signInWriters(identity: Identity): readonly SignInWriter[] {
  const { expand } = effectiveOf(identity);
  const writers = (identity.directoryRoles ?? []).flatMap(({ template, members = [] }) => {
    const role = WRITERS.get(template);
    if (role === undefined) return [];
    return members.flatMap((principal): SignInWriter[] => {
      if (!identity.groups.has(principal)) return [{ principal, role, membership: [] }];
      const standing = expand(principal).paths.filter(({ holding }) => holding === 'assigned');
      return standing.map((path) => ({ principal: path.principal, role, membership: path.chain }));
    });
  });
  return writers.toSorted((a, b) => (`${a.principal} ${a.role}` < `${b.principal} ${b.role}` ? -1 : 1));
}

/** Reads roles of the directory; undefined where there is none among the entries, which no tenant answers. */
export function readDirectoryRoles(entries: readonly Entry[], gaps: Gap[]): DirectoryRole[] | undefined {
  const members = new Map<string, Set<ObjectId>>();
  const add = (role: string, member: unknown): void => {
    const known = members.get(role) ?? new Set();
    const id = textOf(objectOf(member).id);
    members.set(role, id === undefined ? known : known.add(objectIdOf(id)));
  };
  for (const { kind, json, of } of entries) {
    if (kind === 'directory-role-member' && of?.relation === 'members') add(of.whole, json);
  }
  const roles = new Map<ObjectId, DirectoryRole>();
  for (const { kind, json } of entries) {
    if (kind !== 'directory-role') continue;
    const id = textOf(json.id);
    const template = textOf(json.roleTemplateId);
    if (id === undefined || template === undefined) {
      gaps.push(malformed(kind, json, 'id or roleTemplateId'));
      continue;
    }
    const key = objectIdOf(id);
    const own = members.get(key);
    const name = boundedName(json, ['displayName'], key);
    roles.set(key, { id: key, template: objectIdOf(template), name, ...(own && { members: [...own] }) });
  }
  return roles.size === 0 ? undefined : [...roles.values()];
}
