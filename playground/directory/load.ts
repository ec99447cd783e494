// Reads a tenant from plain JSON; nothing is validated as a write would be: it may hold what Graph would refuse today.
import { z } from 'zod';
import { BUILT_IN_STRENGTHS } from './built-in-strengths';
import { completePolicy } from './policy-shape';
import type { DirectoryState, Entity } from './state';
import { COLLECTIONS } from './state';

/** What the JSON of a tenant cannot be read for, in one sentence. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError';
}

const entities = z.array(z.looseObject({ id: z.string().min(1) })).default([]);

const tenant = z.strictObject({
  tenantId: z.string().min(1).default('7e4a4700-0000-4000-8000-000000000001'),
  displayName: z.string().default('Contoso'),
  appRoles: z.record(z.string(), z.array(z.string())).default({}),
  ...z.object({
    users: entities,
    groups: entities,
    servicePrincipals: entities,
    directoryRoles: entities,
    conditionalAccessPolicies: entities,
    authenticationContexts: entities,
    authenticationStrengths: entities,
    namedLocations: entities,
    directoryAudits: entities,
    groupEligibilityScheduleInstances: entities,
    groupAssignmentScheduleInstances: entities,
    groupPolicies: entities,
  }).shape,
});

function twice(list: readonly Entity[]): string | undefined {
  const ids = list.map(({ id }) => id.toLowerCase());
  return ids.find((id, index) => ids.indexOf(id) !== index);
}

/** A tenant with the built-in authentication strengths and nothing else, unless the JSON says. Throws DirectoryError. */
export function loadDirectory(json: unknown = {}): DirectoryState {
  const parsed = tenant.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'directory'}: ${issue.message}`);
    throw new DirectoryError(`The directory cannot be read. ${problems.join('; ')}`);
  }
  const given = parsed.data;
  for (const name of COLLECTIONS) {
    const id = twice(given[name]);
    if (id !== undefined)
      throw new DirectoryError(`The directory cannot be read. ${name}: two entries have the id ${id}`);
  }
  const own = given.authenticationStrengths.filter(({ id }) => !BUILT_IN_STRENGTHS.some((each) => each.id === id));
  return {
    ...given,
    appRoles: Object.fromEntries(Object.entries(given.appRoles).map(([id, roles]) => [id.toLowerCase(), roles])),
    authenticationStrengths: [...BUILT_IN_STRENGTHS, ...own],
    conditionalAccessPolicies: given.conditionalAccessPolicies.map((policy) => ({
      ...completePolicy(policy),
      id: policy.id,
    })),
  };
}
