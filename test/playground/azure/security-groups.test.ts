// Security groups and their rules, written and read through the real network client.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, objectAt, textAt } from '../../../playground/azure/json';
import type { Running } from './local-azure';
import { code, group, ruleBody, start, withoutEtags } from './local-azure';

let running: Running;
const nsgApp = group('rg-app', 'networkSecurityGroups', 'nsg-app');

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

describe('networkSecurityGroups', () => {
  test('a rule written as a child stands in its parent, and both etags move with every sibling', async () => {
    const { client } = running;
    const before = await client.networkSecurityGroups.get('rg-app', 'nsg-app');
    const rule = await client.securityRules.createOrUpdate('rg-app', 'nsg-app', 'allow-rdp', {
      protocol: 'TCP',
      sourceAddressPrefix: 'internet',
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      destinationPortRange: '3389',
      access: 'allow',
      direction: 'inbound',
      priority: 120,
    });
    const after = await client.networkSecurityGroups.get('rg-app', 'nsg-app');
    expect(rule.provisioningState).toBe('Succeeded');
    expect(rule.protocol).toBe('TCP');
    expect(after.securityRules?.map(({ name }) => name)).toContain('allow-rdp');
    expect(after.etag).not.toBe(before.etag);
    expect(new Set(after.securityRules?.map(({ etag }) => etag))).toEqual(new Set([after.etag]));
  });

  test('a parent write replaces the rules', async () => {
    const { client } = running;
    const standing = await client.networkSecurityGroups.get('rg-app', 'nsg-app');
    const kept = standing.securityRules?.slice(0, 1) ?? [];
    const updated = await client.networkSecurityGroups.createOrUpdate('rg-app', 'nsg-app', {
      ...standing,
      securityRules: kept,
    });
    expect(updated.securityRules).toHaveLength(1);
    await expect(client.securityRules.get('rg-app', 'nsg-app', 'DenyOtherPorts')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
    });
  });

  test('creates with 201 and updates with 200, both Updating and with an operation to follow', async () => {
    const path = group('rg-app', 'networkSecurityGroups', 'nsg-new');
    const created = await running.send('PUT', path, { location: 'westeurope' });
    const updated = await running.send('PUT', path, { location: 'westeurope', tags: { owner: 'app' } });
    expect([created.status, updated.status]).toEqual([201, 200]);
    expect(at(created.body, 'properties', 'provisioningState')).toBe('Updating');
    const operation = created.headers.get('azure-asyncoperation') ?? '';
    expect(operation).toContain(running.server.url);
    const { body } = await running.send('GET', new URL(operation).pathname + new URL(operation).search);
    expect(body).toEqual({ status: 'Succeeded' });
    const standing = await running.send('GET', path);
    expect(standing.body).toMatchObject({ properties: { provisioningState: 'Succeeded', securityRules: [] } });
    expect(listAt(standing.body, 'properties', 'defaultSecurityRules')).toHaveLength(6);
  });

  test('deletes with 202, then answers 404, and 204 to another delete', async () => {
    const { client } = running;
    await client.networkSecurityGroups.createOrUpdate('rg-app', 'nsg-new', { location: 'westeurope' });
    const path = group('rg-app', 'networkSecurityGroups', 'nsg-new');
    const deleted = await running.send('DELETE', path);
    expect(deleted.status).toBe(202);
    expect(deleted.headers.get('location')).toContain('/operationResults/');
    expect(code(await running.send('GET', path))).toBe('ResourceNotFound');
    expect((await running.send('DELETE', path)).status).toBe(204);
    await client.securityRules.delete('rg-app', 'nsg-app', 'DenyOtherPorts');
    expect((await client.networkSecurityGroups.get('rg-app', 'nsg-app')).securityRules).toHaveLength(2);
  });

  test('a group in use cannot be deleted and names its users', async () => {
    const refused = await running.send('DELETE', nsgApp);
    expect(refused.status).toBe(400);
    expect(code(refused)).toBe('InUseNetworkSecurityGroupCannotBeDeleted');
    expect(textAt(refused.body, 'error', 'message')).toContain('snet-app');
  });

  test('a stale If-Match is refused on parents and children, a current one is honoured, an ETag header is ignored', async () => {
    const standing = (await running.send('GET', nsgApp)).body;
    const etag = textAt(standing, 'etag') ?? '';
    const rule = `${nsgApp}/securityRules/allow-rdp`;
    const first = await running.send('PUT', rule, ruleBody(), { etag: 'W/"stale"' });
    expect(first.status).toBe(201);
    for (const [method, path, body] of [
      ['PUT', nsgApp, standing],
      ['PUT', rule, ruleBody()],
      ['DELETE', rule, undefined],
    ] as const) {
      const refused = await running.send(method, path, body, { 'if-match': etag });
      expect(refused.status).toBe(412);
      expect(refused.body).toMatchObject({
        error: { code: 'PreconditionFailed', details: [{ code: 'PreconditionFailedEtagMismatch' }] },
      });
    }
    const current = textAt((await running.send('GET', rule)).body, 'etag') ?? '';
    expect((await running.send('PUT', rule, ruleBody(), { 'if-none-match': '*' })).status).toBe(412);
    expect((await running.send('DELETE', rule, undefined, { 'if-match': current })).status).toBe(202);
  });

  test('properties that no model knows survive in parents and rules', async () => {
    const { body } = await running.send('GET', nsgApp);
    const [first, ...others] = listAt(body, 'properties', 'securityRules');
    const changed = { ...first, properties: { ...objectAt(first, 'properties'), notYetInvented: 7 } };
    const properties = {
      ...objectAt(body, 'properties'),
      notYetInvented: { kept: true },
      securityRules: [changed, ...others],
    };
    const written = { ...objectAt({ body }, 'body'), futureTopLevel: 'kept', properties };
    await running.send('PUT', nsgApp, written, { 'if-match': textAt(body, 'etag') ?? '' });
    await running.send('PUT', `${nsgApp}/securityRules/allow-rdp`, ruleBody({ futureRule: 'kept' }));
    const after = (await running.send('GET', nsgApp)).body;
    const rules = listAt(after, 'properties', 'securityRules');
    expect(after).toMatchObject({ futureTopLevel: 'kept', properties: { notYetInvented: { kept: true } } });
    expect(at(rules[0], 'properties', 'notYetInvented')).toBe(7);
    expect(at(rules.at(-1), 'properties', 'futureRule')).toBe('kept');
  });

  test('a read body written back unchanged changes nothing but the etag', async () => {
    const standing = (await running.send('GET', nsgApp)).body;
    await running.send('PUT', nsgApp, standing);
    const after = (await running.send('GET', nsgApp)).body;
    expect(withoutEtags(after)).toEqual(withoutEtags(standing));
  });

  test('default rules can be read and not written', async () => {
    const { client } = running;
    const rules = [];
    for await (const rule of client.defaultSecurityRules.list('rg-app', 'nsg-app')) rules.push(rule.name);
    expect(rules).toHaveLength(6);
    const path = `${nsgApp}/defaultSecurityRules/DenyAllInBound`;
    expect((await running.send('PUT', path, ruleBody())).status).toBe(405);
    expect((await running.send('DELETE', path)).status).toBe(405);
    const { body } = await running.send('GET', nsgApp);
    const properties = { ...objectAt(body, 'properties'), defaultSecurityRules: [] };
    await running.send('PUT', nsgApp, { ...objectAt({ body }, 'body'), properties });
    const after = await running.send('GET', nsgApp);
    expect(listAt(after.body, 'properties', 'defaultSecurityRules')).toHaveLength(6);
  });

  test('the group on AzureBastionSubnet keeps the rules that Bastion needs', async () => {
    const bastion = group('rg-hub', 'networkSecurityGroups', 'nsg-bastion');
    const refused = await running.send('DELETE', `${bastion}/securityRules/AllowGatewayManagerInBound`);
    expect(code(refused)).toBe('NetworkSecurityGroupNotCompliantForAzureBastionSubnet');
    const harmless = await running.send('DELETE', `${bastion}/securityRules/AllowHttpOutBound`);
    expect(harmless.status).toBe(202);
    const narrower = ruleBody({ sourceAddressPrefix: '192.0.2.0/24', destinationPortRange: '443', priority: 120 });
    expect((await running.send('PUT', `${bastion}/securityRules/AllowHttpsInBound`, narrower)).status).toBe(200);
    const unfit = { properties: { addressPrefix: '10.0.1.0/26', networkSecurityGroup: { id: nsgApp } } };
    const attach = await running.send(
      'PUT',
      `${group('rg-hub', 'virtualNetworks', 'vnet-hub')}/subnets/AzureBastionSubnet`,
      unfit,
    );
    expect(code(attach)).toBe('NetworkSecurityGroupNotCompliantForAzureBastionSubnet');
  });

  test('tags are patched, anything else is not modelled', async () => {
    const { client } = running;
    const patched = await client.networkSecurityGroups.updateTags('rg-app', 'nsg-app', { tags: { owner: 'app' } });
    expect(patched.tags).toEqual({ owner: 'app' });
    expect(patched.securityRules).toHaveLength(3);
    expect((await running.send('PATCH', nsgApp, { properties: {} })).status).toBe(501);
  });
});
