/** Everything that guards the sign-in, as the local Azure holds it: for what became of it, one line for each difference. */
import { at, isObject, listAt, textAt } from '../json';
import type { Estate } from './estate';
import { authorization, bastionRole, roleSettings, scopeOf, subscriptionScope } from './identity-scene';
import type { Stage } from './stage';

const COLLECTIONS = [
  'users',
  'groups',
  'conditionalAccessPolicies',
  'authenticationContexts',
  'authenticationStrengths',
];
const HELD = ["roleDefinitions?$filter=type eq 'CustomRole'", 'roleAssignments', 'roleEligibilitySchedules'];
const SETTINGS = ['rg-hub', 'rg-app', 'rg-data'];

/** What every write of the directory and of PIM moves by itself. */
const unasked = new Set(['modifiedDateTime', 'updatedOn', 'updatedBy']);

/** Every object by a name that people read, to be compared by `estateDifference`. */
export async function tenantOf(stage: Stage): Promise<Estate> {
  const directory = at(await stage.control('GET', '/directory'), 'directory');
  const objects = COLLECTIONS.flatMap((name) => listAt(directory, name));
  const held = await Promise.all(
    HELD.map(async (list) => listAt(await stage.get(authorization(subscriptionScope, encodeURI(list))), 'value')),
  );
  const settings = await Promise.all(
    SETTINGS.map(async (group) => {
      const { rules } = await roleSettings(stage, scopeOf(group));
      return [`settings of ${bastionRole} on ${group}`, Object.fromEntries(rules)] as const;
    }),
  );
  return new Map<string, unknown>([
    ...[...objects, ...held.flat()].map((each) => [nameOf(each), lasting(each)] as const),
    ...settings,
  ]);
}

/** By name and id, because names are not unique; without a slash, which would cut it. */
function nameOf(entity: unknown): string {
  const id = textAt(entity, 'id').split('/').at(-1) ?? '';
  const name = textAt(entity, 'displayName') || textAt(entity, 'properties', 'roleName');
  return name === '' || isObject(at(entity, 'conditions')) ? id : `${name} (${id})`;
}

function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !unasked.has(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, lasting(each)]));
}
