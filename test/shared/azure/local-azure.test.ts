import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLocalAzure, type LocalAzure } from '../../../playground/azure';
import { type Listening, listen } from '../../../playground/azure/listen';
import { azureTenant } from '../../../shared/azure/tenant';
import type { NetworkAction } from '../../../shared/network/action';
import { isObject, type JsonObject, listOf, propertiesOf } from '../../../shared/network/json';
import { readNetwork } from '../../../shared/network/read';
import type { Snapshot, Tenant } from '../../../shared/ports';
import { FREE_TURN } from './fixture';

const ESTATE = join(__dirname, '../../../playground/estates/hub-and-spoke.json');
const API = 'api-version=2026-01-01';

let azure: LocalAzure;
let server: Listening;
let tenant: Tenant;
let subscriptionId: string;

beforeAll(async () => {
  const estate = z.array(z.unknown()).parse(JSON.parse(readFileSync(ESTATE, 'utf8')));
  azure = createLocalAzure({ estate });
  server = await listen(azure.fetch, { port: 0 });
  [subscriptionId = ''] = azure.subscriptions;
  const expiresOnTimestamp = Date.now() + 3_600_000;
  const token = 'any-bearer-will-do';
  const credential = { getToken: async () => ({ token, expiresOnTimestamp }) };
  tenant = azureTenant({ armEndpoint: server.url, credential, readNetwork, now: () => new Date() });
});
afterEach(() => azure.reset());
afterAll(async () => {
  await server.close();
  await azure.close();
});

function observe(): Promise<Snapshot> {
  return tenant.observe({ kind: 'network', subscriptionId }, []);
}

/** Somebody else's request, straight to ARM. */
async function arm(method: string, id: string, body?: unknown): Promise<JsonObject> {
  const headers = { authorization: 'Bearer somebody', 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${server.url}${id}?${API}`, { method, headers, ...init });
  const answer: unknown = await response.json();
  if (!response.ok || !isObject(answer)) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function openRdp(): Promise<string> {
  const [group] = [...(await observe()).network.securityGroups.values()].filter(({ name }) => !/bastion/i.test(name));
  if (!group) throw new Error('the estate has no security group');
  const properties = {
    protocol: 'Tcp',
    access: 'Allow',
    direction: 'Inbound',
    priority: 101,
    sourcePortRange: '*',
    destinationPortRange: '3389',
    sourceAddressPrefix: '*',
    destinationAddressPrefix: '*',
    futureOfRule: 'kept',
  };
  await arm('PUT', `${group.id}/securityRules/open-rdp`, { properties });
  return group.id;
}

describe('shared/azure on the local Azure', () => {
  test('observes the whole estate without a gap', async () => {
    const { network, gaps } = await observe();
    expect(gaps).toEqual([]);
    expect(network.virtualNetworks.size).toBeGreaterThan(1);
    expect(network.bastionHosts.size).toBe(1);
    expect(network.interfaces.size).toBeGreaterThan(0);
  });

  test('closes a rule, keeps what no model knows, and sees it when looking again', async () => {
    const id = await openRdp();
    const before = await arm('GET', id);
    await arm('PUT', id, {
      ...before,
      futureTopLevel: { a: [1] },
      properties: { ...propertiesOf(before), futureProperty: 'kept' },
    });
    const snapshot = await observe();
    const action: NetworkAction = {
      kind: 'narrow-rule-sources',
      securityGroup: id.toLowerCase(),
      rule: 'open-rdp',
      sources: ['10.0.0.0/26'],
    };
    const [outcome] = await tenant.apply(snapshot, [action], FREE_TURN);
    expect(outcome).toMatchObject({
      status: 'applied',
      changes: [
        {
          rule: 'open-rdp',
          before: { properties: { sourceAddressPrefix: '*' } },
          after: { properties: { sourceAddressPrefix: '10.0.0.0/26' } },
        },
      ],
    });
    const after = await arm('GET', id);
    expect(after).toMatchObject({ futureTopLevel: { a: [1] }, properties: { futureProperty: 'kept' } });
    const rules = listOf(propertiesOf(after).securityRules);
    expect(rules).toHaveLength(listOf(propertiesOf(before).securityRules).length);
    expect(rules).toContainEqual(
      expect.objectContaining({ properties: expect.objectContaining({ futureOfRule: 'kept' }) }),
    );

    const again = await tenant.lookAgain(snapshot, [id.toLowerCase()]);
    const rule = again.network.securityGroups.get(id.toLowerCase())?.rules.find(({ name }) => name === 'open-rdp');
    expect(rule?.sources.map(({ text }) => text)).toEqual(['10.0.0.0/26']);
    expect(again.gaps).toEqual([]);
    expect(await tenant.apply(again, [action], FREE_TURN)).toMatchObject([{ status: 'already' }]);
  });

  test("a colleague's edit in between wins: the write is superseded and nothing of it is lost", async () => {
    const id = await openRdp();
    const snapshot = await observe();
    await arm('PUT', id, { ...(await arm('GET', id)), tags: { colleague: 'was here' } });
    const action: NetworkAction = { kind: 'remove-rule', securityGroup: id.toLowerCase(), rule: 'open-rdp' };
    expect(await tenant.apply(snapshot, [action], FREE_TURN)).toMatchObject([{ status: 'superseded' }]);
    expect(await arm('GET', id)).toMatchObject({ tags: { colleague: 'was here' } });
    expect(await tenant.apply(await observe(), [action], FREE_TURN)).toMatchObject([
      { status: 'applied', changes: [{ after: null }] },
    ]);
    expect(await arm('GET', id)).toMatchObject({ tags: { colleague: 'was here' } });
  });

  test('ARM accepts a new rule as it is written', async () => {
    const id = await openRdp();
    const rule = {
      name: 'bastion-guardrail-test',
      description: 'a test',
      priority: 100,
      direction: 'Inbound',
      access: 'Deny',
      protocol: 'Tcp',
      sourceAddressPrefixes: ['203.0.113.0/24', '198.51.100.0/24'],
      destinationAddressPrefixes: ['*'],
      destinationPortRanges: ['22', '3389'],
    } as const;
    const action: NetworkAction = { kind: 'add-rule', securityGroup: id.toLowerCase(), rule };
    expect(await tenant.apply(await observe(), [action], FREE_TURN)).toMatchObject([{ status: 'applied' }]);
    expect(await tenant.apply(await observe(), [action], FREE_TURN)).toMatchObject([{ status: 'already' }]);
  });
});
