// Who sends a Graph request, as the tenant knows them: a user, or an application with what it has been granted.
import { sameText } from '../azure/json';
import type { Actor } from '../azure/token';
import { GraphError } from './graph-error';
import type { DirectoryState, Entity } from './state';

/** Any one of the lists suffices; of a list, all are needed. */
export type Permission = readonly (readonly string[])[];

/** The service principal behind an application's token. */
export function callingApplication(state: DirectoryState, actor: Actor): Entity | undefined {
  return state.servicePrincipals.find(
    ({ id, appId }) =>
      sameText(id, actor.objectId) || sameText(id, actor.appId) || sameText(String(appId), actor.appId ?? ''),
  );
}

/** The user behind a person's token, by object id, user principal name or display name. */
export function callingUser(state: DirectoryState, actor: Actor): Entity | undefined {
  return state.users.find(
    ({ id, userPrincipalName, displayName }) =>
      sameText(id, actor.objectId) ||
      [actor.upn, actor.name].some((name) =>
        [userPrincipalName, displayName].some((own) => sameText(String(own), name)),
      ),
  );
}

const MISSING_SCOPES = 'You cannot perform the requested operation, required scopes are missing in the token.';

/** How each service of Graph words the same refusal. */
const REFUSALS = {
  directory: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  conditionalAccess: ['AccessDenied', MISSING_SCOPES],
  authenticationStrengths: ['AccessDenied', MISSING_SCOPES],
  audit: [
    'Authentication_MSGraphPermissionMissing',
    'Calling principal does not have required MSGraph permissions AuditLog.Read.All',
  ],
  privilegedAccess: ['UnauthorizedAccessException', 'Attempted to perform an unauthorized operation.'],
} as const;
export type Service = keyof typeof REFUSALS;

/**
 * Refuses with 403 an application that has not been granted what the call needs. A person may do anything, so that
 * anybody can play the one who drifts.
 */
export function authorizeCall(state: DirectoryState, actor: Actor, needed: Permission, service: Service): void {
  if (actor.kind === 'User') return;
  const application = callingApplication(state, actor);
  const granted = (application && state.appRoles[application.id.toLowerCase()]) ?? [];
  if (needed.some((all) => all.every((each) => granted.includes(each)))) return;
  const [code, message] = REFUSALS[service];
  throw new GraphError(403, code, message);
}
