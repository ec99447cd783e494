// What ARM refuses although the request is well formed: locks, policies, roles, deny assignments.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import networkRole from '../../../infra/roles/network.json';
import { at, listAt, objectAt, textAt } from '../../../playground/azure/json';
import type { Answered, Running } from './local-azure';
import { SUBSCRIPTION, asIdentity, code, estate, group, ruleBody, start } from './local-azure';

let running: Running;
const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');
const rule = `${nsg}/securityRules/DenyOtherPorts`;
const app = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;

beforeAll(async () => {
  running = await start({ identityRole: networkRole });
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

async function lock(scope: string, level: string, name = 'keep'): Promise<Answered> {
  return await running.send('PUT', `${scope}/providers/Microsoft.Authorization/locks/${name}`, {
    properties: { level },
  });
}

async function putWithout(name: string): Promise<Answered> {
  const { body } = await running.send('GET', nsg);
  const properties = objectAt(body, 'properties');
  const securityRules = listAt(properties, 'securityRules').filter((each) => textAt(each, 'name') !== name);
  return await running.send('PUT', nsg, {
    ...objectAt({ body }, 'body'),
    properties: { ...properties, securityRules },
  });
}

function message(answer: Answered): string {
  return textAt(answer.body, 'error', 'message') ?? '';
}

async function refusalsOf(faults: unknown): Promise<void> {
  expect((await running.control('POST', 'faults', faults)).status).toBe(200);
}

/** A policy rule. */
function ruleOf(condition: unknown, effect: string): unknown {
  return JSON.parse(`{"if":${JSON.stringify(condition)},"then":{"effect":"${effect}"}}`);
}

function policy(condition: unknown, effect = 'deny', scope = '/'): unknown {
  return {
    policies: [{ name: 'the-policy', displayName: 'The policy', scope, policyRule: ruleOf(condition, effect) }],
  };
}

function provider(scope: string, kind: string, name: string): string {
  return `${scope}/providers/Microsoft.Authorization/${kind}/${name}`;
}

describe('locks', () => {
  test.each([
    ['the resource', nsg],
    ['its group', app],
    ['the subscription', `/subscriptions/${SUBSCRIPTION}`],
  ])(
    'CanNotDelete on %s keeps a rule from being deleted, but not from being left out by its parent',
    async (_at, scope) => {
      expect((await lock(scope, 'CanNotDelete')).status).toBe(201);
      const refused = await running.send('DELETE', rule);
      expect([refused.status, code(refused)]).toEqual([409, 'ScopeLocked']);
      expect(message(refused)).toContain(`The scope '${rule}' cannot perform delete operation`);
      expect(message(refused)).toContain(`locked: '${scope}'`);
      expect((await running.send('PUT', rule, ruleBody({ priority: 130 }))).status).toBe(200);
      expect((await putWithout('DenyOtherPorts')).status).toBe(200);
      expect((await running.send('GET', rule)).status).toBe(404);
    },
  );

  test('ReadOnly forbids every write below it and allows reads', async () => {
    await lock(app, 'readonly');
    expect(code(await running.send('PUT', `${nsg}/securityRules/r`, ruleBody()))).toBe('ScopeLocked');
    expect(code(await putWithout('DenyOtherPorts'))).toBe('ScopeLocked');
    expect(code(await running.send('PATCH', nsg, { tags: {} }))).toBe('ScopeLocked');
    expect((await running.send('GET', nsg)).status).toBe(200);
    const hub = group('rg-hub', 'networkSecurityGroups', 'nsg-bastion');
    expect((await running.send('PATCH', hub, { tags: {} })).status).toBe(200);
  });

  test('a lock on a child keeps its parent from being deleted', async () => {
    const pip = group('rg-app', 'publicIPAddresses', 'pip-spare');
    await lock(pip, 'CanNotDelete');
    expect(code(await running.send('DELETE', pip))).toBe('ScopeLocked');
    await running.send('DELETE', `${pip}/providers/Microsoft.Authorization/locks/keep`);
    expect((await running.send('DELETE', pip)).status).toBe(202);
  });

  test('locks are read, listed with those above and below, changed and removed', async () => {
    await lock(app, 'CanNotDelete', 'of-group');
    await lock(nsg, 'ReadOnly', 'of-nsg');
    const list = async (scope: string, query = ''): Promise<unknown[]> => {
      const { body } = await running.send('GET', `${scope}/providers/Microsoft.Authorization/locks${query}`);
      return listAt(body, 'value').map(({ name }) => name);
    };
    expect(await list(nsg)).toEqual(['of-group', 'of-nsg']);
    expect(await list(`/subscriptions/${SUBSCRIPTION}`)).toEqual(['of-group', 'of-nsg']);
    expect(await list(app, '?$filter=atScope()')).toEqual(['of-group']);
    const one = `${nsg}/providers/Microsoft.Authorization/locks/OF-NSG`;
    expect((await running.send('GET', one)).body).toMatchObject({
      name: 'of-nsg',
      type: 'Microsoft.Authorization/locks',
      properties: { level: 'ReadOnly' },
    });
    expect((await lock(nsg, 'CanNotDelete', 'of-nsg')).status).toBe(200);
    expect((await lock(nsg, 'Never')).status).toBe(400);
    expect((await lock(group('rg-app', 'networkSecurityGroups', 'nsg-no'), 'ReadOnly')).status).toBe(404);
    expect([(await running.send('DELETE', one)).status, (await running.send('DELETE', one)).status]).toEqual([
      200, 204,
    ]);
    expect((await running.send('GET', one)).status).toBe(404);
  });

  test('faults bring locks, too', async () => {
    await refusalsOf({ locks: [{ scope: nsg, level: 'ReadOnly' }] });
    expect(code(await running.send('DELETE', rule))).toBe('ScopeLocked');
    await refusalsOf({});
    expect((await running.send('DELETE', rule)).status).toBe(202);
  });
});

describe('policies', () => {
  const aliases = 'Microsoft.Network/networkSecurityGroups/securityRules';
  const wideDeny = {
    anyOf: [
      {
        allOf: [
          { field: 'type', equals: aliases },
          { field: `${aliases}/access`, equals: 'Deny' },
          { field: `${aliases}/sourceAddressPrefix`, equals: '*' },
        ],
      },
      {
        count: {
          field: `${aliases}[*]`,
          where: {
            allOf: [
              { field: `${aliases}[*].access`, equals: 'deny' },
              { field: `${aliases}[*].sourceAddressPrefix`, equals: '*' },
            ],
          },
        },
        greater: 0,
      },
    ],
  };

  test('a rule that a policy denies is refused as a child and inside its parent, and the policy is named', async () => {
    await refusalsOf(policy(wideDeny));
    const wide = ruleBody({ access: 'Deny', sourceAddressPrefix: '*' });
    const refused = await running.send('PUT', `${nsg}/securityRules/deny-all`, wide);
    expect([refused.status, code(refused)]).toEqual([403, 'RequestDisallowedByPolicy']);
    expect(message(refused)).toContain("Resource 'deny-all' was disallowed by policy.");
    expect(at(refused.body, 'error', 'target')).toBe('deny-all');
    expect(listAt(refused.body, 'error', 'additionalInfo')).toMatchObject([
      { type: 'PolicyViolation', info: { policyDefinitionName: 'the-policy', policyDefinitionEffect: 'deny' } },
    ]);
    const { body } = await running.send('GET', nsg);
    const properties = objectAt(body, 'properties');
    const securityRules = [...listAt(properties, 'securityRules'), { name: 'deny-all', ...wide }];
    const parent = { ...objectAt({ body }, 'body'), properties: { ...properties, securityRules } };
    expect(code(await running.send('PUT', nsg, parent))).toBe('RequestDisallowedByPolicy');
    expect((await running.send('PUT', `${nsg}/securityRules/allow`, ruleBody())).status).toBe(201);
  });

  test('names can be forbidden by pattern, in one group only', async () => {
    const named = { field: 'name', like: 'bastion-guardrail-*' };
    await refusalsOf(policy(named, 'deny', app));
    expect(code(await running.send('PUT', `${nsg}/securityRules/bastion-guardrail-1`, ruleBody()))).toBe(
      'RequestDisallowedByPolicy',
    );
    const other = group('rg-hub', 'networkSecurityGroups', 'nsg-bastion');
    expect((await running.send('PUT', `${other}/securityRules/bastion-guardrail-1`, ruleBody())).status).toBe(201);
  });

  test('rules may be kept from being removed, by their parent or by themselves', async () => {
    await refusalsOf(policy({ removes: 'Deny*' }));
    expect(code(await putWithout('DenyOtherPorts'))).toBe('RequestDisallowedByPolicy');
    expect(code(await running.send('DELETE', rule))).toBe('RequestDisallowedByPolicy');
    expect((await putWithout('no such rule')).status).toBe(200);
    expect((await running.send('PATCH', nsg, { tags: { a: 'b' } })).status).toBe(200);
  });

  test('denyAction keeps resources from being deleted and lets writes pass', async () => {
    await refusalsOf(policy({ field: 'type', equals: 'Microsoft.Network/publicIPAddresses' }, 'denyAction'));
    const pip = group('rg-app', 'publicIPAddresses', 'pip-spare');
    expect(code(await running.send('DELETE', pip))).toBe('RequestDisallowedByPolicy');
    expect((await running.send('PATCH', pip, { tags: { a: 'b' } })).status).toBe(200);
  });
});

describe('roles', () => {
  test('the identity is held to its role on request, and everybody else is not', async () => {
    const body = { location: 'westeurope' };
    const pip = group('rg-app', 'natGateways', 'nat-new');
    expect((await running.send('PUT', pip, body, asIdentity())).status).toBe(201);
    await refusalsOf({ rbac: true });
    const refused = await running.send('PUT', pip, body, asIdentity());
    expect([refused.status, code(refused)]).toEqual([403, 'AuthorizationFailed']);
    expect(message(refused)).toMatch(
      /^The client 'the-app' with object id '[0-9a-f-]{36}' does not have authorization to perform action 'Microsoft\.Network\/natGateways\/write' over scope '\/subscriptions\//,
    );
    expect((await running.send('PUT', pip, body)).status).toBe(200);
    expect((await running.send('GET', nsg, undefined, asIdentity())).status).toBe(200);
    const written = await running.send('PUT', `${nsg}/securityRules/r`, ruleBody(), asIdentity());
    expect(written.status).toBe(201);
    const poll = new URL(written.headers.get('azure-asyncoperation') ?? '');
    expect((await running.send('GET', poll.pathname + poll.search, undefined, asIdentity())).status).toBe(200);
  });

  test('a body may refer only to what its author may join', async () => {
    const nic = group('rg-app', 'networkInterfaces', 'nic-vm-app-1');
    const { body } = await running.send('GET', nic);
    await refusalsOf({ roles: [{ principal: 'identity', actions: ['Microsoft.Network/networkInterfaces/*'] }] });
    const refused = await running.send('PUT', nic, body, asIdentity());
    expect([refused.status, code(refused)]).toEqual([403, 'LinkedAuthorizationFailed']);
    expect(message(refused)).toContain(
      "'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s)",
    );
    const actions = ['Microsoft.Network/networkInterfaces/*', 'Microsoft.Network/*/join/action'];
    await refusalsOf({ roles: [{ principal: 'identity', actions }] });
    expect((await running.send('PUT', nic, body, asIdentity())).status).toBe(200);
  });

  test('a role ends at its scope', async () => {
    await refusalsOf({ roles: [{ principal: 'mallory@contoso.example', actions: ['*/read'], scope: app }] });
    expect((await running.send('GET', nsg)).status).toBe(200);
    expect((await running.send('GET', group('rg-hub', 'bastionHosts', 'bas-hub'))).status).toBe(403);
    const all = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/bastionHosts`;
    expect(code(await running.send('GET', all))).toBe('AuthorizationFailed');
    expect(code(await running.send('DELETE', rule))).toBe('AuthorizationFailed');
  });
});

test('an identity without a known role cannot be held to it', async () => {
  const other = await start();
  const answer = await other.control('POST', 'faults', { rbac: true });
  expect([answer.status, message(answer)]).toEqual([400, expect.stringContaining('no role is known')]);
  await other.stop();
});

describe('deny assignments', () => {
  test('take away what a role gives, except from those left out', async () => {
    const deny = { name: 'managed', actions: ['*'], notActions: ['*/read'], scope: app, except: ['identity'] };
    await refusalsOf({ denyAssignments: [deny] });
    const refused = await running.send('DELETE', rule);
    expect([refused.status, code(refused)]).toEqual([403, 'DenyAssignmentAuthorizationFailed']);
    expect(message(refused)).toContain("because of the deny assignment with name 'managed' and Id '/subscriptions/");
    expect((await running.send('GET', nsg)).status).toBe(200);
    expect((await running.send('DELETE', rule, undefined, asIdentity())).status).toBe(202);
  });

  test('reads of one resource can be forbidden while its list stays open', async () => {
    const host = group('rg-hub', 'bastionHosts', 'bas-hub');
    await refusalsOf({
      denyAssignments: [{ name: 'no', actions: ['Microsoft.Network/bastionHosts/read'], scope: host }],
    });
    expect((await running.send('GET', host)).status).toBe(403);
    const all = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/bastionHosts`;
    expect((await running.send('GET', all)).status).toBe(200);
  });
});

describe('an estate with its governance', () => {
  const subscription = `/subscriptions/${SUBSCRIPTION}`;
  const definition = provider(subscription, 'policyDefinitions', 'no-names');
  const role = provider(subscription, 'roleDefinitions', 'reader');

  test('brings locks, roles, deny assignments and policies along', async () => {
    const policyRule = ruleOf({ field: 'name', like: 'x-*' }, 'deny');
    const entries = [
      { id: provider(app, 'locks', 'keep'), properties: { level: 'CanNotDelete', notes: 'n' } },
      { id: definition, properties: { displayName: 'No x', policyRule } },
      { id: provider(subscription, 'policyAssignments', 'a'), properties: { policyDefinitionId: definition } },
      { id: role, properties: { permissions: [{ actions: ['*/read'], notActions: [] }] } },
      {
        id: provider(subscription, 'roleAssignments', 'r'),
        properties: { roleDefinitionId: role, principalId: 'the-app' },
      },
      {
        id: provider(group('rg-hub', 'bastionHosts', 'bas-hub'), 'denyAssignments', 'd'),
        properties: { denyAssignmentName: 'hands off', permissions: [{ actions: ['*/delete'] }], principals: [] },
      },
    ];
    await running.control('POST', 'reset', { estate: [...estate('hub-and-spoke'), ...entries] });
    expect(code(await running.send('DELETE', rule))).toBe('ScopeLocked');
    expect(code(await running.send('PUT', `${nsg}/securityRules/x-1`, ruleBody()))).toBe('RequestDisallowedByPolicy');
    expect(code(await running.send('PATCH', nsg, { tags: {} }, asIdentity()))).toBe('AuthorizationFailed');
    const host = group('rg-hub', 'bastionHosts', 'bas-hub');
    expect(code(await running.send('DELETE', host))).toBe('DenyAssignmentAuthorizationFailed');
    await running.control('POST', 'reset');
    expect((await running.send('DELETE', rule)).status).toBe(202);
  });

  test('is refused when a definition is missing', async () => {
    const id = provider(subscription, 'policyAssignments', 'a');
    const answer = await running.control('POST', 'reset', {
      estate: [{ id, properties: { policyDefinitionId: definition } }],
    });
    expect([answer.status, message(answer)]).toEqual([400, expect.stringContaining('policy definition')]);
  });
});
