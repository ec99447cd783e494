// Role definitions, role assignments and deny assignments, through the authorization client.
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { drain } from './life';
import { must } from './plain';
import type { Stage } from './stage';
import { DENY_ASSIGNMENT, SUBSCRIPTION } from './stage';

/** Without a slash in front: the client puts one there. */
const SCOPE = `subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;
const READER = '/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7';
const SAM = '5a000000-0000-4000-8000-000000000002';
const ASSIGNMENT = 'c0f00000-0000-4000-8000-000000000001';
const DEFINITION = 'c0f00000-0000-4000-8000-000000000002';

/** The authorization client for the local Azure. */
export function authorizationClient({ credential, endpoint, tlsOptions }: Stage): AuthorizationManagementClient {
  return new AuthorizationManagementClient(credential, SUBSCRIPTION, { endpoint, tlsOptions });
}

async function driveDefinitions(client: AuthorizationManagementClient): Promise<void> {
  const { roleDefinitions } = client;
  await roleDefinitions.createOrUpdate(SCOPE, DEFINITION, {
    roleName: 'Conformance Reader',
    roleType: 'CustomRole',
    description: 'Reads networks.',
    assignableScopes: [`/${SCOPE}`],
    permissions: [{ actions: ['Microsoft.Network/*/read'], notActions: [], dataActions: [], notDataActions: [] }],
  });
  await roleDefinitions.get(SCOPE, DEFINITION);
  await drain(roleDefinitions.list(SCOPE), roleDefinitions.list(SCOPE, { filter: "type eq 'CustomRole'" }));
  await roleDefinitions.delete(SCOPE, DEFINITION);
  await roleDefinitions.delete(SCOPE, DEFINITION);
}

async function driveAssignments(client: AuthorizationManagementClient): Promise<void> {
  const { roleAssignments } = client;
  await roleAssignments.create(SCOPE, ASSIGNMENT, {
    roleDefinitionId: READER,
    principalId: SAM,
    principalType: 'User',
    description: 'For the conformance drive',
  });
  await roleAssignments.get(SCOPE, ASSIGNMENT);
  await drain(
    roleAssignments.listForScope(SCOPE),
    roleAssignments.listForScope(SCOPE, { filter: 'atScope()' }),
    roleAssignments.listForSubscription(),
    roleAssignments.listForResourceGroup('rg-app'),
  );
  await roleAssignments.delete(SCOPE, ASSIGNMENT);
  await roleAssignments.delete(SCOPE, ASSIGNMENT);
}

export async function driveRoles(stage: Stage): Promise<void> {
  const client = authorizationClient(stage);
  await driveDefinitions(client);
  await driveAssignments(client);
  const { denyAssignments } = client;
  await drain(denyAssignments.listForScope(SCOPE), denyAssignments.list());
  await denyAssignments.get(SCOPE, DENY_ASSIGNMENT);
  // Azure's own roles stand at the tenant, too.
  await must(stage, { method: 'GET', path: `${READER}?api-version=2022-04-01` });
}
