// Users, groups, service principals and PIM for Groups of the local directory, asked at the wire.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, textAt } from '../../../playground/azure/json';
import type { Tenant } from './graph-tenant';
import { ID, NOW, refusal, startTenant } from './graph-tenant';

let tenant: Tenant;
beforeEach(async () => {
  tenant = await startTenant();
});
afterEach(async () => {
  await tenant.stop();
});

async function names(path: string): Promise<unknown[]> {
  return (await tenant.all(path)).map(({ displayName }) => displayName);
}

function contextRule(assignment: unknown): unknown {
  return listAt(assignment, 'policy', 'rules').find(({ id }) => id === 'AuthenticationContext_EndUser_Assignment');
}

describe('users', () => {
  test('show whether they are guests only when asked', async () => {
    const path = `/users/${ID.guest}`;
    expect((await tenant.ask('GET', path)).body).not.toHaveProperty('userType');
    expect((await tenant.ask('GET', `${path}?$select=id,userType`)).body).toMatchObject({
      id: ID.guest,
      userType: 'Guest',
    });
    expect(refusal(await tenant.ask('GET', `${path}?$select=shoeSize`))).toBe('400 BadRequest');
  });

  test('are found by user principal name and by filter, and not at all once deleted', async () => {
    expect((await tenant.ask('GET', '/users/alex@contoso.example')).body).toMatchObject({ id: ID.alex });
    expect((await tenant.ask('GET', `/users('${ID.alex}')`)).body).toMatchObject({ id: ID.alex });
    expect(await names("/users?$filter=userType eq 'Guest'")).toEqual(['Pat Guest']);
    expect((await tenant.ask('DELETE', `/users/${ID.breakGlass1}`)).status).toBe(204);
    expect(refusal(await tenant.ask('GET', `/users/${ID.breakGlass1}`))).toBe('404 Request_ResourceNotFound');
    expect(await names(`/groups/${ID.breakGlassGroup}/members`)).toEqual(['Break-glass 2']);
  });

  test('are in groups through groups, and in directory roles', async () => {
    expect(await names(`/users/${ID.alex}/memberOf`)).toEqual(['grp-bastion-team']);
    expect(await names(`/users/${ID.alex}/transitiveMemberOf`)).toEqual(['grp-bastion-team', 'grp-bastion-users']);
    expect(await tenant.all(`/users/${ID.breakGlass1}/transitiveMemberOf`)).toMatchObject([
      { '@odata.type': '#microsoft.graph.group', displayName: 'grp-break-glass' },
      { '@odata.type': '#microsoft.graph.directoryRole', displayName: 'Global Administrator' },
    ]);
  });
});

describe('groups', () => {
  test('list members through groups with their types, and users alone by a cast', async () => {
    const path = `/groups/${ID.bastionUsers}/transitiveMembers`;
    expect(await tenant.all(`${path}?$select=id`)).toEqual([
      { '@odata.type': '#microsoft.graph.group', id: ID.bastionTeam },
      { '@odata.type': '#microsoft.graph.user', id: ID.alex },
      { '@odata.type': '#microsoft.graph.user', id: ID.sam },
    ]);
    const cast = await tenant.all(`${path}/microsoft.graph.user?$select=id,userType`);
    expect(cast).toMatchObject([
      { id: ID.alex, userType: 'Member' },
      { id: ID.sam, userType: 'Member' },
    ]);
    expect(refusal(await tenant.ask('GET', `${path}/microsoft.graph.device`))).toBe('501 NotImplemented');
  });

  test('survive containing each other', async () => {
    const reference = { '@odata.id': `${tenant.url}/v1.0/directoryObjects/${ID.bastionUsers}` };
    expect((await tenant.ask('POST', `/groups/${ID.bastionTeam}/members/$ref`, reference)).status).toBe(204);
    expect(await names(`/groups/${ID.bastionTeam}/transitiveMembers/microsoft.graph.user`)).toEqual([
      'Alex Meyer',
      'Sam Okafor',
    ]);
  });

  test('that may hold roles take no groups', async () => {
    const reference = { '@odata.id': `${tenant.url}/v1.0/groups/${ID.bastionTeam}` };
    const answer = await tenant.ask('POST', `/groups/${ID.breakGlassGroup}/members/$ref`, reference);
    expect(refusal(answer)).toBe('400 BadRequest');
  });

  test('gain and lose members and owners, on record', async () => {
    const members = `/groups/${ID.bastionTeam}/members`;
    const kim = { '@odata.id': `${tenant.url}/v1.0/directoryObjects/${ID.kim}` };
    expect((await tenant.ask('POST', `${members}/$ref`, kim)).status).toBe(204);
    expect(refusal(await tenant.ask('POST', `${members}/$ref`, kim))).toBe('400 BadRequest');
    expect((await tenant.ask('DELETE', `${members}/${ID.alex}/$ref`)).status).toBe(204);
    expect(await names(members)).toEqual(['Sam Okafor', 'Kim Larsen']);
    expect(await names(`/groups/${ID.bastionTeam}/owners`)).toEqual(['Kim Larsen']);
    expect(await tenant.all('/auditLogs/directoryAudits')).toMatchObject([
      { activityDisplayName: 'Remove member from group', loggedByService: 'Core Directory' },
      { activityDisplayName: 'Add member to group', targetResources: [{ id: ID.kim }] },
    ]);
  });
});

