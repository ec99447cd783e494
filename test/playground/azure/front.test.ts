// The front: http and https on one port, identity, errors, paging, faults and the control routes.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ManagedIdentityCredential } from '@azure/identity';
import { listAt, textAt } from '../../../playground/azure/json';
import { actorOf } from '../../../playground/azure/token';
import type { Running } from './local-azure';
import { API, SUBSCRIPTION, code, group, ruleBody, start } from './local-azure';

let running: Running;
const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');
const groups = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/networkSecurityGroups`;

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

describe('Azure Resource Manager', () => {
  test('asks for a token and for an API version', async () => {
    const anonymous = await fetch(`${running.server.url}${nsg}?${API}`);
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toContain('Bearer authorization_uri=');
    expect(await anonymous.json()).toMatchObject({ error: { code: 'AuthenticationFailed' } });
    const headers = { authorization: 'Bearer anything' };
    const bare = await fetch(`${running.server.url}${nsg}`, { headers });
    expect(await bare.json()).toMatchObject({ error: { code: 'MissingApiVersionParameter' } });
    expect((await fetch(`${running.server.url}${nsg}?api-version=2019-04-01`, { headers })).status).toBe(200);
  });

  test.each([
    ['/subscriptions/00000000-0000-4000-8000-00000000dead/resourceGroups', 404, 'SubscriptionNotFound'],
    [`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-no`, 404, 'ResourceGroupNotFound'],
    [group('rg-no', 'networkSecurityGroups', 'nsg-app'), 404, 'ResourceGroupNotFound'],
    [group('rg-app', 'networkSecurityGroups', 'nsg-no'), 404, 'ResourceNotFound'],
    [`/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/expressRouteCircuits`, 501, 'NotImplemented'],
    [`${nsg}/flowLogs`, 501, 'NotImplemented'],
    ['/providers/Microsoft.ResourceGraph/resources', 501, 'NotImplemented'],
  ])('answers %s with %i %s', async (path, status, expected) => {
    const answer = await running.send('GET', path);
    expect([answer.status, code(answer)]).toEqual([status, expected]);
  });

  test('refuses bodies that are not JSON objects, and children without a parent', async () => {
    for (const body of ['{"location":', '[]', '"text"', '']) {
      expect(code(await running.send('PUT', nsg, body))).toBe('InvalidRequestContent');
    }
    const orphan = `${group('rg-app', 'networkSecurityGroups', 'nsg-no')}/securityRules/r`;
    const answer = await running.send('PUT', orphan, ruleBody());
    expect([answer.status, code(answer)]).toEqual([404, 'ParentResourceNotFound']);
    expect(code(await running.send('PUT', group('rg-app', 'networkSecurityGroups', 'nsg-new'), {}))).toBe(
      'LocationRequired',
    );
    expect((await running.send('POST', `${nsg}/move`, {})).status).toBe(501);
  });

  test('every answer carries request ids and echoes those of the caller', async () => {
    const headers = { 'x-ms-client-request-id': 'client-1', 'x-ms-correlation-request-id': 'correlation-1' };
    const answer = await running.send('GET', nsg, undefined, headers);
    expect(answer.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-ms-client-request-id')).toBe('client-1');
    expect(answer.headers.get('x-ms-correlation-request-id')).toBe('correlation-1');
  });

  test('lists by group and by subscription, page by page', async () => {
    await running.control('POST', 'faults', { pageSize: 2 });
    const names: (string | undefined)[] = [];
    for await (const entry of running.client.networkSecurityGroups.listAll()) names.push(entry.name);
    expect(names).toEqual(['nsg-bastion', 'nsg-app', 'nsg-data']);
    const inGroup: (string | undefined)[] = [];
    for await (const entry of running.client.securityRules.list('RG-APP', 'NSG-APP')) inGroup.push(entry.name);
    expect(inGroup).toHaveLength(3);
    const listed = await running.send('GET', `/subscriptions/${SUBSCRIPTION}/resourceGroups`);
    expect(listAt(listed.body, 'value')).toHaveLength(2);
    expect(textAt(listed.body, 'nextLink')).toContain('$skiptoken=2'.replace('$', '%24'));
  });

  test('absolute URLs echo the forwarded host', async () => {
    await running.control('POST', 'faults', { pageSize: 1 });
    const headers = { 'x-forwarded-host': 'management.azure.com', 'x-forwarded-proto': 'https' };
    const listed = await running.send('GET', groups, undefined, headers);
    expect(textAt(listed.body, 'nextLink')).toMatch(/^https:\/\/management\.azure\.com\/subscriptions\//);
    const written = await running.send('PUT', `${nsg}/securityRules/r`, ruleBody(), headers);
    expect(written.headers.get('azure-asyncoperation')).toMatch(/^https:\/\/management\.azure\.com\//);
  });
});

describe('managed identity', () => {
  test('the real credential gets a token that names the identity', async () => {
    process.env.IDENTITY_ENDPOINT = `${running.server.url}${running.azure.identity.path}`;
    process.env.IDENTITY_HEADER = running.azure.identity.header;
    const token = await new ManagedIdentityCredential().getToken('https://management.azure.com/.default');
    delete process.env.IDENTITY_ENDPOINT;
    delete process.env.IDENTITY_HEADER;
    expect(actorOf(`Bearer ${token.token}`)).toMatchObject({ kind: 'ServicePrincipal', appId: expect.any(String) });
  });

  test('a wrong secret gets nothing', async () => {
    const url = `${running.server.url}${running.azure.identity.path}?resource=https://management.azure.com&api-version=2019-08-01`;
    expect((await fetch(url, { headers: { 'x-identity-header': 'guess' } })).status).toBe(401);
  });
});

describe('Graph', () => {
  test('takes mail and refuses the rest in its own error shape', async () => {
    const sent = await running.send('POST', '/v1.0/users/guardrail@contoso.example/sendMail', {
      message: { subject: 'Closed' },
    });
    expect(sent.status).toBe(202);
    expect((await running.send('GET', '/v1.0/me/messages')).body).toMatchObject({
      error: { code: 'NotImplemented', innerError: {} },
    });
    expect((await running.control('GET', 'requests')).body).toMatchObject([
      { status: 202, body: { message: { subject: 'Closed' } } },
      { status: 501 },
    ]);
  });
});
