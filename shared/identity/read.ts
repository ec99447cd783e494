/**
 * Raw ARM and Graph JSON → the identity settings as plain data, and what could not be read. Every piece is one resource
 * or one whole page, told apart like this:
 *
 * - ARM's resources by their `type`, or by their id where they have none; properties nested or flattened as `az` prints.
 * - Graph's objects by their own `@odata.type`; else by `@odata.context`, which whoever takes a page apart copies from the
 *   page to each of its items; else by structure.
 * - Members and owners of a group: the member with `@odata.context` ending in `$metadata#groups('ID')/members`, `/owners` or
 *   `/transitiveMembers`. Graph itself writes `#directoryObjects` there, so whoever asked has to write this. A page
 *   `{'@odata.context': "…#groups('ID')/members", 'value': []}` says that it was read and is empty; without a page or a
 *   member, members are unknown. `members` inside a group (`$expand`) counts where there are fewer than twenty.
 * - Roles of the directory: items of `/directoryRoles`, their members likewise with `…#directoryRoles('ID')/members`.
 * - PIM for Groups: items of `…/privilegedAccess/group/{eligibility,assignment}ScheduleInstances` and `eligibilitySchedules`;
 *   group settings as items of `/policies/roleManagementPolicyAssignments` with `$expand=policy($expand=rules)`.
 * - What-if: the whole answer of `evaluate` with the body that was sent as `request` beside its `value`.
 * - Extensions of a machine: entries of their own, or `resources` inside the machine, where `[]` says that there are none.
 * - The tenant's id: the `organization`.
 */
import type { Gap } from '../network/network';
import { textOf } from '../network/json';
import { readDirectoryRoles } from './directory-roles';
import { entriesOf, type Entry, type EntryKind } from './entry';
import { type Identity, objectIdOf } from './identity';
import { readAssets } from './read-assets';
import { readAssignments } from './read-assignments';
import { readDirectory } from './read-principals';
import { readRequests } from './read-requests';
import { readRoleSettings } from './read-role-settings';
import { readDenyAssignment, readRole } from './read-roles';
import { readContext, readPolicy, readStrength, readWhatIf } from './read-sign-in';

export interface ReadIdentity {
  readonly identity: Identity;
  readonly gaps: readonly Gap[];
}

/**
 * Reads the identity settings out of a flat list. What has ended by `now` is left out; what starts later is there as
 * `planned` or `eligible` with its start. Pieces of other kinds are passed over; what is malformed becomes a gap.
 */
export function readIdentity(entries: readonly unknown[], now: Date): ReadIdentity {
  const gaps: Gap[] = [];
  const found = entriesOf(entries);
  const of = (kind: EntryKind): readonly Entry[] => found.filter((entry) => entry.kind === kind);
  const every = <R>(kind: EntryKind, read: (entry: Entry, gaps: Gap[]) => R | undefined): R[] =>
    of(kind).flatMap((entry) => read(entry, gaps) ?? []);

  const tenant = of('organization').map(({ json }) => textOf(json.id))[0];
  const whatIf = every('what-if', readWhatIf);
  const directoryRoles = readDirectoryRoles(found, gaps);
  const identity: Identity = {
    ...(tenant && { tenantId: objectIdOf(tenant) }),
    ...readDirectory(found, now, gaps),
    roles: byId(every('role-definition', readRole)),
    assignments: readAssignments(found, now, gaps),
    denyAssignments: unique(every('deny-assignment', readDenyAssignment), ({ resource }) => resource.toLowerCase()),
    roleSettings: readRoleSettings(found, gaps),
    contexts: byId(every('authentication-context', readContext)),
    strengths: byId(every('authentication-strength', readStrength)),
    policies: [...byId(every('conditional-access-policy', readPolicy)).values()],
    assets: readAssets(found, gaps),
    ...readRequests(found, gaps),
    ...(directoryRoles && { directoryRoles }),
    ...(whatIf.length > 0 && { whatIf }),
  };
  return { identity, gaps };
}

function byId<R extends { readonly id: string }>(list: readonly R[]): Map<string, R> {
  return new Map(list.map((each) => [each.id, each]));
}

function unique<R>(list: readonly R[], keyFor: (each: R) => string): R[] {
  return [...new Map(list.map((each) => [keyFor(each), each])).values()];
}
