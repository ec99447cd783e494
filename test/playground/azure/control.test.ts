// Faults on request and the other control routes under /playground.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, textAt } from '../../../playground/azure/json';
import { actorOf } from '../../../playground/azure/token';
import type { Running } from './local-azure';
import { API, SUBSCRIPTION, group, ruleBody, start } from './local-azure';

let running: Running;
const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');
const groups = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/networkSecurityGroups`;

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

describe('faults', () => {
  test('a refusal is given as often as asked, and the client retries it', async () => {
    const respond = { status: 429, code: 'TooManyRequests', retryAfter: 0 };
    await running.control('POST', 'faults', {
      rules: [{ match: { method: 'GET', path: 'networkSecurityGroups/nsg-app$' }, times: 2, respond }],
    });
    expect((await running.client.networkSecurityGroups.get('rg-app', 'nsg-app')).name).toBe('nsg-app');
    const { body } = await running.control('GET', 'requests');
    expect(listAt({ body }, 'body').map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(listAt({ body }, 'body')[2]).toMatchObject({
      method: 'GET',
      path: `${nsg}?${API}`,
      actor: 'mallory@contoso.example',
    });
  });

  test('a connection is cut before or after the write', async () => {
    await running.control('POST', 'faults', {
      rules: [{ match: { method: 'PUT' }, times: 1, reset: true, after: true }],
    });
    await expect(running.send('PUT', `${nsg}/securityRules/r`, ruleBody())).rejects.toThrow();
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(200);
    await running.control('POST', 'faults', { rules: [{ match: { method: 'DELETE' }, times: 1, reset: true }] });
    await expect(running.send('DELETE', `${nsg}/securityRules/r`)).rejects.toThrow();
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(200);
  });

  test('a slow write stays InProgress until it is done, and its event follows', async () => {
    await running.control('POST', 'faults', { latencyMs: { read: 5, write: 2010 } });
    const rule = `${nsg}/securityRules/slow`;
    const written = await running.send('PUT', rule, ruleBody());
    expect(written.headers.get('retry-after')).toBe('2');
    const operation = new URL(written.headers.get('azure-asyncoperation') ?? '');
    expect((await running.send('GET', operation.pathname + operation.search)).body).toEqual({ status: 'InProgress' });
    expect(at((await running.send('GET', nsg)).body, 'properties', 'provisioningState')).toBe('Updating');
    expect((await running.send('DELETE', rule)).status).toBe(429);
    expect(listAt((await running.control('GET', 'state')).body, 'events', 'raised')).toHaveLength(0);
    await running.control('POST', 'clock', { advanceMs: 2000 });
    await running.azure.deliveriesIdle();
    expect((await running.send('GET', operation.pathname + operation.search)).body).toEqual({ status: 'Succeeded' });
    expect(listAt((await running.control('GET', 'state')).body, 'events', 'raised')).toHaveLength(1);
  });

  test('the real client follows a slow delete to its end', async () => {
    await running.control('POST', 'faults', { latencyMs: { write: 1000 } });
    await running.client.securityRules.delete('rg-app', 'nsg-app', 'DenyOtherPorts');
    expect((await running.client.networkSecurityGroups.get('rg-app', 'nsg-app')).provisioningState).toBe('Succeeded');
  });

  test('stale reads show the estate as it was', async () => {
    await running.control('POST', 'faults', { staleReads: { ms: 400 } });
    await running.send('PUT', `${nsg}/securityRules/r`, ruleBody());
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(404);
    await new Promise((resolve) => {
      setTimeout(resolve, 450);
    });
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(200);
  });
});

describe('control', () => {
  test.each([
    ['faults', '{"rules":[{"match":{"path":"("},"reset":true}]}'],
    ['faults', '{"unknown":1}'],
    ['faults', 'not json'],
    ['clock', '{"now":"whenever"}'],
    ['clock', '{"advanceMs":-1}'],
    ['reset', '{"estate":"none"}'],
    ['reset', '{"estate":[{"id":"/not/an/id"}]}'],
    ['reset', '{"estate":[7]}'],
    ['faults', '{"schedule":{"seed":1,"rate":2}}'],
    ['faults', '{"rules":[{"match":{}}]}'],
    [
      'faults',
      '{"policies":[{"name":"p","policyRule":{"if":{"field":"name","resembles":"x"},"then":{"effect":"deny"}}}]}',
    ],
    ['set', '{"id":"/subscriptions/none"}'],
    ['set', '{"properties":{}}'],
  ])('a bad body for %s changes nothing: %s', async (route, body) => {
    const before = (await running.control('GET', 'state')).body;
    const answer = await running.control('POST', route, body);
    expect([answer.status, typeof textAt(answer.body, 'error', 'message')]).toEqual([400, 'string']);
    const after = (await running.control('GET', 'state')).body;
    expect([at(after, 'resources'), at(after, 'faults')]).toEqual([at(before, 'resources'), at(before, 'faults')]);
  });

  test('reset brings back the first estate, or another one', async () => {
    await running.send('DELETE', `${nsg}/securityRules/DenyOtherPorts`);
    const id = group('rg-other', 'networkSecurityGroups', 'nsg-other');
    const rule = {
      id: `${id}/securityRules/r`,
      type: 'Microsoft.Network/networkSecurityGroups/securityRules',
      ...ruleBody(),
    };
    const circuit = { id: group('rg-other', 'expressRouteCircuits', 'circuit') };
    const flat = {
      id,
      name: 'nsg-other',
      type: 'Microsoft.Network/networkSecurityGroups',
      location: 'westeurope',
      resourceGroup: 'rg-other',
      securityRules: [],
      flushConnection: true,
    };
    const reset = await running.control('POST', 'reset', { estate: [rule, flat, circuit] });
    expect(reset.body).toMatchObject({ resources: 1, notModelled: [circuit.id] });
    expect((await running.send('GET', `${id}/securityRules/r`)).status).toBe(200);
    expect((await running.send('GET', id)).body).toMatchObject({ properties: { flushConnection: true } });
    await running.control('POST', 'reset');
    expect(listAt((await running.send('GET', nsg)).body, 'properties', 'securityRules')).toHaveLength(3);
  });

  test('the clock moves and shows in tokens', async () => {
    await running.control('POST', 'clock', { now: '2031-01-01T00:00:00Z' });
    const { body } = await running.control('GET', 'state');
    expect(textAt(body, 'now')).toMatch(/^2031-01-01T00:00:0/);
    const token = await running.control('GET', 'token?as=alice@contoso.example');
    expect(actorOf(`Bearer ${textAt(token.body, 'token') ?? ''}`)).toMatchObject({
      name: 'alice@contoso.example',
      upn: 'alice@contoso.example',
    });
    expect((await running.control('GET', 'token')).status).toBe(400);
  });

  test('requests are listed newest last and can be cleared', async () => {
    await running.send('GET', nsg);
    await running.send('GET', groups);
    const { body } = await running.control('GET', 'requests');
    expect(listAt({ body }, 'body').map(({ path }) => path)).toEqual([`${nsg}?${API}`, `${groups}?${API}`]);
    await running.control('DELETE', 'requests');
    expect((await running.control('GET', 'requests')).body).toEqual([]);
  });
});