test('directory objects are got by ids, what leads nowhere left out', async () => {
  const ids = [ID.alex, ID.bastionTeam, ID.policy];
  const { body } = await tenant.ask('POST', '/directoryObjects/getByIds', { ids });
  expect(body).toMatchObject({
    value: [{ '@odata.type': '#microsoft.graph.user' }, { displayName: 'grp-bastion-team' }],
  });
  const users = await tenant.ask('POST', '/directoryObjects/getByIds', { ids, types: ['user'] });
  expect(listAt(users.body, 'value')).toHaveLength(1);
});

test('the tenant and its applications can be read', async () => {
  expect(await tenant.all('/organization')).toMatchObject([{ id: ID.tenant, displayName: 'Contoso' }]);
  const query = `$filter=appId eq '${ID.identity}'`;
  expect(await tenant.all(`/servicePrincipals?${query}`)).toMatchObject([
    { displayName: 'guardrail-identity', servicePrincipalType: 'ManagedIdentity' },
  ]);
  expect((await tenant.all('/directoryRoles'))[0]).not.toHaveProperty('members');
});

describe('PIM for groups', () => {
  const PIM = '/identityGovernance/privilegedAccess/group';
  const instance = {
    groupId: ID.bastionUsers,
    accessId: 'member',
    memberType: 'Direct',
    startDateTime: '2026-03-01T00:00:00Z',
  };

  beforeEach(async () => {
    await tenant.stop();
    tenant = await startTenant({
      groupEligibilityScheduleInstances: [
        { ...instance, id: 'e1', principalId: ID.kim, endDateTime: '2026-09-01T00:00:00Z' },
      ],
      groupAssignmentScheduleInstances: [
        {
          ...instance,
          id: 'a1',
          principalId: ID.kim,
          assignmentType: 'Activated',
          endDateTime: '2026-03-02T10:00:00Z',
        },
      ],
    });
  });

  test('tells who is eligible, and asks for a group or a principal', async () => {
    const path = `${PIM}/eligibilityScheduleInstances`;
    expect(await tenant.all(`${path}?$filter=groupId eq '${ID.bastionUsers}'`)).toMatchObject([
      { principalId: ID.kim },
    ]);
    expect(await tenant.all(`${path}?$filter=groupId eq '${ID.bastionTeam}'`)).toEqual([]);
    expect(refusal(await tenant.ask('GET', path))).toBe('400 MissingParameters');
  });

  test('makes the activated a member until the activation ends, beside those assigned outside PIM', async () => {
    const path = `${PIM}/assignmentScheduleInstances?$filter=groupId eq '${ID.bastionUsers}' and accessId eq 'member'`;
    expect(await tenant.all(path)).toMatchObject([
      { principalId: ID.kim, assignmentType: 'Activated' },
      { principalId: ID.bastionTeam, assignmentType: 'Assigned', endDateTime: null },
    ]);
    expect(await names(`/groups/${ID.bastionUsers}/members`)).toContain('Kim Larsen');
    await tenant.control('POST', 'clock', { now: new Date(NOW.getTime() + 2 * 3_600_000).toISOString() });
    expect(await tenant.all(path)).toHaveLength(1);
    expect(await names(`/groups/${ID.bastionUsers}/members`)).toEqual(['grp-bastion-team']);
  });

  test('has seventeen rules for members and owners each, changed one by one', async () => {
    const filter = `$filter=scopeId eq '${ID.bastionUsers}' and scopeType eq 'Group'`;
    const path = `/policies/roleManagementPolicyAssignments?${filter}&$expand=policy($expand=rules)`;
    const [member, owner] = await tenant.all(path);
    expect([member?.roleDefinitionId, owner?.roleDefinitionId]).toEqual(['member', 'owner']);
    expect(listAt(member, 'policy', 'rules')).toHaveLength(17);
    const rules = `/policies/roleManagementPolicies/${textAt(member, 'policyId') ?? ''}/rules`;
    const kind = '#microsoft.graph.unifiedRoleManagementPolicy';
    const context = { '@odata.type': `${kind}AuthenticationContextRule`, isEnabled: true, claimValue: 'c1' };
    const enablement = { '@odata.type': `${kind}EnablementRule`, enabledRules: ['Justification'] };
    const conflict = await tenant.ask('PATCH', `${rules}/AuthenticationContext_EndUser_Assignment`, context);
    expect(refusal(conflict)).toBe('400 MfaAndAcrsConflict');
    await tenant.ask('PATCH', `${rules}/Enablement_EndUser_Assignment`, enablement);
    const set = await tenant.ask('PATCH', `${rules}/AuthenticationContext_EndUser_Assignment`, context);
    expect(set.status).toBe(204);
    expect(refusal(await tenant.ask('PATCH', `${rules}/Expiration_EndUser_Assignment`, {}))).toBe('400 BadRequest');
    const [memberNow, ownerNow] = await tenant.all(path);
    expect(at(contextRule(memberNow), 'claimValue')).toBe('c1');
    expect(at(contextRule(ownerNow), 'isEnabled')).toBe(false);
    expect(refusal(await tenant.ask('GET', '/policies/roleManagementPolicyAssignments'))).toBe('400 BadRequest');
    expect((await tenant.all('/auditLogs/directoryAudits'))[0]).toMatchObject({ loggedByService: 'PIM' });
  });
});
